#include "store/backup.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/crash_point.h"
#include "store/beside.h"
#include "store/durable_file.h"
#include "store/sqlite_schema.h"
#include "store/writer_lock.h"

namespace fs = std::filesystem;

namespace relance {
namespace {

constexpr int kPagesAtOnce = 4096;  // 16 MB from one word of progress to the next

Result<std::string> file_of(const std::string& store) {
  const std::string path = beside_store(store, "");
  if (!path.empty()) return path;
  return Error{Code::usage, store + " lies in no file", {}, "sqlite:PATH"};
}

bool is_there(const std::string& path) {
  std::error_code unreadable;
  return fs::exists(path, unreadable);
}

Error already_there(const std::string& path, const char* hint) {
  return {Code::store_there, path + " is there already", {}, hint};
}

// 20260105T103000Z
std::string compact_text(Instant at) {
  std::string text = format_instant(at).substr(0, 19);
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text + 'Z';
}

std::string name_for(const std::string& store, const std::string& to, Instant now) {
  std::error_code unreadable;
  if (!fs::is_directory(to, unreadable)) return to;
  return (fs::path(to) / (fs::path(store).stem().string() + '-' + compact_text(now) + ".db"))
      .string();
}

void remove_store(const std::string& path) {
  std::error_code ignored;
  for (const char* part : {"", "-wal", "-shm", "-journal"}) fs::remove(path + part, ignored);
}

void copy_pages(Connection& from, Connection& to, const Progress& progress) {
  sqlite3_backup* copy = sqlite3_backup_init(to.get(), "main", from.get(), "main");
  if (!copy) to.fail(sqlite3_errcode(to.get()));
  int code = SQLITE_OK;
  while (code == SQLITE_OK) {
    code = sqlite3_backup_step(copy, kPagesAtOnce);
    const auto pages = static_cast<uint64_t>(sqlite3_backup_pagecount(copy));
    if (progress) progress(pages - static_cast<uint64_t>(sqlite3_backup_remaining(copy)), pages);
  }
  sqlite3_backup_finish(copy);
  if (code != SQLITE_DONE) to.fail(code);
}

// A new file with the pages of one instant, brought up to date and flushed, in one file.
Status copy_file(const std::string& from, const std::string& to, const Progress& progress) {
  return guarded(to, [&]() -> Status {
    remove_store(to);
    Connection target(to, {.flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE});
    std::error_code ignored;
    fs::permissions(to, fs::perms::owner_read | fs::perms::owner_write, ignored);
    target.run("PRAGMA synchronous = OFF");
    {
      Connection source(from, {});
      Transaction one_instant(source, Transaction::Kind::read);
      copy_pages(source, target, progress);
    }
    target.run("PRAGMA journal_mode = DELETE");
    if (auto current = migrate(target, from); !current) return current.error();
    return {};
  });
}

Result<StoreCopy> checked_copy(const std::string& from, const std::string& to,
                               const Deriver& derive, const Progress& progress) {
  if (!is_there(from))
    return Error{Code::store_open, "there is no store " + from, {}, "see the path"};
  if (Status copied = copy_file(from, to, progress); !copied) return copied.error();
  if (Status flushed = flush_file(to); !flushed) return flushed.error();
  StoreOptions how;
  how.read_only = true;
  how.derive = derive;
  auto copy = open_store(to, std::move(how));
  if (!copy) return copy.error();
  if (Status whole = (*copy)->check(progress); !whole) return whole.error();
  const Opened& opened = (*copy)->opened();
  return StoreCopy{to, opened.installation, opened.next_position - 1,
                   (*copy)->statistics().bytes_on_disk, opened.last_commit_at};
}

// All that stands in the log is in the file: only then can another file take its name. Of a store
// that cannot be opened the log goes where the file goes.
void empty_log(const std::string& path) {
  try {
    Connection store(path, {.flags = SQLITE_OPEN_READWRITE});
    store.run("PRAGMA wal_checkpoint(TRUNCATE)");
  } catch (const SqliteFailure&) {
  }
}

// One that a restore which died has not taken.
std::string name_aside(const std::string& path, Instant now) {
  const std::string first = path + "-before-" + compact_text(now);
  std::string name = first;
  for (int n = 2; is_there(name); ++n) name = first + '-' + std::to_string(n);
  return name;
}

// The name that the store before has from now on; it still has its own.
Result<std::string> keep_aside(const std::string& path, Instant now) {
  if (!is_there(path)) return std::string();
  const std::string aside = name_aside(path, now);
  empty_log(path);
  if (::link(path.c_str(), aside.c_str()) != 0)
    return Error{Code::store_open,
                 fmt::format("{} cannot be kept as {}: {}", path, aside, std::strerror(errno)),
                 {},
                 "move it away yourself"};
  for (const char* part : {"-wal", "-shm"}) {
    if (!is_there(path + part)) continue;
    if (Status moved = move_durably(path + part, aside + part); !moved) return moved.error();
  }
  return aside;
}

}  // namespace

Result<StoreCopy> back_up(const std::string& store, const std::string& to, Instant now,
                          const Deriver& derive, const Progress& progress) {
  const auto path = file_of(store);
  if (!path) return path.error();
  const std::string name = name_for(*path, to, now);
  if (is_there(name)) return already_there(name, "a backup is never overwritten: name another");
  const std::string part = name + "-part";
  auto copy = checked_copy(*path, part, derive, progress);
  if (!copy) {
    remove_store(part);
    return copy.error();
  }
  crash_point(CrashPoint::backup_written);
  if (Status moved = move_durably(part, name); !moved) return moved.error();
  copy->path = name;
  return copy;
}

// The sends are held before the store is another one, and its crash marks say nothing of it.
Result<Restored> restore_store(const std::string& backup, const std::string& store, bool replace,
                               Instant now, const Deriver& derive, const Progress& progress) {
  const auto path = file_of(store);
  if (!path) return path.error();
  const auto lock = WriterLock::take(*path);
  if (!lock) return lock.error();
  if (is_there(*path) && !replace)
    return already_there(*path, "--replace puts the backup in its place, and keeps it beside");
  const std::string part = *path + "-restoring";
  auto copy = checked_copy(backup, part, derive, progress);
  if (!copy) {
    remove_store(part);
    return copy.error();
  }
  crash_point(CrashPoint::restore_copied);
  SendHold hold{copy->last_commit_at, Instant::never(), "it was restored from " + backup};
  if (const auto earlier = read_hold(*path + "-held"); earlier && now < earlier->over_at())
    hold.from = std::min(hold.from, earlier->from);
  if (Status held = write_hold(*path + "-held", hold); !held) return held.error();
  crash_point(CrashPoint::restore_held);
  std::error_code ignored;
  fs::remove(*path + "-marks", ignored);
  auto replaced = keep_aside(*path, now);
  if (!replaced) return replaced.error();
  crash_point(CrashPoint::restore_kept_aside);
  if (Status moved = move_durably(part, *path); !moved) return moved.error();
  copy->path = *path;
  return Restored{std::move(*copy), std::move(*replaced)};
}

}  // namespace relance
