// A store in memory: the same answers as a store on disk, no files. For tests and simulations.
//
// The MemoryDisk is what would survive a crash; a Store on it is one process's opening of it.
// Destroying the Store and opening the disk again is a crash and a restart; a copy of the disk
// taken in between is a machine that lost power at that instant. Everything is written at once,
// nothing late, so every lookup is true at every instant.
//
// Threads: as store.h; several stores and readers may use one disk. A visit of entries holds no
// lock: the bytes of an entry stay where they are as long as the disk lives.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <shared_mutex>

#include "store/flat_table.h"
#include "store/store.h"

namespace relance {

class MemoryDisk {
 public:
  MemoryDisk() = default;

  // The disk as it is now; shares the bytes of entries, which never change.
  std::shared_ptr<MemoryDisk> copy() const;
  // Makes this disk what `older`, a copy of it, was: a store on it will find that it went back.
  void go_back_to(const MemoryDisk& older);
  // As a writer of another node would that takes the store over: fences the one that has it.
  void raise_epoch();

 private:
  friend class MemoryStore;
  friend class MemoryReader;

  struct StoredSnapshot {
    Position last = 0, holds = 0;
    Instant next_due = Instant::never();
    std::string body;
  };

  // Entries lie one behind another in chunks, each as a header and its body.
  struct EntryHeader {
    Key customer;
    Position previous = 0;
    uint64_t size = 0;
  };
  struct State {
    std::string installation;
    uint64_t epoch = 0, commits = 0, worked = 0;
    Position horizon = 1;
    Instant at = Instant::beginning();
    std::vector<std::shared_ptr<char[]>> chunks;
    size_t chunk_used = 0, chunk_size = 0;  // of the last chunk
    uint64_t entry_bytes = 0;
    std::deque<const char*> entries;  // entry n at n - 1
    std::map<Key, StoredSnapshot> customers;
    std::set<std::pair<Instant, Key>> due;
    FlatTable<Position> seen, references;
    std::map<uint64_t, std::string> addresses;
    std::map<std::string, std::string, std::less<>> sources;
    std::map<uint64_t, Generation> generations;
    std::map<Key, Instant> erased;
  };

  void append(const NewEntry& entry);
  Status erase(const NewEntry& entry, Instant at, const Redactor& redact);
  const char* keep(const NewEntry& entry);
  void put(const Snapshot& snapshot);
  StoredEntry entry_at(Position position) const;

  mutable std::shared_mutex mutex_;
  State state_;
  // Not part of the state, so that it tells when the state went back.
  bool has_writer_ = false;
  uint64_t highest_epoch_ = 0, acknowledged_ = 0;
  std::map<Key, Instant> erased_;
};

// Fails with store_in_use while another writer has the disk open.
Result<std::unique_ptr<Store>> open_memory_store(std::shared_ptr<MemoryDisk> disk,
                                                 StoreOptions options);

}  // namespace relance
