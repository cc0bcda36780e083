#include "store/store.h"

#include "store/memory_store.h"
#include "store/sqlite_store.h"
#include "store/sqlite_viewer.h"

namespace relance {

std::string_view commit_outcome_name(CommitOutcome outcome) {
  switch (outcome) {
    case CommitOutcome::ok: return "ok";
    case CommitOutcome::unknown: return "unknown";
    case CommitOutcome::fenced: return "fenced";
    case CommitOutcome::went_back: return "went_back";
    case CommitOutcome::full: return "full";
    case CommitOutcome::failed: return "failed";
  }
  return "unknown";
}

Result<std::unique_ptr<Store>> open_store(const std::string& url, StoreOptions options) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (url == "memory:") {
    return open_memory_store(std::make_shared<MemoryDisk>(), std::move(options));
  }
  const std::string path = url.starts_with(kSqlite) ? url.substr(kSqlite.size()) : url;
  if (path.empty()) {
    return Error{Code::store_open, "the store's path is empty", {}, "sqlite:PATH, PATH or memory:"};
  }
  if (options.read_only) return SqliteViewer::open(path, std::move(options));
  return SqliteStore::open(path, std::move(options));
}

}  // namespace relance
