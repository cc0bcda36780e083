// One question on its way down the gate's ledger of checks. Internal to the gate.
//
// A check looks at the question alone and either gives the verdict or lets the next one speak.
// Rules that only put a touch off note until when; the last check makes one hold or one denial of
// all of them. Threads: any.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "core/gate/facts.h"
#include "core/gate/gate.h"
#include "core/gate/packs.h"

namespace relance {

using Verdict = std::variant<Allow, Hold, Need, Deny>;
using Answer = std::optional<Verdict>;
inline constexpr std::nullopt_t kNext = std::nullopt;

struct Inquiry {
  const GateQuestion& question;
  Facts facts{};
  AddressOf address{};
  Instant wait_until = Instant::beginning();  // the latest of what puts it off
  Reason waits_for = Reason::none;
  std::vector<const PlaceRules*> places{};        // of packs, that hold for the customer
  Instant rules_clear_at = Instant::beginning();  // when caps and gap are over
  const Touch* taken_by = nullptr;                // the contact that took the room it wants
  std::string lifted{};                           // by an override, "gap, cap"

  // Notes that it cannot leave before `until`; the latest cause wins.
  void put_off(Instant until, Reason reason, std::string_view rule) {
    if (until <= question.now || until <= wait_until) return;
    wait_until = until;
    waits_for = reason;
    facts.text("rule", rule);
  }

  const Override* override_of(std::string_view rule) const {
    for (const Override& each : question.overrides)
      if (each.rule == rule) return &each;
    return nullptr;
  }
  // Of a rule that stands in the way: does the step lift it? Then that is noted, for the audit.
  bool lifts(std::string_view rule) {
    const Override* found = override_of(rule);
    if (!found) return false;
    if (lifted.find(rule) != std::string::npos) return true;
    lifted += (lifted.empty() ? "" : ", ") + found->rule;
    facts.text("override_" + found->rule, found->reason);
    return true;
  }

  void used_by(const Touch& touch) {
    taken_by = &touch;
    facts.text("used_by", name_of(touch.flow, touch.step_name));
  }
  static std::string name_of(std::string_view flow, std::string_view step) {
    return std::string(flow) + "." + std::string(step);
  }
};

// A hold that an event ends is asked again after the deadline, so that the step can go on.
inline Hold hold_for(const GateQuestion& q, Instant until, std::string_view event, Reason reason) {
  if (q.deadline) until = std::min(until, *q.deadline + milliseconds(1));
  return Hold{until, std::string(event), reason};
}

}  // namespace relance
