#include "tidy/source_tree.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tidy/strip.h"

namespace tidy {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = RELANCE_SOURCE_DIR;
constexpr std::string_view kFolders[] = {"engine", "plugins", "tests", "flows",
                                         "lua",    "cmake",   "docs",  ".ci"};
constexpr std::string_view kEndings[] = {".h",  ".cpp", ".c",     ".inc", ".lua",
                                         ".md", ".txt", ".cmake", ".map", ".mustache"};

File read(const fs::path& path) {
  File file;
  file.path = path.lexically_relative(kRoot).generic_string();
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) file.lines.push_back(line);
  if (file.is_cpp()) file.code = strip(file.lines);
  return file;
}

bool wanted(const fs::path& path) {
  const std::string name = path.filename().string();
  const bool ours = name == "dev" || name == "run";
  return ours || std::any_of(std::begin(kEndings), std::end(kEndings),
                             [&](std::string_view ending) { return name.ends_with(ending); });
}

std::vector<File> read_all() {
  std::vector<File> all;
  for (const auto& entry : fs::directory_iterator(kRoot)) {
    if (entry.is_regular_file() && wanted(entry.path())) all.push_back(read(entry.path()));
  }
  for (std::string_view folder : kFolders) {
    if (!fs::exists(kRoot / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder)) {
      if (entry.is_regular_file() && wanted(entry.path())) all.push_back(read(entry.path()));
    }
  }
  std::sort(all.begin(), all.end(), [](const File& a, const File& b) { return a.path < b.path; });
  return all;
}

}  // namespace

const std::vector<File>& files() {
  static const std::vector<File> all = read_all();
  return all;
}

bool exists(const std::string& path) { return fs::exists(kRoot / path); }

void report(const File& file, size_t line, const std::string& what) {
  FAIL_CHECK(file.path + ":" + std::to_string(line) + ": " + what);
}

}  // namespace tidy
