// Reads a MemoryDisk. Threads, fails: as StoreReader; holds the disk's lock only while it copies an
// answer.
#pragma once

#include "store/memory_store.h"

namespace relance {

class MemoryReader final : public StoreReader {
 public:
  MemoryReader(std::shared_ptr<const MemoryDisk> disk, Deriver derive)
      : disk_(std::move(disk)), derive_(std::move(derive)) {}

  void refresh() override {}
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

 private:
  std::shared_ptr<const MemoryDisk> disk_;
  Deriver derive_;
};

}  // namespace relance
