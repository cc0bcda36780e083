// The store: appends entries, keeps late copies of what they add up to, and finds customers again.
//
// What must be durable now is an append with a rising position; everything random (snapshots,
// duplicates, references) may be written late: the store keeps it in memory and merges it in key
// order, in slices, and notes in the same transaction how far it is. Entries after that point are
// read again at start, so lookups never miss one. An implementation knows nothing of what is inside
// an entry or a snapshot; a Deriver tells it.
//
// Threads: commit() from one thread, maintain() from one thread (they may run beside one another);
// a StoreReader from the thread that made it, any number of them, beside both.
// Blocks: everything here does disk I/O.
// Owns: a Store its files, until destroyed. Readers may outlive it only if they are not used.
// Fails: an I/O error on commit is CommitOutcome::failed and the caller must end the process: what
// the disk holds is then unknown to this process. `unknown`, `fenced`, `went_back` and `full` are
// ordinary answers. After `unknown`, `fenced`, `went_back` and `failed` a Store commits nothing
// more; it is destroyed and opened again (in a new process after `failed`).
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
#include "store/hold.h"

namespace relance {

// Rises by one with every entry of the store, from 1. 0 means "none". Positions order commits;
// nothing is derived from them outside the store and its caller's bookkeeping.
using Position = uint64_t;

// What an entry adds to the lookup tables. Hashes are spread evenly (base/id.h derive_hash): the
// store lays tables out by their high bits. Of several references with one hash the last holds; it
// is found for as long as its entry is kept.
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
// A pure function; called on any thread.
using Deriver = std::function<Derived(const Key& customer, std::string_view body)>;

// What stays of an entry of somebody who is erased. A pure function; called on any thread. Fails
// where the body cannot be read.
using Redactor = std::function<Result<std::string>(const Key& customer, std::string_view body)>;

struct NewEntry {
  Key customer;
  Position position = 0;
  Position previous = 0;  // the customer's entry before this one
  std::string body;
  Derived derived;  // what the Deriver makes of `body`
  // The customer is erased with it: every entry of his before it becomes what the Redactor leaves,
  // in the same transaction, and what was kept of him beside them is gone.
  bool erases = false;
};

// What the store keeps of a customer beside his entries. A body costs more than the few entries
// since the last one: it may be left as it stands, and whoever loads him applies those.
struct Snapshot {
  Key customer;
  Position last = 0;                    // his latest entry
  Instant next_due = Instant::never();  // when he must be woken
  std::string body;                     // empty, and not `kept`: he is forgotten
  bool kept = false;                    // `body` is not given, the one that stands stays
  // The entry up to which the body is complete. Of a given one: `last`, if it is not said; of a
  // kept one: there is none, if it is not said.
  std::optional<Position> holds = std::nullopt;
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
  Instant at;                       // engine time; never decreases from batch to batch
  std::vector<NewEntry> entries;    // positions contiguous, from the store's next position on
  std::vector<Snapshot> snapshots;  // sorted by customer
  // Everything before this position is contained in the snapshots given so far (this batch's
  // included); 0: unchanged. It becomes Opened::horizon of the next opening; never moves back.
  Position snapshots_complete_to = 0;
  std::vector<Source> sources;
  std::optional<Generation> generation;
};

enum class CommitOutcome : uint8_t {
  ok,         // durable
  unknown,    // may or may not be: reopen, compare next_position, load again
  fenced,     // another writer took over, or the batch is of an older epoch than this opening:
              // nothing of it is durable, and nothing ever will be
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
  std::string snapshot;  // empty: none was written yet
  Position last = 0;     // his latest entry that the store knows to be his without being asked
  Position holds = 0;    // the entry up to which `snapshot` is complete; at most `last`
  Instant next_due = Instant::never();
};

struct DueCustomer {
  Key customer;
  Instant next_due = Instant::beginning();
};

// Each call answers for one instant, at least as new as the last refresh() (and as every commit of
// this process that was answered before the call). Nothing is held between calls, so a reader that
// waits costs nothing. A visitor may call other functions of the reader, not the one it is in.
// Fails with store_failed or store_corrupt; the reader may be used again.
class StoreReader {
 public:
  virtual ~StoreReader() = default;
  // Only a reader of a read-only store needs it: takes in what the writer has committed since.
  virtual void refresh() = 0;

  // As many answers as keys (sorted, unique); nullopt: never snapshotted. Entries behind `holds` up
  // to `last` are to be applied (walk_back); those after `last` are the caller's to know.
  virtual Result<std::vector<std::optional<StoredCustomer>>> load(
      std::span<const Key> customers) = 0;
  // The customer whose key begins with these 64 bits; nullopt: nobody was snapshotted yet.
  virtual Result<std::optional<Key>> owner(uint64_t high) = 0;
  // Customers in [from, to) of the key's high 64 bits whose snapshot is due at or before `until`,
  // in (next_due, customer) order, those behind `after` only, at most `limit`. `to` 0 means the
  // end of the range. The last answer is the `after` of the next page.
  virtual Result<std::vector<DueCustomer>> due(uint64_t from, uint64_t to, Instant until,
                                               size_t limit, const DueCustomer& after = {}) = 0;
  virtual Result<bool> seen(uint64_t hash) = 0;
  virtual Result<std::optional<Derived::Reference>> reference(uint64_t hash) = 0;

  // Entries in [from, to), rising.
  virtual Status entries(Position from, Position to, const EntryVisitor& visit) = 0;
  // One customer's entries from `last` back along the chain, newest first; `last` 0 visits none.
  virtual Status walk_back(Position last, const EntryVisitor& visit) = 0;
  // By key, and each as he is when he is visited. The body is given, `holds` says how far it goes.
  virtual Status customers(const std::function<bool(const Snapshot&)>& visit) = 0;
  virtual Result<std::optional<std::string>> source(std::string_view hash) = 0;
  virtual Result<std::vector<Generation>> generations() = 0;  // newest first
};

struct StoreStatistics {
  uint64_t commits = 0, entries = 0;        // of the store since it was made
  uint64_t flushes = 0, bytes_written = 0;  // to disk, by this process
  uint64_t bytes_on_disk = 0;
  uint64_t late_waiting = 0;  // seen hashes, references and customers that are in memory only
};

struct Opened {
  std::string installation;  // 32 hex digits, made once from the seed given at creation
  uint64_t epoch = 0;        // of this writer; higher than every epoch before
  // Openings between this epoch and `epoch` committed nothing but themselves; `epoch`: not known.
  uint64_t last_worked = 0;
  Position next_position = 1;  // of the first entry this writer commits
  Position horizon = 1;        // entries(horizon, next_position) is the tail to be applied again
  Instant last_commit_at = Instant::beginning();  // engine time of the last batch
  bool created = false;
  bool went_back = false;  // commits that an earlier opening acknowledged are gone: hold all sends
  // A store in a file writes this down before its opening is durable, so that it is said to every
  // opening until a person releases the sends. The same note stands beside a restored one.
  std::optional<SendHold> hold;
  // Who was erased in this place and is not in what the store holds now: an older copy was put in
  // it. They are to be erased again before anything leaves.
  std::vector<Key> erase_again;
};

// How far a long work is, of about how much. Called now and then, on the thread that works.
using Progress = std::function<void(uint64_t done, uint64_t of)>;

class Store {
 public:
  virtual ~Store() = default;
  virtual const Opened& opened() const = 0;  // as it was when opened; never changes

  // All of the batch or, with any answer but ok and unknown, nothing of it. Asserts contiguous
  // positions and, for every entry, previous < position.
  virtual CommitOutcome commit(const Batch& batch) = 0;

  // The disk is nearly full: the store lives on what it kept back, which is for outcomes of what is
  // under way. Nothing new should be begun until regain_space() says true. By the thread that
  // commits.
  virtual bool low_on_space() const { return false; }
  virtual bool regain_space() { return true; }

  // What the last commit that was not ok met, for the log; names the file, holds no values.
  virtual std::string trouble() const = 0;

  // Work that may wait: checkpoints, and merges while no commits come. True: call again at once;
  // false: in a few milliseconds under load, in a second when idle.
  virtual Result<bool> maintain() = 0;

  virtual std::unique_ptr<StoreReader> reader() = 0;
  // Suppressed addresses, all of them: few, and asked at every touch.
  virtual Status addresses(const std::function<void(const Derived::Address&)>& visit) = 0;
  // Structure whole, chains of positions without gap or fork, late tables as the entries say. Reads
  // everything. Fails with store_corrupt and the first thing found.
  virtual Status check(const Progress& progress) = 0;
  Status check() { return check({}); }
  virtual StoreStatistics statistics() const = 0;
};

struct StoreOptions {
  bool read_only = false;         // several may read while one writes; commits are `fenced`
  std::string installation_seed;  // for a new store; empty: drawn by chance
  Deriver derive;                 // must be given; reads the tail's late part again
  Redactor redact;                // must be given where entries erase
  uint64_t cache_bytes = 12u << 20;
  // Nothing real depends on it (a virtual clock, where nothing leaves the machine): a power cut may
  // lose its last commits, a killed process loses none.
  bool rehearsal = false;
  uint64_t max_bytes = 0;  // a store that would grow beyond this is full; 0: no limit
  // Kept back on the disk in PATH-reserve (store/reserve.h), unless it is a rehearsal; 0: nothing.
  uint64_t reserve_bytes = 0;
  // Entries gathered before their seen hashes and references are merged: more make merging
  // cheaper, starting slower (about 1 us each) and memory larger (about 60 B each).
  uint64_t late_entries = 150'000;
  // The same for customers (about 80 B each).
  uint64_t late_customers = 65'536;
};

// `sqlite:PATH`, a bare path, or `memory:` (a new one, gone with the Store). Fails with store_open,
// store_in_use (another writer lives), store_version (made by a newer Relance), store_corrupt; the
// message names the path.
Result<std::unique_ptr<Store>> open_store(const std::string& url, StoreOptions options);

}  // namespace relance
