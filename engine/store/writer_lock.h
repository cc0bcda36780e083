// One writer for a store's file, and a memory of what it last acknowledged.
//
// PATH-lock is locked for as long as the writer lives; the lock dies with the process. The file
// keeps the number of the last commit, written without a flush after each: it survives kill -9, and
// an opening that finds fewer commits in the store than stand here knows that the store went back
// in time. Threads: one. Owns: the lock file, which stays behind unlocked.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace relance {

class WriterLock {
 public:
  struct Mark {
    std::string installation;
    uint64_t epoch = 0;
    uint64_t commits = 0;
    uint64_t worked = 0;  // epoch of the last writer that did more than open the store
  };

  // Fails with store_in_use while another writer holds it, in this process or another, and with
  // store_open when the file cannot be made.
  static Result<WriterLock> take(const std::string& path);
  WriterLock(WriterLock&& other) noexcept;
  WriterLock& operator=(WriterLock&& other) noexcept;
  ~WriterLock();

  Mark read() const;  // of the last writer; zeros when there was none
  void write(const Mark& mark) const;

 private:
  explicit WriterLock(int file) : file_(file) {}

  int file_ = -1;
};

}  // namespace relance
