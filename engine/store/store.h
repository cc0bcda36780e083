// The store: appends entries, keeps late copies of what they add up to, and finds customers again.
//
// What must be durable now is an append with a rising position; everything random (snapshots, duplicates, references,
// addresses) may be written late: the store keeps it in memory and merges it in key order, in the same transaction as the
// *horizon* that says how far it is. Entries at or after the horizon are read again at start (Opened::tail) to make the
// late part whole. An implementation knows nothing of what is inside an entry or a snapshot; a Deriver tells it.
//
// Threads: commit() and maintain() from one thread at a time each (they may run beside one another); a Reader from the
// thread that made it, any number of Readers. Blocks: everything here does disk I/O.
// Fails: an I/O error on commit is CommitOutcome::failed and the caller must end the process: what the disk holds is then
// unknown to this process. `unknown`, `fenced` and `went_back` are ordinary answers.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/instant.h"
#include "base/result.h"

namespace relance {

// Rises by one with every entry of the store, from 1. 0 means "none". Positions order commits; nothing is derived from
// them outside the store and its caller's bookkeeping.
using Position = uint64_t;

// What an entry adds to the late tables.
struct Derived {
  struct Reference {
    uint64_t hash = 0;  // of a touch key or of a provider's id
    Key customer, touch;
  };
  struct Address {
    uint64_t hash = 0;  // of a normalised mailbox or number
    std::string state;  // reason of the suppression; empty lifts it
  };
  std::vector<uint64_t> seen;  // accepted (tenant, source, id)
  std::vector<Reference> references;
  std::vector<Address> addresses;
  bool empty() const { return seen.empty() && references.empty() && addresses.empty(); }
};
using Deriver = std::function<Derived(const Key& customer, std::string_view body)>;

struct NewEntry {
  Key customer;
  Position position = 0;
  Position previous = 0;  // the customer's entry before this one
  std::string body;
  Derived derived;
};

struct Snapshot {
  Key customer;
  Position last = 0;                      // the entry up to which it is complete
  Instant next_due = Instant::never();    // when this customer must be woken
  std::string body;                       // empty: this customer is forgotten
};

struct Source {
  std::string hash;  // 64 hex digits
  std::string text;
};

struct Generation {
  uint64_t number = 0;
  Instant at;
  std::string author, reason;
  std::string manifest;  // JSON: names -> source hashes, flow versions
};

struct Batch {
  uint64_t epoch = 0;
  Instant at;                        // engine time; never decreases from batch to batch
  std::vector<NewEntry> entries;     // positions contiguous, from next_position on
  std::vector<Snapshot> snapshots;   // sorted by customer
  // Everything before this position is contained in snapshots given so far; 0: unchanged. The store moves its own horizon
  // there, or less far, once its late tables are written too.
  Position snapshots_complete_to = 0;
  std::vector<Source> sources;
  std::optional<Generation> generation;
};

enum class CommitOutcome : uint8_t {
  ok,         // durable
  unknown,    // may or may not be: reopen, compare next_position, load again
  fenced,     // another writer took over: nothing of this batch is durable, and nothing ever will be from this epoch
  went_back,  // the store lost entries it had acknowledged: stop sending, tell a person
  full,       // no space: nothing of this batch is durable; may be tried again
  failed,     // I/O error: end the process
};
std::string_view commit_outcome_name(CommitOutcome outcome);

struct StoredEntry {
  Key customer;
  Position position = 0, previous = 0;
  std::string_view body;  // valid during the visit
};
// Returns false to stop.
using EntryVisitor = std::function<bool(const StoredEntry&)>;

struct StoredCustomer {
  std::string snapshot;
  Position last = 0;
};

struct DueCustomer {
  Key customer;
  Instant next_due;
};

// A view of what is committed, from its first use after refresh() on.
class StoreReader {
 public:
  virtual ~StoreReader() = default;
  virtual void refresh() = 0;

  // As many answers as keys (sorted, unique); nullopt: never snapshotted. Entries after `last` are the caller's to know.
  virtual Result<std::vector<std::optional<StoredCustomer>>> load(std::span<const Key> customers) = 0;
  // Customers in [from, to) of the key's high 64 bits whose snapshot is due at or before `until`, soonest first, at most
  // `limit`. `to` 0 means the end of the range.
  virtual Result<std::vector<DueCustomer>> due(uint64_t from, uint64_t to, Instant until, size_t limit) = 0;
  virtual Result<bool> seen(uint64_t hash) = 0;
  virtual Result<std::optional<Derived::Reference>> reference(uint64_t hash) = 0;

  virtual Status entries(Position from, Position to, const EntryVisitor& visit) = 0;  // [from, to), rising
  virtual Status walk_back(Position last, const EntryVisitor& visit) = 0;  // one customer's entries, newest first
  virtual Status customers(const std::function<bool(const Snapshot&)>& visit) = 0;     // by key
  virtual Result<std::optional<std::string>> source(std::string_view hash) = 0;
  virtual Result<std::vector<Generation>> generations() = 0;  // newest first
};

struct StoreStatistics {
  uint64_t commits = 0, entries = 0, flushes = 0, bytes_written = 0, bytes_on_disk = 0, late_waiting = 0;
};

struct Opened {
  std::string installation;  // 32 hex digits, made once from the seed given at creation
  uint64_t epoch = 0;        // of this writer; higher than every epoch before
  Position next_position = 1;
  Position horizon = 1;      // the tail to be applied again starts here
  Instant last_commit_at;    // engine time of the last batch; Instant::beginning() in a new store
  bool created = false;
};

class Store {
 public:
  virtual ~Store() = default;
  virtual const Opened& opened() const = 0;

  // All of the batch or, with any answer but ok and unknown, nothing of it.
  virtual CommitOutcome commit(const Batch& batch) = 0;

  // Work that may wait: merges, checkpoints. Returns false when nothing was left to do.
  virtual Result<bool> maintain() = 0;

  virtual std::unique_ptr<StoreReader> reader() = 0;
  // Suppressed addresses, all of them: few, and asked at every touch.
  virtual Status addresses(const std::function<void(const Derived::Address&)>& visit) = 0;
  // Structure whole, chains of positions without gap or fork, late tables as the entries say.
  virtual Status check() = 0;
  virtual StoreStatistics statistics() const = 0;
};

struct StoreOptions {
  bool read_only = false;           // several may read while one writes
  std::string installation_seed;    // for a new store; empty: drawn by chance
  Deriver derive;                   // must be given; reads the tail's late part again
  uint64_t cache_bytes = 24u << 20;
};

// `sqlite:PATH`, a bare path, or `memory:`. Fails with store_open, store_in_use (another writer lives), store_version,
// store_corrupt; the message names the path.
Result<std::unique_ptr<Store>> open_store(const std::string& url, StoreOptions options);

}  // namespace relance
