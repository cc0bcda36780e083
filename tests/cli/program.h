// The program as its users run it: a child process with arguments and input, and what it answers.
//
// Threads: one. Blocks: until the program has ended.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/doc.h"

namespace relance::test {

inline const std::filesystem::path kSource = RELANCE_SOURCE_DIR;
inline const std::filesystem::path kBuild = RELANCE_BUILD_DIR;

struct Answer {
  int exit = -1;  // minus the signal, where one ended it
  std::string out, err;
};

Answer command(const std::vector<std::string>& arguments, const std::string& input = "");

// An empty directory for what one test writes.
std::filesystem::path fresh_directory(const std::string& name);
void write(const std::filesystem::path& path, const std::string& text);
std::string read(const std::filesystem::path& path);
std::vector<std::string> lines_of(const std::string& text);
Doc json(const std::string& text);  // fails the test where it is none

// One event of a failed payment, as a line of an events file.
std::string failed_payment(const std::string& id, const std::string& customer,
                           const std::string& time = "2026-01-05T09:00:00Z");

}  // namespace relance::test
