#include "cli/terminal.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "cli/command.h"

namespace relance::cli {

void Terminal::tell(const std::string& line) { fmt::print("{}\n", line); }

void Terminal::remark(const std::string& line) {
  fmt::print("{}  [{}]{}\n", colours() ? "\033[2m" : "", line, colours() ? "\033[0m" : "");
}

std::optional<std::string> Terminal::ask() {
  fmt::print("> ");
  std::fflush(stdout);
  std::string line;
  const bool given = !said_.empty();
  if (given) {
    line = said_.front();
    said_.pop_front();
  } else {
    over_ = over_ || !std::getline(std::cin, line);
  }
  if (over_) {
    fmt::print("\n");
    return std::nullopt;
  }
  if (given || isatty(STDIN_FILENO) == 0) fmt::print("{}\n", line);  // as if it had been typed here
  return line;
}

}  // namespace relance::cli
