// `relance plugin check` as a vendor runs it, and what it says.
//
// Threads: one. Blocks: until the program has ended.
#pragma once

#include <string>
#include <vector>

#include "base/doc.h"

namespace relance::test {

struct Answer {
  int exit = -1;
  std::string out;  // stdout and stderr
};

// The program with these arguments, which hold no quotes.
Answer plugin_check(const std::string& arguments);

// Ids of the rules of a --json answer with this verdict. Fails the test where it is no JSON.
std::vector<std::string> rules_with(const Answer& answer, std::string_view verdict);
// What was seen at this rule.
std::string seen_at(const Answer& answer, std::string_view rule);

// The failed rules with what was seen, or the whole where it is no JSON: for people.
std::string failures(const Answer& answer);

// The broken plugin of this name.
std::string broken(const std::string& name);

}  // namespace relance::test
