// What happened in a flow test's installation, read back from the entries of its store: runs with
// the order in which their steps ended, touches, hand-offs, recorded facts. A view of records like
// any other: the engine tells a test nothing that it would not tell an operator.
//
// Threads: one. Owns a copy of every customer, made by apply(). Lifetime: the rules outlive it.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/run/rules.h"
#include "core/state/opened.h"
#include "core/state/record.h"
#include "store/store.h"

namespace relance {

// A touch that was intended, or one that the gate refused or put off.
struct TouchStory {
  Touch touch;          // of a judged one: channel, step and try alone
  std::string verdict;  // held, denied, late; empty: it was intended
};

struct RunStory {
  Key customer;
  Run run;  // as it is, or as it was when it ended
  RunEnd end = RunEnd::none;
  std::string reason;
  Instant ended_at;
  std::vector<StepIndex> ended;                    // in order of their ending
  std::set<StepIndex> cancelled;                   // of those: ended with the run, in no outcome
  std::map<StepIndex, std::string> reasons;        // of ended steps
  std::map<StepIndex, Doc> packets;                // of hand-offs
  std::vector<std::pair<std::string, Doc>> facts;  // of `record`, once written
  std::vector<TouchStory> touches;                 // oldest first
};

// What an event did to one flow: a run began or was joined, or why none began.
struct FlowEventFate {
  std::string flow;
  Key run;
  RunEnd not_started = RunEnd::none;
  std::string reason;
};

class FlowTestHistory {
 public:
  explicit FlowTestHistory(const Rules& rules) : rules_(rules) {}

  // Takes in what was committed since the last call.
  Status read(StoreReader& reader);

  const RunStory* find(const Key& run) const;
  const std::vector<Key>& runs() const { return order_; }  // in order of their start
  std::vector<FlowEventFate> fates(uint64_t event_hash) const;
  const Customer* customer(const Key& id) const;
  // The run that waits for this read: a step's, or a turn's of a conversation.
  const RunStory* reader_of(const Key& customer, const Key& operation) const;
  // The turn at work in the conversation of this touch; nullptr: none is.
  const Turn* turn_of(const Key& customer, const Key& touch) const;

 private:
  struct Place;  // of a record: its entry and the event taken in it
  void take(const Key& id, const Entry& entry);
  void note(const Record& record, Customer& customer, const Place& place);
  void note_step(const Key& run, const StepState& state);
  void note_end(const StepEnded& ended, const Customer& customer);
  void note_touch(const Key& touch, const Customer& customer);
  const Step* step_of(const Run& run, StepIndex step) const;

  const Rules& rules_;
  Position next_ = 1;
  std::map<Key, Customer> customers_;
  std::map<Key, RunStory> stories_;
  std::vector<Key> order_;
  std::map<uint64_t, std::vector<FlowEventFate>> fates_;
};

}  // namespace relance
