// Pages: every link leads somewhere, every error code has its page.
#include <catch2/catch.hpp>
#include <filesystem>
#include <regex>
#include <set>

#include "tidy/source_tree.h"

using namespace tidy;

namespace {

// "E0107" for each code of the closed list.
std::set<std::string> error_codes() {
  static const std::regex entry(R"(^\s+\w+ = (\d+),.*)");
  std::set<std::string> codes;
  std::smatch found;
  for (const File& file : files()) {
    if (file.path != "engine/base/error_code.h") continue;
    for (const std::string& line : file.lines) {
      if (!std::regex_match(line, found, entry)) continue;
      const std::string number = found[1];
      codes.insert("E" + std::string(4 - number.size(), '0') + number);
    }
  }
  return codes;
}

bool has_line(const File& file, const std::string& start) {
  for (const std::string& line : file.lines) {
    if (line.starts_with(start)) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("no page has a dead link") {
  static const std::regex link(R"(\]\(([^)#\s]+)(#[^)]*)?\))");
  for (const File& file : files()) {
    if (!file.is_page()) continue;
    const std::filesystem::path folder = std::filesystem::path(file.path).parent_path();
    bool in_code = false;
    for (size_t n = 0; n < file.lines.size(); ++n) {
      const std::string& line = file.lines[n];
      if (line.starts_with("```")) in_code = !in_code;
      if (in_code) continue;
      for (std::sregex_iterator at(line.begin(), line.end(), link), end; at != end; ++at) {
        const std::string target = (*at)[1];
        if (target.find(':') != std::string::npos) continue;  // leads out of the repository
        const std::string path = (folder / target).lexically_normal().generic_string();
        if (!exists(path)) report(file, n + 1, "dead link: " + target);
      }
    }
  }
}

TEST_CASE("every error code has a page that says what happened and what to do") {
  const std::set<std::string> codes = error_codes();
  REQUIRE(codes.size() > 50);
  std::set<std::string> pages;
  for (const File& file : files()) {
    if (!file.below("docs/errors/E")) continue;
    const std::string code = std::filesystem::path(file.path).stem().string();
    pages.insert(code);
    if (!codes.contains(code)) report(file, 1, "a page without a code in error_code.h");
    if (!has_line(file, "# " + code + ": ")) report(file, 1, "the title is not '# CODE: words'");
    if (!has_line(file, "**What happened.**")) report(file, 1, "does not say what happened");
    if (!has_line(file, "**What to do.**")) report(file, 1, "does not say what to do");
  }
  for (const std::string& code : codes) {
    INFO("docs/errors/" << code << ".md is missing");
    CHECK(pages.contains(code));
  }
}
