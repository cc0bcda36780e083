// What differs between two generations, and between two texts.
#include "node/difference.h"

#include <catch2/catch.hpp>
#include <random>
#include <sstream>

using namespace relance;

namespace {

// Both texts again, from the lines of a difference with everything around them.
std::string applied(const std::string& before, const std::string& lines) {
  std::vector<std::string> old_lines, result;
  std::string line;
  for (std::istringstream in(before); std::getline(in, line);) old_lines.push_back(line);
  size_t at = 0;
  std::istringstream in(lines);
  while (std::getline(in, line)) {
    if (line.starts_with("@@ -")) {
      const size_t first = std::stoul(line.substr(4));
      for (; at + 1 < first; ++at) result.push_back(old_lines.at(at));
      continue;
    }
    if (line[0] != '+') CHECK(old_lines.at(at++) == line.substr(1));
    if (line[0] != '-') result.push_back(line.substr(1));
  }
  for (; at < old_lines.size(); ++at) result.push_back(old_lines[at]);
  std::string text;
  for (const std::string& one : result) text += one + "\n";
  return text;
}

}  // namespace

TEST_CASE("the lines of a difference make the later text of the earlier one") {
  std::mt19937 chance(7);
  for (int round = 0; round < 200; ++round) {
    CAPTURE(round);
    std::string before, after;
    for (int i = 0; i < 40; ++i) {
      const std::string line = "line " + std::to_string(chance() % 9) + "\n";
      const auto fate = chance() % 12;
      if (fate != 0) before += line;
      if (fate != 1) after += fate == 2 ? "other\n" : line;
    }
    const std::string lines = line_difference(before, after);
    CHECK(applied(before, lines) == after);
    CHECK(lines.empty() == (before == after));
  }
}

TEST_CASE("a difference shows three lines around what differs") {
  const std::string before = "a\nb\nc\nd\ne\nf\ng\n";
  CHECK(line_difference(before, "a\nb\nc\nd\nE\nf\ng\n") ==
        "@@ -2,6 +2,6 @@\n b\n c\n d\n-e\n+E\n f\n g\n");
  CHECK(line_difference("", "a\n") == "@@ -1,0 +1,1 @@\n+a\n");
  CHECK(line_difference(before, before).empty());
}

TEST_CASE("flows differ by their version, files and plugins by their hash") {
  const std::string before = R"({"flows":{"a":{"version":"1"},"b":{"version":"1"}},)"
                             R"("files":{"x":"1"},"plugins":{"p":"1"}})";
  const std::string after = R"({"flows":{"a":{"version":"2"},"c":{"version":"1"}},)"
                            R"("files":{"x":"1"},"plugins":{"p":"2"}})";
  using How = Differing::How;
  CHECK(difference(before, after) == std::vector<Differing>{{How::changed, "flow", "a"},
                                                            {How::added, "flow", "c"},
                                                            {How::removed, "flow", "b"},
                                                            {How::changed, "plugin", "p"}});
  CHECK(difference(before, before).empty());
  CHECK(difference("not JSON", before).size() == 4);
}
