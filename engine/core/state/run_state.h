// A live run: one flow version working on one customer and one key. A snapshot, not a history: step
// states, waits, data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/box.h"
#include "base/id.h"
#include "base/instant.h"
#include "base/seal.h"
#include "base/word.h"
#include "core/graph/flow.h"

namespace relance {

enum class Phase : uint8_t {
  waiting,  // until wake_at or a matching event: wait, await, gap before the next try, response
            // window
  wanting,  // asks its lane for a slot
  held,     // the gate said: not yet; wake_at or the event named by `word` brings it back
  reading,  // a read without side effect is under way (fetch, recheck, policy)
  out,      // a touch is open: intended, unknown or parked for a person
  human,    // with a person
  ended,
};
std::string_view phase_name(Phase phase);

// State of a step that has begun. Steps that have not begun, or are unreached, have none: that
// follows from the others.
struct StepState {
  StepIndex step = kNoStep;
  Phase phase = Phase::waiting;
  uint8_t try_no = 0;                         // tries dispatched so far
  uint8_t callbacks = 0;                      // callbacks dispatched so far
  bool callback_next = false;                 // the next dispatch is a callback
  bool opened = false;                        // an opening lets it go (core/run/opening.h)
  uint8_t channel = 0;                        // of several, the one chosen last
  Instant began_at;                           // when its edges let it start
  Instant first_sent_at = Instant::never();   // dispatch of its first try
  Instant sent_at = Instant::never();         // dispatch of its latest try
  Instant wake_at = Instant::never();         // of an ended hold: its undo is owed then
  Instant not_before = Instant::beginning();  // earliest next dispatch (gap, policy)
  // What `at` said of the next try; beginning: at once; never: it was asked a second time.
  Instant planned_at = Instant::beginning();
  Instant rechecked_at =
      Instant::beginning();  // when the flow's `recheck` was last read for this step
  Word word;                 // ended: the outcome; held and reading: the gate's reason
  Word last_word;            // what the latest try ended in
  Key touch;                 // the latest touch or read of this step
  Sealed data;               // what it brought; a record
  Key side;                  // side message or read of a conversation's turn at work
  Sealed talk;               // state of a conversation under way (core/run/conversation.h)
  Sealed content;            // what a writer made for the next try (core/run/content.h)
  bool operator==(const StepState&) const = default;
};

// An event that joined the run, for `await` without `after`, which sees the run's past.
struct SeenEvent {
  std::string type;
  Instant at;
  Sealed data;
  bool operator==(const SeenEvent&) const = default;
};

// An event that came while the run was held: it is looked at once the run is free again.
struct KeptEvent {
  std::string type;
  Instant time, at;  // when it happened, by its own account; when it was accepted
  Key touch;         // that it is about, if any
  Sealed data;
  bool operator==(const KeptEvent&) const = default;
};

// Where a run was moved from last (RunMoved), so that it can be taken back.
struct MovedFrom {
  Key version;
  Instant at;
  bool whole = false;  // nothing of it was left behind
  bool operator==(const MovedFrom&) const = default;
};

struct Run {
  Key id;
  std::string flow;
  Key version;
  Instant started_at, expire_at;
  std::vector<uint64_t>
      keys;       // hash of each of the flow's key fields; 0 where the start event had none
  Sealed event;   // data of the first event, with `updates` laid over it
  Sealed latest;  // data of the last event that joined; empty: still the first
  std::string event_type;
  Instant event_time;            // when the first event happened, by its own account
  uint16_t failures = 0;         // distinct failed payment attempts: start, joined, own declines
  RunEnd ending = RunEnd::none;  // set once it is ending while undos and `ended` steps still run
  std::string end_reason;
  Key ended_by;  // touch credited with the goal, if one was
  bool paused = false;
  std::vector<StepState> steps;  // sorted by step
  std::vector<SeenEvent> past;   // joined events that an `await` without `after` may still look for
  bool held = false;             // its flow version cannot be loaded: nothing of it moves
  std::vector<KeptEvent> kept;   // while it is held
  Box<MovedFrom> moved;          // empty: it is on the version that it began with
  Duration shifted;              // its deadlines, by pauses that ended so

  const StepState* find(StepIndex step) const;
  StepState* find(StepIndex step);
  StepState& at(StepIndex step);  // inserts in order when it is not there yet
  bool live() const { return ending == RunEnd::none; }
  bool operator==(const Run&) const = default;
};

}  // namespace relance
