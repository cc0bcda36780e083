// Crash points: the instants at which the end of the process would hurt most, by name. They stand
// in the code itself, between what must not come apart.
//
// Nobody watches them but tests: one copies what would remain of the world at an instant and goes
// on from the copy; the real program kills itself at one (RELANCE_CRASH_AT, base/process.h). A
// point that nobody watches costs a look at one pointer.
// Threads: crash_point() from any; watch_crash_points() while nothing works.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace relance {

enum class CrashPoint : uint8_t {
  // intake and decision
  event_accepted,    // an event goes to its shard's mailbox
  mail_taken,        // a shard took what waited
  customers_loaded,  // those it needs are in memory
  decided,           // a customer has changed in memory, nothing is written
  effect_ready,      // what will leave is rendered
  batch_made,        // a shard's batch is whole
  batch_queued,      // it has its positions and waits for the committer
  snapshot_made,     // a customer's late copy is in a batch
  // commit
  commit_gathered,      // what all shards decided is one batch
  commit_written,       // the store has it, the committer does not know yet
  commit_unknown,       // the store was opened again to find out
  commit_accepted,      // it is durable, nobody was told
  commit_acknowledged,  // sources were told, effects were not released
  commit_released,      // effects are on their way
  batch_finished,       // a shard knows that its batch is durable
  customer_left,        // a customer left memory
  // effects
  before_effect,       // durable, not begun
  mark_half_begun,     // its mark names it, and says nothing yet
  mark_begun,          // its mark says that bytes may leave
  effect_given,        // the performer has it
  look_up_given,       // the performer looks up what became of one
  slots_granted,       // a lane gave room to whoever waited longest
  slot_taken,          // a touch holds its place in a lane
  slot_given_back,     // its answer gave the place back
  plugin_before_send,  // the plugin is about to be called
  plugin_sent,         // its call has returned
  plugin_completed,    // its answer is here, and not delivered
  mark_half_answered,  // the answer is in the mark, the mark does not say so
  answer_marked,       // the mark says so, the shard has not heard
  mark_released,       // the answer is in the store, the mark is free
  // start
  store_open,           // it is opened, nothing is read
  marks_half_made,      // an old or foreign file was wiped
  marks_open,           // what an earlier process left is known
  tail_applied,         // a window of the tail was applied again
  memory_relieved,      // who did not fit was written and left
  tail_replayed,        // all of the tail was
  generation_kept,      // a bundle is in the store, and not active
  reload_checked,       // the next generation is made and checked, nothing of it is kept
  generation_active,    // decisions follow it
  shard_recovered,      // whoever had something under way has mail
  customer_recovered,   // the marks were asked about his touches
  earlier_marks_freed,  // nobody needs what an earlier process left
  node_recovered,       // everybody is set going again
  // close
  close_saved,      // last snapshots are queued
  close_committed,  // they are in the store
  // the store's file
  schema_made,        // its tables are there
  epoch_committed,    // the writer's number is in it, not in the lock's file
  epoch_marked,       // in both
  transaction_begun,  // the row of meta is changed
  entries_written,
  snapshots_written,
  slice_written,  // all is, nothing is committed
  transaction_committed,
  lock_written,        // the lock's file knows the commit
  idle_slice_written,  // a late merge of its own, not committed
  idle_slice_committed,
  checkpoint_begun,
  checkpoint_done,
  // copies of a store
  backup_written,      // it is whole, and has not got its name
  restore_copied,      // the backup lies beside the store
  restore_held,        // the store's sends are held
  restore_kept_aside,  // the store before has a second name
  compacted_some,      // a part of old history is summed up, not committed
  count
};

inline constexpr size_t kCrashPoints = static_cast<size_t>(CrashPoint::count);
std::string_view crash_point_name(CrashPoint point);  // as in the list above
std::optional<CrashPoint> crash_point_named(std::string_view name);

class CrashWatch {
 public:
  virtual ~CrashWatch() = default;
  virtual void visit(CrashPoint point) = 0;
};

inline std::atomic<CrashWatch*> crash_watch = nullptr;

// Who is told of every visit from now on; nullptr: nobody. Gives who was before.
inline CrashWatch* watch_crash_points(CrashWatch* watch) { return crash_watch.exchange(watch); }

inline void crash_point(CrashPoint point) {
  if (CrashWatch* watch = crash_watch.load(std::memory_order_acquire)) watch->visit(point);
}

}  // namespace relance
