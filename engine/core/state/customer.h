// A customer: the unit of consistency. All of his live runs, what was said to him, what he allowed.
// Everything the gate needs is here, so a decision asks nothing else. Changed by apply() (apply.h)
// and by nothing else.
//
// Threads: one writer, his actor. Size: 0.3-0.5 kB for a customer with one run; touches older than
// the ledger's horizon are dropped by trim records.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/box.h"
#include "base/id.h"
#include "base/seal.h"
#include "core/state/pause.h"
#include "core/state/run_state.h"
#include "core/state/touch.h"

namespace relance {

struct Consent {
  std::string channel;  // empty: any
  Purpose purpose = Purpose::marketing;
  bool given = false;
  Instant at;
  std::string basis;           // legal basis or manner: a word
  std::string source{};        // where it was given: "checkout", "crm", a call's id
  std::string text_version{};  // of the text that was shown or spoken
  Instant expires_at = Instant::never();
  std::string evidence{};  // a reference to the proof
  bool operator==(const Consent&) const = default;
};

// A run that ended, as long as `re_entry` may ask for it.
struct PastRun {
  Word flow;
  uint64_t key = 0;  // hash over its key fields
  RunEnd end = RunEnd::completed;
  Instant ended_at;
  bool operator==(const PastRun&) const = default;
};

// What was said, promised or asked in an earlier contact, or told of it, as words.
struct Memory {
  enum class Kind : uint8_t {
    said,
    promised,
    asked,
    told  // to the CRM, of this touch beside its outcome (core/run/write_back.h)
  } kind = Kind::said;
  std::string word;
  Key touch;
  Instant at;
  bool operator==(const Memory&) const = default;
};

// An item of a human queue, or a call that a person has taken over: while it stands, automation
// waits (core/run/human_item.h).
struct Lease {
  Key run;
  StepIndex step = kNoStep;
  // It is looked at again then: whoever has it must have ended it, or the desk have taken it.
  Instant until = Instant::never();
  Word queue{}, by{};  // by: who has it; empty: it lies in the queue
  Instant opened_at{};
  uint8_t offers = 0;      // to the queue's desk so far
  bool follow_up = false;  // it stays when its run ends, until a person closes it
  Sealed packet{};         // once its run has ended; before that the step has it
  Key call{};              // of a call that a person has taken over: its touch
  bool operator==(const Lease&) const = default;
};

// What events say that he is in the middle of, by the markers of contact.lua. A closed one is kept
// for a while: rules count on from its closing, and an event that comes late must not open it
// again. The name "=responded" is the engine's: he responded to the flow whose name `key` is of.
struct Marker {
  Word name;
  uint64_t key = 0;  // hash over its key fields; 0: it has none
  bool open = false;
  Instant at;  // when it opened or closed, by the latest event about it
  bool operator==(const Marker&) const = default;
};
inline constexpr std::string_view kResponded = "=responded";
// A flow that starts by the absence of an event counts from the last such event.
struct AbsenceWatch {
  Word flow;
  Instant since;   // when it happened
  Instant due_at;  // when its absence is complete; never: it was found
  Sealed event;    // its data, until then
  bool operator==(const AbsenceWatch&) const = default;
};

// Where a flow's search for the customers of its segment stands. It belongs to the flow's own
// actor, a customer nobody ever meets (customer/search.h).
struct Search {
  Word flow;
  Key version;         // of the flow, as of this round
  uint64_t round = 0;  // under way, or the last one
  bool running = false;
  Instant began_at;                           // of this round
  Instant whole_from = Instant::beginning();  // when the last whole round began
  Instant next_at;                            // the next page, or the next round
  uint8_t pass = 0;                           // which of the round's questions
  Sealed cursor;                              // record {cursor}: of the next page
  Key asked;                                  // the page that was asked for; none: it waits
  uint64_t looked_at = 0, found = 0;          // in this round
  uint32_t failures = 0;                      // of this page, one after the other
  std::string trouble;                        // why the last one failed
  bool operator==(const Search&) const = default;
};

// What flows that start by themselves need to know of him; most customers have none of it.
struct Lookout {
  std::vector<AbsenceWatch> watches;
  Sealed facts;  // record: of his orders and reactions (run/kept_facts.h)
  std::vector<Search> searches;
  std::vector<Pause> pauses;  // of their actor: those that stand, or still let
                              // go what they held
  uint64_t last_pause = 0;    // its number
  std::vector<GuardCount> guards;
  bool operator==(const Lookout&) const = default;
};

// What he asked for about the data kept of him; most customers ask for nothing. With the commands
// of customer/privacy.h.
struct Privacy {
  bool restricted = false;               // nothing is done with his data but keeping it
  bool erasing = false;                  // asked for; something of his is still on the wire
  Instant erased_at = Instant::never();  // what is kept of the time before names nobody
  Sealed corrected,
      added;  // records: hold in place of what the CRM tells, or where it tells nothing
  bool operator==(const Privacy&) const = default;
};

// An event that names only a provider's id by which no touch is known yet: the webhook overtook the
// answer to the send. It waits with an actor of its own (core/customer/early_event.h).
struct EarlyEvent {
  uint64_t hash = 0;       // as EventTaken::hash
  uint64_t reference = 0;  // hash of the provider's id
  Instant until;           // then it is given up
  std::string type;
  Instant time;           // when it happened, by its own account
  Sealed envelope, data;  // as in EventTaken
  bool operator==(const EarlyEvent&) const = default;
};

struct Customer {
  Key id;
  Sealed subject;  // record {subject}
  Sealed profile;  // what the CRM told last, a record
  Instant profile_at = Instant::beginning();
  std::vector<Run> runs;       // live, oldest first
  std::vector<PastRun> past;   // oldest first
  std::vector<Touch> touches;  // the ledger, oldest first
  std::vector<Consent> consents;
  std::vector<Memory> memory;
  std::vector<Lease> leases;
  std::array<uint64_t, 16> recent_events{};  // hashes of the last accepted events, a ring
  uint8_t recent_next = 0;
  bool older_events =
      false;             // more than 16 were accepted: the store must be asked about an older hash
  uint64_t entries = 0;  // how many were applied
  Instant last_at = Instant::beginning();
  Key chain;                                     // over all entries' bytes in order
  Instant touches_since = Instant::beginning();  // older touches were trimmed; beginning: none were
  std::vector<Marker> markers;
  Box<Lookout> lookout;
  Box<std::vector<EarlyEvent>> early;  // oldest first; of an actor that waits for a touch
  Box<Privacy> privacy;

  Run* find_run(const Key& id);
  const Run* find_run(const Key& id) const;
  Touch* find_touch(const Key& key);
  const Touch* find_touch(const Key& key) const;
  bool saw_event(uint64_t hash) const;
  bool holds(const Touch& touch) const;  // its run is held: it is not to be settled
  // Nothing begins and nothing leaves: restricted, or being erased.
  bool limited() const { return privacy.there() && (privacy->restricted || privacy->erasing); }

  // The soonest instant at which something of his must be looked at: wakes, expiries, settlements,
  // leases, absences.
  Instant next_due() const;
  // A want, a read, a touch or an event's search for its touch is under way that only memory knows
  // of, or a run is held: his snapshot is due at once, so that a restart finds him and RecoverInput
  // sets it going again.
  bool unfinished() const;
  bool operator==(const Customer&) const = default;
};

// One hash over all key fields of a run; 0 for a flow without a key.
uint64_t whole_key(const std::vector<uint64_t>& keys);

// The customer as bytes: equal customers have equal bytes. Versioned.
std::string encode_snapshot(const Customer& customer);
Result<Customer> decode_snapshot(std::string_view bytes);  // fails with store_corrupt

}  // namespace relance
