// The gate: the one place every touch and every charge passes just before it leaves.
//
// Pure: the answer depends on the question alone. It is asked at dispatch with the customer's state
// of that instant, never at planning; a touch that is held gives its slot back and is asked again.
// Every rule stands behind it, as a check in gate.cpp's one ordered list. Charges pass too: network
// ceilings and open attempts instead of contact rules.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "base/doc.h"
#include "core/gate/pauses.h"
#include "core/gate/reason.h"
#include "core/gate/zone_of.h"
#include "core/graph/contact_rules.h"
#include "core/graph/step.h"
#include "core/state/customer.h"

namespace relance {

// Suppressed addresses, over all customers: shared phones and mailboxes.
class Suppression {
 public:
  virtual ~Suppression() = default;
  // The reason word, or empty. Threads: any.
  virtual std::string reason(uint64_t address) const = 0;
  // The do-not-call list on which it stands for that purpose ("dnc.csv of 2026-11-01"), or empty.
  // Threads: any.
  virtual std::string listed(uint64_t, Purpose) const { return {}; }
};

// What another step of the same customer wants at the same moment, in a flow that is more urgent.
struct Rival {
  std::string_view flow, step, channel_kind;
  Purpose purpose = Purpose::service;
};

struct GateQuestion {
  const Customer& customer;
  const Run& run;
  StepIndex step = kNoStep;
  Instant now;

  TouchWhat what = TouchWhat::message;
  std::string_view channel;                // name in the bundle
  std::string_view channel_kind;           // rules name kinds: "voice"
  std::span<const std::string> languages;  // that the channel speaks, BCP 47; none: any
  Purpose purpose = Purpose::service;
  bool requested = false;  // the customer asked for it: no cap, gap or campaign rule
  bool repeat = false;     // it passed the gate before and is counted already; `requested` then
  std::span<const Override> overrides;
  std::optional<Instant> deadline;  // the step's, if it has one

  const ContactRules& rules;    // the tenant's
  const ContactRules& tighten;  // the flow's
  const Suppression& suppression;
  DocView profile;  // opened; null: not read yet
  const Zone& bundle_zone;
  std::string_view bundle_locale;  // where the profile names none
  bool profile_needed = true;  // false for channels that need no address of the customer (charges)
  bool profile_stale = false;  // the flow asks for one that was read a moment ago
  bool recheck_pending = false;  // the flow re-reads before this touch and has not yet
  const Rival* rival = nullptr;  // the most urgent one; null: there is none
  // Held until an opening, or released by an event: since then it could leave. never(): it was not.
  Instant held_until = Instant::never();
  const Pauses* pauses = nullptr;  // nullptr: there are none
};

struct Allow {
  uint64_t address = 0;  // hash of the normalised address; 0 for charges
  std::string to;        // the address itself, to be sealed with the intent
  std::string lifted;    // rules that an override lifted and that would have held it: "gap, cap"
};
struct Hold {
  Instant until = Instant::never();  // never: only `event` brings it back
  // lease_ended, resumed, charge_settled, marker_closed, rival_gone; may be empty
  std::string event;
  Reason reason = Reason::none;
};
struct Need {
  Reason reason = Reason::none;  // profile_unread, recheck_unread, history_unread
};
struct Deny {
  Reason reason = Reason::none;
};

struct GateAnswer {
  std::variant<Allow, Hold, Need, Deny> verdict;
  Doc facts;  // derived, never an address; recorded with the decision. Its fields: facts.h
};

GateAnswer ask_gate(const GateQuestion& question);

// The normalised address of a channel kind in a profile: lower-cased mailbox (field "email"),
// number in E.164 form (field "phone"), else the field named as the kind. Empty: none. `valid`
// false: there is one but it cannot be right.
struct AddressOf {
  std::string text;
  uint64_t hash = 0;  // what suppression knows
  bool valid = true;
};
AddressOf address_of(std::string_view channel_kind, DocView profile);
AddressOf normalised_address(std::string_view channel_kind, std::string_view raw);
bool needs_address(std::string_view channel_kind);  // not: retry, webhook, desk

// The customer's zone by his profile (fields "timezone", "phone"; null: not read yet).
ZoneGuess zone_of_profile(DocView profile, const Zone& bundle_zone);

// What a charge of this run charges, as Touch::address of a charge: all of its key fields. Runs
// without keys charge the customer as such, so theirs count together.
uint64_t charged_key(const Run& run);

}  // namespace relance
