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

#include "base/id.h"
#include "base/seal.h"
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

// What was said, promised or asked in an earlier contact, as words.
struct Memory {
  enum class Kind : uint8_t { said, promised, asked } kind = Kind::said;
  std::string word;
  Key touch;
  Instant at;
  bool operator==(const Memory&) const = default;
};

// While a person owns the case, automation waits.
struct Lease {
  Key run;
  StepIndex step = kNoStep;
  Instant until = Instant::never();
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

  Run* find_run(const Key& id);
  const Run* find_run(const Key& id) const;
  Touch* find_touch(const Key& key);
  const Touch* find_touch(const Key& key) const;
  bool saw_event(uint64_t hash) const;
  bool holds(const Touch& touch) const;  // its run is held: it is not to be settled

  // The soonest instant at which something of his must be looked at: wakes, expiries, settlements,
  // leases.
  Instant next_due() const;
  // A want, a read or a touch is under way that only memory knows of, or a run is held: his
  // snapshot is due at once, so that a restart finds him and RecoverInput sets it going again.
  bool unfinished() const;
  bool operator==(const Customer&) const = default;
};

// One hash over all key fields of a run; 0 for a flow without a key.
uint64_t whole_key(const std::vector<uint64_t>& keys);

// The customer as bytes: equal customers have equal bytes. Versioned.
std::string encode_snapshot(const Customer& customer);
Result<Customer> decode_snapshot(std::string_view bytes);  // fails with store_corrupt

}  // namespace relance
