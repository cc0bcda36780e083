// What travels inside the node: inputs to a shard, and what a shard decided on its way through the commit.
#pragma once

#include <functional>
#include <variant>
#include <vector>

#include "core/run/input.h"
#include "node/node.h"
#include "plugins/performer.h"
#include "store/store.h"

namespace relance {

using AcceptedBy = std::function<void(Accepted)>;

struct Mail {
  Key customer;
  Input input;
  AcceptedBy done;  // of an event; empty otherwise
};

// An effect made ready for the Performer, in the order in which it was decided.
struct SendOut {
  TouchOrder order;
  bool slot = false;
};
struct LookUpOut {
  TouchOrder order;
  std::vector<std::string> refs;
};
// The touch could not be made ready (a template is gone): its answer is known already.
struct AnswerOut {
  Key customer, touch;
  OperationResult result;
};
using Outgoing = std::variant<Want, SendOut, LookUpOut, AnswerOut, CancelTouch, Read, Perform, Understand>;

// What one drain of a shard decided. It is released, whole, once its entries are durable.
struct ShardBatch {
  size_t shard = 0;
  std::vector<NewEntry> entries;
  std::vector<Snapshot> snapshots;
  std::vector<std::pair<AcceptedBy, Accepted>> acknowledgements;
  std::vector<Outgoing> outgoing;
  std::vector<Key> to_evict;      // may leave memory once this is committed
  Position oldest_unsaved = 0;    // of the shard, after this batch: its snapshots lag behind no further; 0: nothing unsaved
  bool empty() const {
    return entries.empty() && snapshots.empty() && acknowledgements.empty() && outgoing.empty();
  }
};

}  // namespace relance
