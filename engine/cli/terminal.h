// A person at a terminal, or a file in her place: lines are shown and asked for.
//
// Threads: one. Blocks: ask() until a line is there.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace relance::cli {

class Terminal {
 public:
  // `said`: answers that are taken before any line of stdin.
  explicit Terminal(std::vector<std::string> said) : said_(said.begin(), said.end()) {}

  void tell(const std::string& line);    // of the conversation
  void remark(const std::string& line);  // about it
  // nullopt: there are no more answers.
  std::optional<std::string> ask();

 private:
  std::deque<std::string> said_;
  bool over_ = false;
};

}  // namespace relance::cli
