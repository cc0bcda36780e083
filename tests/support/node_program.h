// Programs for Node.js, as tests use them: the official clients of providers (installed by
// `./dev test`), which our fakes must satisfy, and code that a page of the docs shows.
//
// Blocks: until the program has ended. Fails: the test, where it does not end with 0; what it wrote
// is shown.
#pragma once

#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <string>
#include <vector>

namespace relance::test {

inline const std::string kNodeModules = RELANCE_SOURCE_DIR "/build/npm/node_modules";

// What it wrote. Each argument goes in single quotes: none has one itself.
inline std::string run_node(const std::string& file,
                            const std::vector<std::string>& arguments = {}) {
  std::string line = "node '" + file + "'";
  for (const std::string& argument : arguments) line += " '" + argument + "'";
  INFO(line);
  std::FILE* pipe = popen((line + " 2>&1").c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string said;
  char block[4096];
  for (size_t got = 0; (got = std::fread(block, 1, sizeof block, pipe)) > 0;)
    said.append(block, got);
  const int ended = pclose(pipe);
  INFO(said);
  REQUIRE(WEXITSTATUS(ended) == 0);
  return said;
}

}  // namespace relance::test
