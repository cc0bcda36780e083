// The node: shards, lanes, committer and timers over a store; where decisions become durable and
// effects leave.
//
//   accept/deliver -> shard's mailbox -> decide -> group commit -> acknowledgements, effects
//       ^                                                                          |
//       +--------------------------------- Performer <-----------------------------+
//
// A shard is a contiguous range of the customer's hash and the only writer of its customers.
// Nothing leaves the node (effect or acknowledgement) before the entries it follows from are
// committed. On start, customers with open touches or wants are found and set going again as their
// delivery class allows.
//
// Two ways to drive it: RealDrive (real_drive.h: TBB arena, committer thread, timer thread) and
// VirtualDrive (sim/virtual_drive.h: rounds on a virtual clock until nothing is left to do at an
// instant).
// Threads: accept() and the Inbox functions from any thread. Blocks: accept() when the mailboxes
// are full. Fails: once the store is lost (health()), everything is refused.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/process.h"
#include "core/customer/decide.h"
#include "plugins/performer.h"
#include "store/store.h"

namespace relance {

struct NodeOptions {
  int shards = 16;
  int workers = 0;                     // 0: as many as cores
  size_t hot_bytes = 20u << 20;        // customers kept in memory
  size_t most_waiting_inputs = 16384;  // accept() blocks beyond
  uint64_t tail_entries = 60'000;      // the horizon follows at most this far behind
  std::string marks_path;              // crash marks (node/marks.h); empty: none
  std::string hold_path;               // a hold's note (store/hold.h); empty: none
};

// Lane of one channel: how fast and how many at once.
struct LaneLimits {
  int most_in_flight = 64;
  double per_second = 0;  // 0: unlimited
};

enum class Accepted : uint8_t {
  kept,
  duplicate,
  refused,  // not kept: whoever sent it still owns it
};
using AcceptedBy = std::function<void(Accepted)>;

struct NodeStatistics {
  uint64_t accepted = 0;  // events of sources; those of plugins stand by themselves
  std::map<std::string, uint64_t> from_plugins;  // accepted, by the reporting instance
  uint64_t duplicates = 0;                       // of all these
  uint64_t early_events = 0;                     // that wait until their touch is known
  uint64_t commits = 0, entries = 0;
  uint64_t hot_customers = 0, waiting_inputs = 0, open_operations = 0;
};

// What drives a node: threads on a real clock, rounds on a virtual one.
class Node : public Inbox {
 public:
  // `done` is called once the event is durable, or at once where it is refused; from any thread. It
  // must not block.
  virtual void accept(EventInput event, AcceptedBy done) = 0;
  // The same where it must not wait. False: there is no room now, nothing was taken, `done` is not
  // called.
  virtual bool accept_now(EventInput event, AcceptedBy done) = 0;
  // Would accept_now() take one?
  virtual bool has_room() const = 0;
  // A person's. `done` as of accept(): kept once it is durable, duplicate where it changed nothing.
  virtual void command(const Key& customer, CommandInput command, AcceptedBy done = {}) = 0;

  // Finds customers with open touches and wants; to be called once, when the Performer is ready and
  // before anything is driven.
  virtual Status recover() = 0;
  // Writes every snapshot. Only while nothing is driven any more; what is under way outside is left
  // to the next start.
  virtual Status close() = 0;
  // Why nothing is committed any more (store failed, fenced, went back); ok while it runs.
  virtual Status health() const = 0;
  virtual NodeStatistics statistics() const = 0;
};

}  // namespace relance
