// The casebook: runs and touches of a store as rows for people and programs, made from the records
// alone.
//
// Threads: one. Memory: a row a run and a touch; made anew by each command that asks.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "admin/archive.h"

namespace relance {

struct RunRow {
  Key run, customer, version, by;
  std::string subject, flow, key, status,
      reason;               // status: running, goal, completed, stopped, expired, failed
  std::string waiting_for;  // step: what it waits for, or why it is held; empty once ended
  std::string held;         // why nothing of it moves; empty: it does
  Instant started_at, ended_at = Instant::never(), next_at = Instant::never();
  Money amount;                          // of the event that began it; no currency: it had none
  bool handed_off = false;               // a person resolved a hand-off of it
  bool with_person = false;              // it was handed to a person at all
  Duration person_for;                   // how long it lay with persons until they ended it
  bool has_goal = true;                  // its flow names one; where the flow is not kept, too
  std::string segment;                   // of the customer's profile as last read
  Instant event_at;                      // when what began it happened, by the event's own account
  Instant expire_at = Instant::never();  // when it ends by itself
  std::map<StepIndex, StepState> steps;  // as they are now
};

struct TouchRow {
  Touch touch;
  Key customer;
  std::string subject;
  std::string verdict;  // sent, held, denied, late
  std::string reason;
  Instant at;  // of the intent, or of the judgement
  Doc frozen, data;
  Instant answered_at = Instant::never();  // replied, clicked, spoke
  bool complained = false, opted_out = false;
};

struct NotStartedRow {
  std::string flow, reason;
  RunEnd how = RunEnd::excluded;
  Key customer, version;
  std::string key;
  std::vector<uint64_t> keys;  // hashes of its fields
  Instant at, until;           // a run would have lasted as long
  Money amount;
  bool has_goal = true;
  bool came_back = false;  // held out: an event of the goal's type and key came all the same
};

// What a customer allowed or withdrew.
struct ConsentRow {
  std::string subject;
  Instant recorded_at;
  Consent consent;
};

struct Casebook {
  std::vector<RunRow> runs;       // in order of start
  std::vector<TouchRow> touches;  // sent, held and refused ones, in order
  std::vector<NotStartedRow> not_started;
  std::vector<ConsentRow> consents;  // in the order in which they were recorded
  uint64_t events = 0;               // accepted from outside, without those that plugins reported
  std::map<uint64_t, Pause> pauses;  // that stand, by number
  Instant from = Instant::never(), to = Instant::beginning();

  const RunRow* find_run(const Key& run) const;
  RunRow* find_run(const Key& run);

 private:
  friend class CasebookMaker;
  std::map<Key, size_t> run_index_, touch_index_;
};

Result<Casebook> make_casebook(Archive& archive);

}  // namespace relance
