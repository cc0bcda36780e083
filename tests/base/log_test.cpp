#include "base/log.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>

#include "base/process.h"

using namespace relance;

namespace {

// What `act` writes to stderr.
template <class Act>
std::string stderr_of(Act act) {
  std::FILE* kept = std::tmpfile();
  REQUIRE(kept != nullptr);
  std::fflush(stderr);
  const int before = dup(STDERR_FILENO);
  dup2(fileno(kept), STDERR_FILENO);
  act();
  dup2(before, STDERR_FILENO);
  close(before);
  std::rewind(kept);
  char buffer[1000];
  const size_t got = std::fread(buffer, 1, sizeof buffer, kept);
  std::fclose(kept);
  return {buffer, got};
}

}  // namespace

TEST_CASE("one event is one line, whatever its text holds") {
  const std::string line =
      stderr_of([] { log::write(log::Level::error, "store", "two\nlines\tand a \x1b[31mcolour"); });
  REQUIRE(line.size() > 24);
  CHECK(line.find(" error store: two lines and a  [31mcolour\n") != std::string::npos);
  CHECK(line.find('\n') == line.size() - 1);
  CHECK(line.substr(0, 2) == "20");
}

TEST_CASE("warnings are written unless RELANCE_LOG says otherwise") {
  if (SystemProcess().environment("RELANCE_LOG")) return;
  CHECK(log::enabled(log::Level::error));
  CHECK(log::enabled(log::Level::warn));
  CHECK_FALSE(log::enabled(log::Level::info));
  CHECK(stderr_of([] { log::info("node", "{} runs", 3); }).empty());
  CHECK(stderr_of([] { log::warn("node", "{} runs", 3); }).find("warn  node: 3 runs\n") !=
        std::string::npos);
}
