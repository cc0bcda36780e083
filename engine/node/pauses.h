// Pausing and resuming a node that works: the orders of an operator, and what he is shown before.
//
// Threads: one at a time, none of the drive's; finish_releases() before anything is driven. Blocks:
// until what was ordered is durable, and reads the store; deciding goes on meanwhile.
// Fails: with the codes named; nothing was changed then, unless the message says so.
#pragma once

#include "core/customer/pause.h"
#include "node/generation.h"
#include "node/in_flight.h"

namespace relance {

// Do the bundle's flows and channels have these names? Fails with
// pause_scope_unknown.
Status check_scope(ActiveGeneration& live, const Pause& wanted);

// Holds, or refuses, what it names from now on, before the next touch leaves:
// with its number. Fails with pause_stands, where the same stands already.
Result<Pause> pause(NodeCore& node, const Pause& wanted);

// Which one an operator means: by its number, or by exactly what it names.
struct PauseName {
  uint64_t number = 0;
  std::string flow, channel, segment;
  bool off = false;
};
// Fails with pause_unknown.
Result<Pause> find_pause(const std::vector<Pause>& pauses, const PauseName& name);

struct HeldExample {
  HeldTouch touch;
  std::string subject;
};
struct HeldGroup {
  uint64_t count = 0;
  std::vector<HeldExample> examples;
};

// What a pause holds, and what would become of it now.
struct ResumePreview {
  Pause pause;
  uint64_t touches = 0, customers = 0;
  uint64_t seconds = 0;  // messages beside a better one of the same customer:
                         // `merge` leaves them out
  uint64_t expired = 0;  // runs of its flows that came to their end by time since it began
  std::map<std::pair<HeldTouch::Fate, Reason>, HeldGroup> groups;

  void add(const Customer& customer, std::vector<HeldTouch> held);
};
constexpr size_t kHeldExamples = 3;  // of each group

Result<ResumePreview> preview_resume(NodeCore& node, const Rules& rules, const Pause& pause);

// Ends it, and lets go what it held, some hundreds of customers at a time. How
// many had something that went on.
struct ResumeOrder {
  uint64_t number = 0;
  Release release = Release::send;
  std::string author, reason;
};
Result<uint64_t> resume(NodeCore& node, const ResumeOrder& order);

// What an earlier process was about to let go. After NodeCore::recover().
Status finish_releases(NodeCore& node);

CommandInput pause_command(const Pause& wanted);
CommandInput resume_command(const ResumeOrder& order);
Doc to_doc(const ResumePreview& preview);

}  // namespace relance
