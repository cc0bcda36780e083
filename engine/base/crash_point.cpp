#include "base/crash_point.h"

#include <algorithm>

namespace relance {
namespace {

constexpr std::array<std::string_view, kCrashPoints> kNames = {
    "event_accepted",
    "mail_taken",
    "customers_loaded",
    "decided",
    "effect_ready",
    "batch_made",
    "batch_queued",
    "snapshot_made",
    "commit_gathered",
    "commit_written",
    "commit_unknown",
    "commit_accepted",
    "commit_acknowledged",
    "commit_released",
    "batch_finished",
    "customer_left",
    "before_effect",
    "mark_half_begun",
    "mark_begun",
    "effect_given",
    "look_up_given",
    "slots_granted",
    "slot_taken",
    "slot_given_back",
    "plugin_before_send",
    "plugin_sent",
    "plugin_completed",
    "mark_half_answered",
    "answer_marked",
    "mark_released",
    "store_open",
    "marks_half_made",
    "marks_open",
    "tail_applied",
    "memory_relieved",
    "tail_replayed",
    "generation_kept",
    "reload_checked",
    "generation_active",
    "shard_recovered",
    "customer_recovered",
    "earlier_marks_freed",
    "node_recovered",
    "close_saved",
    "close_committed",
    "schema_made",
    "epoch_committed",
    "epoch_marked",
    "transaction_begun",
    "entries_written",
    "snapshots_written",
    "slice_written",
    "transaction_committed",
    "lock_written",
    "idle_slice_written",
    "idle_slice_committed",
    "checkpoint_begun",
    "checkpoint_done",
    "backup_written",
    "restore_copied",
    "restore_held",
    "restore_kept_aside",
    "compacted_some",
};

}  // namespace

std::string_view crash_point_name(CrashPoint point) { return kNames[static_cast<size_t>(point)]; }

std::optional<CrashPoint> crash_point_named(std::string_view name) {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<CrashPoint>(found - kNames.begin());
}

}  // namespace relance
