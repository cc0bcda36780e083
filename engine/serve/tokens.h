// Bearer tokens of those who may send events. The file keeps only their hashes, a line each:
//
//   NAME SHA-256-IN-HEX
//
// It is read again when it has changed, so a token is taken back by deleting its line. Threads:
// allows() from any.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"

namespace relance {

class Tokens {
 public:
  // Fails with file_unreadable, at the line that is no token where there is one.
  static Result<std::unique_ptr<Tokens>> open(const std::string& path);

  // The name of whom this `authorization` header belongs to; empty: nobody's.
  std::string allows(std::string_view authorization);

  // Makes a token and adds its hash to the file, which is made with mode 0600 where there is none.
  // The token itself is returned and kept nowhere.
  static Result<std::string> add(const std::string& path, const std::string& name);

 private:
  struct Entry {
    std::string name, hash;
  };
  explicit Tokens(std::string path) : path_(std::move(path)) {}
  Status read();

  const std::string path_;
  std::mutex mutex_;  // of what follows
  int64_t read_at_ns_ = 0;
  std::vector<Entry> entries_;
};

}  // namespace relance
