#include "store/sqlite_viewer.h"

#include <fmt/format.h>

#include <filesystem>

#include "store/sqlite_reader.h"
#include "store/sqlite_schema.h"
#include "store/store_check.h"

namespace relance {

Result<std::unique_ptr<Store>> SqliteViewer::open(const std::string& path, StoreOptions options) {
  RELANCE_ASSERT(options.derive != nullptr);
  if (!std::filesystem::exists(path)) {
    return Error{Code::store_open,
                 fmt::format("there is no store {}", path),
                 {},
                 "a store is made by the first `relance run` that writes to it"};
  }
  return guarded(path, [&]() -> Result<std::unique_ptr<Store>> {
    std::unique_ptr<SqliteViewer> viewer(new SqliteViewer(path, std::move(options)));
    Status begun = viewer->begin();
    if (!begun) return begun.error();
    return std::unique_ptr<Store>(std::move(viewer));
  });
}

Status SqliteViewer::begin() {
  Connection connection(path_, {});
  Status current = expect_current_schema(connection, path_);
  if (!current) return current;
  const Meta meta = read_meta(connection);
  opened_.installation = meta.installation;
  opened_.epoch = meta.epoch;
  opened_.next_position = meta.next_position;
  opened_.horizon = meta.horizon;
  opened_.last_commit_at = meta.at;
  opened_.hold = read_hold(path_ + "-held");
  commits_ = meta.commits;
  return {};
}

std::unique_ptr<StoreReader> SqliteViewer::reader() {
  return std::make_unique<SqliteReader>(path_, options_.derive);
}

Status SqliteViewer::addresses(const std::function<void(const Derived::Address&)>& visit) {
  return SqliteReader(path_, options_.derive).addresses(visit);
}

Status SqliteViewer::check(const Progress& progress) {
  SqliteReader reader(path_, options_.derive);
  const auto extent = reader.stand_still();
  if (!extent) return extent.error();
  Status whole = reader.check_integrity();
  if (!whole) return whole;
  std::vector<Derived::Address> known;
  Status read =
      reader.addresses([&](const Derived::Address& address) { known.push_back(address); });
  if (!read) return read;
  return check_store(
      {reader, extent->next, options_.derive, std::move(known), progress, extent->compacted_to});
}

StoreStatistics SqliteViewer::statistics() const {
  StoreStatistics statistics;
  statistics.commits = commits_;
  statistics.entries = opened_.next_position - 1;
  std::error_code missing;
  const auto bytes = std::filesystem::file_size(path_, missing);
  statistics.bytes_on_disk = missing ? 0 : bytes;
  return statistics;
}

}  // namespace relance
