// Reads a SQLite store over a connection of its own, opened at the first call.
//
// Lookups ask the late tables first and the file second (late_tables.h says why). Beside a writer
// of this process the late tables are the writer's; in a process that only reads they are the
// reader's own, filled from the entries past the file's late horizon at each refresh().
#pragma once

#include <memory>
#include <string>

#include "store/late.h"
#include "store/sqlite_connection.h"
#include "store/store.h"

namespace relance {

class SqliteReader final : public StoreReader {
 public:
  // Beside the writer whose late tables these are.
  SqliteReader(std::string path, Deriver derive, std::shared_ptr<const Late> late);
  // Of a file that another process may write.
  SqliteReader(std::string path, Deriver derive);
  ~SqliteReader() override;

  void refresh() override;
  Result<std::vector<std::optional<StoredCustomer>>> load(std::span<const Key> customers) override;
  Result<std::vector<DueCustomer>> due(uint64_t from, uint64_t to, Instant until, size_t limit,
                                       const DueCustomer& after) override;
  Result<std::optional<Key>> owner(uint64_t high) override;
  Result<bool> seen(uint64_t hash) override;
  Result<std::optional<Derived::Reference>> reference(uint64_t hash) override;
  Status entries(Position from, Position to, const EntryVisitor& visit) override;
  Status walk_back(Position last, const EntryVisitor& visit) override;
  Status customers(const std::function<bool(const Snapshot&)>& visit) override;
  Result<std::optional<std::string>> source(std::string_view hash) override;
  Result<std::vector<Generation>> generations() override;

  // From now on everything is answered as of one instant, whatever is committed meanwhile (the log
  // cannot start over before this reader is gone). Which entries there are then.
  struct Extent {
    Position next = 1, compacted_to = 0;
  };
  Result<Extent> stand_still();
  // For the store itself: what Store::addresses() and Store::check() read.
  Status addresses(const std::function<void(const Derived::Address&)>& visit);
  Status check_integrity();

 private:
  struct Session;
  using Found = std::optional<StoredCustomer>;
  // Throws SqliteFailure.
  Session& session();
  void overlay();
  std::optional<Position> find_reference(Session& session, uint64_t hash);
  std::optional<Found> load_one(Session& session, const Key& customer);
  std::vector<Found> load_all(Session& session, std::span<const Key> customers);

  template <class Work>
  auto answer(Work&& work) -> decltype(work(std::declval<Session&>()));

  std::string path_;
  Deriver derive_;
  std::shared_ptr<const Late> late_;
  std::unique_ptr<Session> session_;

  // Only where the late tables are our own.
  const bool overlays_;
  bool stale_ = overlays_;
  std::shared_ptr<Late> own_late_;
  Position overlaid_from_ = 1, overlaid_to_ = 1;
  SnapshotRow snapshots_from_ = 1, snapshots_to_ = 1;
};

}  // namespace relance
