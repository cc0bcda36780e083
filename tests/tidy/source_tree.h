// The files of this repository as the tidy tests see them. Read once; paths are relative to its
// root.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tidy {

struct File {
  std::string path;                // "engine/base/doc.h"
  std::vector<std::string> lines;  // without line ends
  // C and C++ only: `lines` with comments, texts and preprocessor lines blanked, each column where
  // it was.
  std::vector<std::string> code;

  bool is_header() const { return path.ends_with(".h"); }
  bool is_cpp() const { return is_header() || path.ends_with(".cpp") || path.ends_with(".c"); }
  bool is_lua() const { return path.ends_with(".lua"); }
  bool is_page() const { return path.ends_with(".md"); }
  bool below(std::string_view folder) const { return path.starts_with(folder); }
};

// Everything under engine/, plugins/, tests/, flows/, lua/, cmake/ and docs/, and the files of the
// root; sorted by path.
const std::vector<File>& files();

bool exists(const std::string& path);

// "engine/base/doc.h:12: what is wrong", reported through Catch2 so that one run names every place.
void report(const File& file, size_t line, const std::string& what);

}  // namespace tidy
