// A disk that fails when told, below every SQLite file opened while it lives.
//
// It stands in front of SQLite's own layer for files (its VFS) and answers some writes and flushes
// itself. One at a time; threads: one.
#pragma once

#include <sqlite3.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <map>

namespace relance::store_test {

class FailingDisk {
 public:
  FailingDisk() {
    real_ = sqlite3_vfs_find(nullptr);
    REQUIRE(real_ != nullptr);
    state().real = real_;
    heal();
    vfs_ = *real_;
    vfs_.zName = "failing";
    vfs_.xOpen = open;
    REQUIRE(sqlite3_vfs_register(&vfs_, 1) == SQLITE_OK);
  }
  ~FailingDisk() {
    heal();
    sqlite3_vfs_unregister(&vfs_);
    sqlite3_vfs_register(real_, 1);
  }
  FailingDisk(const FailingDisk&) = delete;
  FailingDisk& operator=(const FailingDisk&) = delete;

  // Every flush after the next `count` fails.
  void fail_flush_after(int count) { state().flushes_left = count; }
  // The process is killed before the next write but `count`, half of it being done.
  void die_at_write(int count) { state().writes_to_live = count; }
  void fill_up() { state().is_full = true; }
  void heal() {
    state().flushes_left = state().writes_to_live = -1;
    state().is_full = false;
  }

 private:
  struct State {
    sqlite3_vfs* real = nullptr;
    // Each kind of file (database, log) has methods of its own, with the same two at the bottom.
    std::map<const sqlite3_io_methods*, sqlite3_io_methods> failing;
    int (*real_sync)(sqlite3_file*, int) = nullptr;
    int (*real_write)(sqlite3_file*, const void*, int, sqlite3_int64) = nullptr;
    int flushes_left = -1, writes_to_live = -1;  // -1: no end
    bool is_full = false;
  };
  // SQLite hands out plain function pointers: the state has to be found without `this`. Files may
  // be closed after the disk is gone, so it lives on.
  static State& state() {
    static State only;
    return only;
  }

  static int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out) {
    State& it = state();
    const int code = it.real->xOpen(it.real, name, file, flags, out);
    if (code != SQLITE_OK) return code;
    const auto [found, added] = it.failing.try_emplace(file->pMethods, *file->pMethods);
    if (added) {
      it.real_sync = file->pMethods->xSync;
      it.real_write = file->pMethods->xWrite;
      found->second.xSync = sync;
      found->second.xWrite = write;
    }
    file->pMethods = &found->second;
    return SQLITE_OK;
  }

  static int sync(sqlite3_file* file, int flags) {
    State& it = state();
    if (it.flushes_left == 0) return SQLITE_IOERR_FSYNC;
    if (it.flushes_left > 0) --it.flushes_left;
    return it.real_sync(file, flags);
  }

  static int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 at) {
    State& it = state();
    if (it.writes_to_live == 0) {
      it.real_write(file, bytes, count / 2, at);
      kill(getpid(), SIGKILL);
    }
    if (it.writes_to_live > 0) --it.writes_to_live;
    return it.is_full ? SQLITE_FULL : it.real_write(file, bytes, count, at);
  }

  sqlite3_vfs* real_ = nullptr;
  sqlite3_vfs vfs_{};
};

}  // namespace relance::store_test
