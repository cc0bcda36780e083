// Audit: looks through what happened to a customer for a contact or a charge that the declared
// rules forbid. Reads intents, outcomes, events, consents and leases; shares no code with the gate
// and believes none of its verdicts. `relance audit` feeds it a store, the prover a made-up life.
//
//   contacts  gap, cap, max, window, never, mutex, responded_to_campaign, priority, consent,
//             suppression, address, lease, restricted, recheck, deadline, a run that is over; and
//             whether one was refused for want of an address before anybody had looked
//   charges   one at a time for a key, none after a refusal, network ceilings, lease, recheck
//
// Measured are the rules of the generation that decided, with the step's overrides; hours only
// where the profile names a zone; of a customer who was erased nothing from before, since what it
// was decided by is gone. Threads: one. Owns: what it remembers; a customer's ledger grows
// with his touches.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/graph/contact_rules.h"
#include "core/state/record.h"

namespace relance {

struct Breach {
  std::string rule;  // as listed above
  Key customer, touch;
  Instant at;
  std::string text;  // what left, and what stood against it
};

// The rules that an entry was decided by.
struct AuditRules {
  const ContactRules& contact;
  std::function<const Flow*(const Key& version)>
      flow;  // nullptr: not known, its rules are not told
};

// Suppressed addresses, over all customers: since when.
using SuppressedSince = std::map<uint64_t, Instant>;

class Audit {
 public:
  explicit Audit(SuppressedSince& suppressed) : suppressed_(suppressed) {}

  // The customer's next entry. Appends to `found`.
  void take(const Entry& entry, const AuditRules& rules, std::vector<Breach>& found);

 private:
  friend class AuditCheck;
  friend struct AuditTaker;

  struct LiveRun {
    Word flow;
    Key version;
    Instant started_at, event_time;
    bool over = false, held = false;
    std::map<StepIndex, StepState> steps;
  };
  struct Told {  // the latest word about one marker
    Instant at;
    bool open = false;
  };

  SuppressedSince& suppressed_;
  std::vector<Touch> touches_;
  std::map<Key, LiveRun> runs_;
  std::map<std::pair<std::string, std::string>, Told> markers_;  // by name and key
  std::vector<std::pair<Word, Instant>> responses_;              // to flows
  std::vector<Consent> consents_;
  std::vector<Lease> leases_;
  std::string zone_;  // that the profile names
  bool profile_read_ = false;
  bool limited_ = false;  // his data may not be used
  bool erased_ = false;   // what these records say was erased later
  Instant event_time_;    // of the latest event
};

}  // namespace relance
