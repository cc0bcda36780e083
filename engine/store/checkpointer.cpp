#include "store/checkpointer.h"

#include "base/crash_point.h"

namespace relance {
namespace {

constexpr int kPagesToStart = 2'000;   // 8 MB
constexpr int kPagesToFinish = 512;    // what the writer may copy between two transactions
constexpr int kPagesAtMost = 16'000;   // from here on the writer finishes whatever remains,
constexpr int kMsForReaders = 20;      // that a commit waits for them to let go of the log
constexpr int kPagesUnasked = 32'000;  // and from here on also when nobody maintains the store

}  // namespace

void Checkpointer::attach(Connection& writer) {
  const auto hook = [](void* self, sqlite3*, const char*, int pages_in_log) {
    static_cast<Checkpointer*>(self)->committed(pages_in_log);
    return SQLITE_OK;
  };
  sqlite3_wal_hook(writer.get(), hook, this);
}

void Checkpointer::committed(int pages_in_log) {
  const int before = in_log_.exchange(pages_in_log);
  const bool started_over = pages_in_log < before;
  if (started_over) copied_ = 0;
  pages_written_ += static_cast<uint64_t>(started_over ? pages_in_log : pages_in_log - before);
  ++flushes_;
}

void Checkpointer::empty_log(Connection& writer) {
  sqlite3_busy_timeout(writer.get(), kMsForReaders);
  const int code = sqlite3_wal_checkpoint_v2(writer.get(), nullptr, SQLITE_CHECKPOINT_TRUNCATE,
                                             nullptr, nullptr);
  sqlite3_busy_timeout(writer.get(), Connection::kBusyWaitMs);
  if (code != SQLITE_OK && code != SQLITE_BUSY) writer.fail(code);
  empty_owed_ = code == SQLITE_BUSY;
  if (empty_owed_) return;
  pages_written_ += static_cast<uint64_t>(in_log_ - copied_);
  flushes_ += 2;
  in_log_ = copied_ = 0;
}

void Checkpointer::finish_if_asked(Connection& writer) {
  if (!finish_asked_.exchange(false) && in_log_ - copied_ <= kPagesUnasked) return;
  if (empty_owed_)
    empty_log(writer);
  else
    copy(writer);
}

bool Checkpointer::run() {
  if (in_log_ - copied_ < kPagesToStart) return false;
  if (!connection_) {
    connection_ =
        std::make_unique<Connection>(path_, Connection::Options{.flags = SQLITE_OPEN_READWRITE});
  }
  const int before = copied_;
  const int copied = copy(*connection_);
  // Commits went on meanwhile: what counts is the log as it is now.
  const int remaining = in_log_ - copied;
  if (remaining > 0 && (remaining <= kPagesToFinish || in_log_ > kPagesAtMost)) {
    finish_asked_ = true;
    return false;
  }
  return remaining > 0 && copied > before;
}

int Checkpointer::copy(Connection& connection) {
  int copied = 0;
  crash_point(CrashPoint::checkpoint_begun);
  const int code = sqlite3_wal_checkpoint_v2(connection.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE,
                                             nullptr, &copied);
  if (code == SQLITE_BUSY) return copied_;  // a tool is at it
  if (code != SQLITE_OK) connection.fail(code);
  crash_point(CrashPoint::checkpoint_done);
  const int before = copied_.exchange(copied);
  if (copied > before) {
    pages_written_ += static_cast<uint64_t>(copied - before);
    flushes_ += 2;
  }
  return copied;
}

}  // namespace relance
