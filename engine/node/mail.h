// What travels inside the node: inputs to a shard, and what a shard decided on its way through the
// commit.
#pragma once

#include <functional>
#include <memory>
#include <variant>
#include <vector>

#include "core/run/input.h"
#include "node/active.h"
#include "node/node.h"
#include "plugins/performer.h"
#include "store/store.h"

namespace relance {

struct Mail {
  Key customer;  // with `by_half` only the first half of the key is known
  Input input;
  AcceptedBy done;  // of an event; empty otherwise
  bool by_half = false;
  // With `by_half`: whose it is where nobody has that touch; none: it is refused.
  Key otherwise = {};
};

// An effect made ready for the Performer, in the order in which it was decided.
struct SendOut {
  std::unique_ptr<TouchOrder> order;
  Instant decided_at;
  Instant event_at = Instant::never();  // of the event that brought it without a wait
  uint64_t pauses = 0;  // the revision of those by which it was decided; 0: there were none
};
struct LookUpOut {
  std::unique_ptr<TouchOrder> order;
  std::vector<std::string> refs;
};
struct RecallOut {
  std::unique_ptr<TouchOrder> order;
  std::vector<std::string> refs;
};
// The touch could not be made ready (a template is gone): its answer is known already.
struct AnswerOut {
  Key customer, touch;
  OperationResult result;
};
using Outgoing =
    std::variant<Want, SendOut, LookUpOut, AnswerOut, CancelTouch, Read, Perform, Understand, Page,
                 Enter, SearchLater, RecallOut, Compose, SeekTouch, HandOn, Rouse, GuardTold>;

// What one drain of a shard decided. It is released, whole, once its entries are durable.
struct ShardBatch {
  size_t shard = 0;
  std::vector<NewEntry> entries;
  std::vector<Snapshot> snapshots;
  std::vector<std::pair<AcceptedBy, Accepted>> acknowledgements;
  std::vector<Outgoing> outgoing;
  uint64_t drain = 0;           // its number
  std::vector<Key> to_evict;    // customers that may leave memory once this is committed
  std::vector<Key> marks_over;  // touches whose crash marks say nothing new once this is committed
  size_t recovered = 0;         // customers who were set going again after a start
  std::vector<uint64_t> seen;   // hashes of the events in it
  std::shared_ptr<const Active> active;  // that it was decided by; none where nothing was
  // Of the shard, as of this batch: the oldest entry that no snapshot holds; 0: all are held.
  Position oldest_unsaved = 0;
  bool nothing_to_release() const {
    return acknowledgements.empty() && outgoing.empty() && to_evict.empty() && marks_over.empty() &&
           recovered == 0;
  }
  bool empty() const { return entries.empty() && snapshots.empty() && nothing_to_release(); }
};

}  // namespace relance
