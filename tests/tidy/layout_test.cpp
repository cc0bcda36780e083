// How files look: columns, lengths, include guards, comments.
#include <algorithm>
#include <catch2/catch.hpp>
#include <regex>

#include "tidy/source_tree.h"
#include "tidy/strip.h"

using namespace tidy;

namespace {

constexpr size_t kColumns = 100;
constexpr size_t kFunctionLines = 70;
constexpr size_t kHeaderLines = 300;
constexpr size_t kSourceLines = 600;
constexpr size_t kMostSourcesLines = 400;  // nine sources of ten
constexpr size_t kFlowLines = 60;

// Characters, not bytes: a text in French takes no more room than one in English.
size_t columns_of(const std::string& line) {
  return static_cast<size_t>(std::count_if(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

// Templates are read by customers, expected messages are as long as the engine makes them.
bool is_written_by_hand(const File& file) {
  const bool expected = file.path.ends_with(".txt") && !file.path.ends_with("CMakeLists.txt");
  return !expected && !file.path.ends_with(".mustache");
}

bool is_flow(const File& file) {
  static const std::regex others(R"(flows/((bundle|events|contact)|.*_test)\.lua)");
  static const std::regex flow(R"(flows/[^/]*\.lua)");
  return std::regex_match(file.path, flow) && !std::regex_match(file.path, others);
}

}  // namespace

TEST_CASE("no line is longer than 100 columns") {
  for (const File& file : files()) {
    if (file.is_page() || !is_written_by_hand(file)) continue;
    for (size_t n = 0; n < file.lines.size(); ++n) {
      const size_t columns = columns_of(file.lines[n]);
      if (columns > kColumns) report(file, n + 1, std::to_string(columns) + " columns");
    }
  }
}

TEST_CASE("no function is longer than 70 lines") {
  for (const File& file : files()) {
    for (const Function& function : functions_of(file.code)) {
      if (function.lines <= kFunctionLines) continue;
      report(file, function.first_line,
             "a function of " + std::to_string(function.lines) + " lines");
    }
  }
}

TEST_CASE("headers have at most 300 lines, sources 600 and nine of ten 400") {
  std::vector<size_t> source_lines;
  for (const File& file : files()) {
    if (!file.is_cpp()) continue;
    const size_t lines = file.lines.size();
    if (lines > (file.is_header() ? kHeaderLines : kSourceLines)) {
      report(file, lines, "the file has too many lines");
    }
    if (!file.is_header()) source_lines.push_back(lines);
  }
  std::sort(source_lines.begin(), source_lines.end());
  REQUIRE_FALSE(source_lines.empty());
  CHECK(source_lines[source_lines.size() * 9 / 10] <= kMostSourcesLines);
}

TEST_CASE("a shipped flow fits on one screen: 60 lines") {
  for (const File& file : files()) {
    if (is_flow(file) && file.lines.size() > kFlowLines) {
      report(file, file.lines.size(), "the flow has more than 60 lines");
    }
  }
}

TEST_CASE("headers begin with a comment that tells what they are for, then #pragma once") {
  for (const File& file : files()) {
    if (!file.is_header() || file.below("engine/abi/")) continue;
    size_t n = 0;
    while (n < file.lines.size() && (file.lines[n].empty() || file.lines[n].starts_with("//"))) ++n;
    if (n == 0) report(file, 1, "the header does not say what it is for");
    if (n == file.lines.size() || file.lines[n] != "#pragma once") {
      report(file, n + 1, "#pragma once is missing behind the opening comment");
    }
  }
}

TEST_CASE("comments leave nothing for later and draw no lines") {
  static const std::regex later(R"((//|--|#).*\b(TODO|FIXME|HACK|XXX)\b)");
  static const std::regex banner(R"(^\s*(//|--|#)\s*[-=*#~_/]{5,})");
  for (const File& file : files()) {
    // The rules themselves are written down in tests/tidy; pages may speak of anything.
    if (file.is_page() || file.below("tests/tidy/")) continue;
    for (size_t n = 0; n < file.lines.size(); ++n) {
      if (std::regex_search(file.lines[n], later)) report(file, n + 1, "a note for later");
      if (std::regex_search(file.lines[n], banner)) report(file, n + 1, "a banner");
    }
  }
}
