// Records: the only history. Journal, contact ledger, outbox and audit are views of them.
//
// An Entry is what one decision about one customer wrote: its records in order, at one instant.
// Types only grow; a type's number and its fields never change meaning, new fields go to the end.
// Personal values are Sealed.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/state/customer.h"

namespace relance {

// The customer was met for the first time.
struct CustomerMet {
  Sealed subject;
};

// An event about him was accepted.
struct EventTaken {
  uint64_t hash = 0;  // of (tenant, source, id): duplicates
  std::string type;
  Instant time;     // when it happened, by its own account
  Sealed envelope;  // record {id, source}
  Sealed data;      // record: its fields
  Key touch;        // the touch it is about, if any
};

// A run began. Its event is the entry's EventTaken, which stands before it, or the one given.
struct RunStarted {
  Key run;
  std::string flow;
  Key version;
  Instant expire_at;
  std::vector<uint64_t> keys;
  uint16_t failures = 0;
  SeenEvent given;  // by the step that started it; no type: the entry's
  Key by;           // the run of that step
};

// The entry's EventTaken reached a run and is its latest event.
struct RunJoined {
  Key run;
  Sealed event;  // the first event's data with updates laid over it; empty: unchanged
  uint16_t failures = 0;
  bool keep = false;  // an `await` may still look for it
  SeenEvent late;     // it came in an earlier entry, while the run was held; no type: this entry's
};

// A flow would have started and did not: excluded (its `when`), holdout, re_entry, too old.
struct RunNotStarted {
  std::string flow;
  Key version;
  RunEnd how = RunEnd::excluded;
  std::string reason;
};

// A step that has not ended changed; the state as it is from now on.
struct StepMoved {
  Key run;
  StepState state;
};

struct StepEnded {
  Key run;
  StepIndex step = kNoStep;
  std::string outcome;
  std::string reason;  // why: gate reason, provider reason, row of a table
  Sealed data;
};

// The gate or a policy put a touch off, refused it, or let it pass: with the facts it used.
struct TouchJudged {
  Key run;
  StepIndex step = kNoStep;
  uint8_t try_no = 0;
  std::string channel;
  std::string verdict;  // held, denied, late
  std::string reason;   // closed list: core/gate/reason.h
  Instant until = Instant::never();
  Doc facts;
};

// A touch is about to leave: the intent. Durable before the first byte.
struct TouchIntended {
  Touch touch;
  bool moves = false;  // its step is out with it from now on; else a StepMoved says how it goes on
};

// What is known about an open touch changed.
struct TouchSettled {
  Key key;
  TouchState state = TouchState::done;
  std::string outcome, reason;
  Sealed refs;  // provider ids learnt
  Sealed data;
  int64_t cost_micro = 0;
  Currency cost_currency;
  Instant settle_at = Instant::never();  // still open: when to settle
  uint8_t attempts = 0;
  Instant acted_at;                        // when the provider says it happened
  std::vector<uint64_t> reference_hashes;  // of refs: what arrives with a provider's id only
  int64_t boot_ms = 0;                     // time since boot, where settle_at ends a quiet time
  bool forget = false;                     // it leaves the ledger
};

struct ProfileRead {
  Sealed profile;
};

struct RunEnding {  // no step starts any more but `ended` ones and undos
  Key run;
  RunEnd how = RunEnd::completed;
  std::string reason;
  Key by;  // the touch credited
};

struct RunEnded {
  Key run;
};

struct ConsentChanged {
  Consent consent;
};

struct AddressSuppressed {
  uint64_t address = 0;
  std::string reason;  // empty: lifted
};

struct Remembered {
  Memory memory;
};

struct LeaseChanged {
  Lease lease;
  bool held = false;
};

// A decision with the facts it used in derived form: explain's raw material.
struct Decided {
  Key run;
  StepIndex step = kNoStep;
  std::string what;  // "rule", "policy", "start", "conversation"
  std::string choice;
  Doc facts;
};

struct CommandTaken {
  std::string command, author;
  Doc detail;
};

// Ledger and past are cut at this instant; where flows ask further back for runs that ended
// (`re_entry`), those are cut at one of their own.
struct Trimmed {
  Instant before;
  Instant runs_before = Instant::never();  // never: as `before`
};

// The whole customer, as his entries before this one and the one that stood here made him: it is
// the only record of its entry, and a chain and a rebuild end here.
struct Base {
  std::string snapshot;
};

// The run's flow version cannot be loaded: it is held as it is. Or it can again.
struct RunHeld {
  Key run;
  bool held = true;
  std::string reason;
};

// The entry's EventTaken came while the run was held.
struct EventKept {
  Key run;
};

// A marker opened or closed, or is not worth remembering any more.
struct MarkerChanged {
  Marker marker;
  bool forgotten = false;
};

// The customer answered a touch: replied, clicked, spoke. Tells which channel reaches him, and
// when.
struct TouchAnswered {
  Key key;
  Instant at;
};

// An absence is counted from this event on; with an instant of `never` it was found already.
struct WatchSet {
  AbsenceWatch watch;
};

// What the engine keeps of his orders and reactions: all of it, as it is from now on.
struct FactsKept {
  Sealed facts;
};

// A flow's search for its segment, as it stands from now on.
struct SearchMoved {
  Search search;
};

// The entry's EventTaken is about a touch by a provider's id that nobody is known by yet.
struct EventWaits {
  uint64_t reference = 0;  // hash of that id
  Instant until;
};

// It waits no more: it was handed to the touch's customer, or given up.
struct EventWaited {
  uint64_t hash = 0;  // of the event
  Key touch;          // none: given up
};

// The run goes on with another version of its flow. Its states and touches go along by `steps`;
// what is not named there is left behind.
struct StepMapped {
  StepIndex from = kNoStep, to = kNoStep;
  bool operator==(const StepMapped&) const = default;
};
struct RunMoved {
  Key run;
  Key version;
  std::vector<StepMapped> steps;
  bool back = false;                   // it was moved by mistake, and is on its own version again
  StepIndex to(StepIndex from) const;  // kNoStep: it is left behind
};

// A pause was set, or has ended, or has let go all that it held (`over`).
struct PauseChanged {
  Pause pause;
  bool over = false;
};

// What a guard has counted, as it stands from now on.
struct GuardCounted {
  GuardCount count;
};

// A pause held the run so long: its end, and the deadlines of its steps, come so much later.
struct RunShifted {
  Key run;
  Duration by;
};

// What may be done with his data from now on.
struct PrivacyChanged {
  bool restricted = false, erasing = false;
};

// What he had corrected and completed: all of it, as it is from now on.
struct Amended {
  Sealed corrected, added;
};

// Fields of a run's event were corrected.
struct RunAmended {
  Key run;
  Sealed event;   // of the first event
  Sealed latest;  // of the last that joined; empty: still the first
};

// He is erased: his runs are dropped, and nothing personal is left of him (redact.h), in the
// entries before this one neither. Their bytes have changed: the chain begins anew.
struct CustomerErased {
  uint64_t entries = 0;  // before this one
};

// The order is the type number on disk: append only.
using Record =
    std::variant<CustomerMet, EventTaken, RunStarted, RunJoined, RunNotStarted, StepMoved,
                 StepEnded, TouchJudged, TouchIntended, TouchSettled, ProfileRead, RunEnding,
                 RunEnded, ConsentChanged, AddressSuppressed, Remembered, LeaseChanged, Decided,
                 CommandTaken, Trimmed, Base, RunHeld, EventKept, MarkerChanged, TouchAnswered,
                 WatchSet, FactsKept, SearchMoved, EventWaits, EventWaited, RunMoved, PauseChanged,
                 GuardCounted, RunShifted, PrivacyChanged, Amended, RunAmended, CustomerErased>;

std::string_view record_name(const Record& record);

struct Entry {
  Key customer;
  Instant at;
  uint64_t generation = 0;
  std::vector<Record> records;
};

std::string encode_entry(const Entry& entry);
void encode_entry(const Entry& entry, std::string& out);  // appends
Result<Entry> decode_entry(std::string_view bytes);       // fails with store_corrupt

}  // namespace relance
