// A fault test that is skipped, hidden or expected to fail proves nothing, and nobody notices: none
// is. Those that are too long for the suite are run by `./dev`, which names their tag. The only
// ones that may step aside are those that need mounts; they say so, and are listed here.
#include <algorithm>
#include <catch2/catch.hpp>
#include <regex>
#include <set>

#include "tidy/source_tree.h"

using namespace tidy;

namespace {

// By the first words of their names.
const std::set<std::string>& tests_that_need_mounts() {
  static const std::set<std::string> names = {"a small disk of its own fills up"};
  return names;
}

bool is_test(const File& file) { return file.below("tests/") && file.path.ends_with("_test.cpp"); }

// Its tags are texts, which `code` blanks: the line as it stands. A line of comment has none.
bool said_in(const File& file, size_t n, const std::regex& what) {
  return !file.code[n].empty() && file.code[n].find_first_not_of(' ') != std::string::npos &&
         std::regex_search(file.lines[n], what);
}

// "[.][crash-pairs]", and the script has '[crash-pairs]'.
bool run_by_dev(const std::string& line) {
  static const std::regex long_form(R"(\[\.\](\[[a-z-]+\]))");
  std::smatch tag;
  if (!std::regex_search(line, tag, long_form)) return false;
  for (const File& file : files())
    for (const std::string& one : file.lines)
      if (file.path == "dev" && one.find("'" + tag[1].str() + "'") != std::string::npos)
        return true;
  return false;
}

}  // namespace

TEST_CASE("no test is hidden, skipped or expected to fail") {
  static const std::regex hidden(R"(\[\.|\[!(mayfail|shouldfail|hide|throws)\])");
  static const std::regex skipped(
      R"(\b(DISABLED|WILL_FAIL|SKIP_RETURN_CODE|SKIP_REGULAR_EXPRESSION)\b)");
  for (const File& file : files()) {
    if (file.path == "tests/tidy/hidden_tests_test.cpp") continue;
    for (size_t n = 0; n < file.lines.size(); ++n) {
      if (is_test(file) && said_in(file, n, hidden) && !run_by_dev(file.lines[n]))
        report(file, n + 1, "a hidden test");
      if (file.path.ends_with("CMakeLists.txt") && std::regex_search(file.lines[n], skipped))
        report(file, n + 1, "a test that may be skipped");
    }
  }
}

// `return` at the depth of a test's own body (two columns, or four within an if) ends it early.
TEST_CASE("no scenario ends early, but those that need mounts") {
  static const std::regex name(R"re(TEST_CASE\("([^"]*))re"), leaves(R"(^( {2}| {4})return;)");
  size_t scenarios = 0, leaving = 0;
  for (const File& file : files()) {
    if (!file.below("tests/scenarios/") || !is_test(file)) continue;
    std::string test;
    std::smatch found;
    for (size_t n = 0; n < file.lines.size(); ++n) {
      const std::string& line = file.lines[n];
      if (line == "}") test.clear();
      if (std::regex_search(line, found, name)) test = found[1], ++scenarios;
      if (test.empty() || !std::regex_search(line, leaves)) continue;
      ++leaving;
      const auto& allowed = tests_that_need_mounts();
      if (std::none_of(allowed.begin(), allowed.end(),
                       [&](const std::string& one) { return test.starts_with(one); }))
        report(file, n + 1, "'" + test + "' ends early");
    }
  }
  CHECK(scenarios >= 15);
  CHECK(leaving == tests_that_need_mounts().size());
}

TEST_CASE("every test of a room is built into a program that ctest runs") {
  std::set<std::string> folders;
  std::string cmake;
  for (const File& file : files()) {
    if (file.path == "tests/CMakeLists.txt")
      for (const std::string& line : file.lines) cmake += line + '\n';
    if (is_test(file)) folders.insert(file.path.substr(6, file.path.rfind('/') - 6));
  }
  for (const std::string& folder : folders) {
    INFO("tests/" << folder << " has tests, and no relance_tests() line");
    CHECK(std::regex_search(cmake, std::regex("relance_tests\\(\\w+ " + folder + "[ )]")));
  }
}
