// The gate reads as a ledger: kLedger, at the end of this file, lists every check in order
// (inquiry.h says what a check may do). Rules that only put a touch off (gap, caps, windows,
// ceilings) note until when; the last check makes one hold or one denial of all of them.
#include "core/gate/gate.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "core/gate/ceilings.h"
#include "core/gate/exclusions.h"
#include "core/gate/inquiry.h"
#include "core/gate/ledger.h"
#include "core/gate/time_checks.h"

namespace relance {
namespace {

constexpr Duration kLongestWait = days(2);  // for a cap or gap

Answer channel_is_on(Inquiry& in) {
  const GateQuestion& q = in.question;
  for (const ContactRules* rules : {&q.rules, &q.tighten}) {
    if (std::ranges::find(rules->off, q.channel_kind) != rules->off.end())
      return Deny{Reason::channel_off};
  }
  return kNext;
}

// Of an operator, or of a guard in his place: which one, who, and why.
void tell_pause(Inquiry& in, const Pause& pause) {
  in.facts.number("pause", static_cast<int64_t>(pause.number));
  in.facts.text("paused", scope_words(pause));
  in.facts.text("paused_by", pause.author);
  if (!pause.reason.empty()) in.facts.text("paused_for", pause.reason);
}

Pauses::Wish wish_of(const GateQuestion& q) { return {q.run.flow, q.channel, q.channel_kind}; }

Answer nobody_switched_it_off(Inquiry& in) {
  const GateQuestion& q = in.question;
  const Pause* pause = q.pauses ? q.pauses->refusing(wish_of(q)) : nullptr;
  if (!pause) return kNext;
  tell_pause(in, *pause);
  return Deny{Reason::channel_off};
}

Answer deadline_lies_ahead(Inquiry& in) {
  const GateQuestion& q = in.question;
  if (!q.deadline || q.now <= *q.deadline) return kNext;
  in.facts.instant("deadline", *q.deadline);
  return Deny{Reason::deadline_passed};
}

Answer no_person_owns_the_case(Inquiry& in) {
  const GateQuestion& q = in.question;
  if (q.customer.leases.empty()) return kNext;
  Instant until = q.now;
  for (const Lease& lease : q.customer.leases) until = std::max(until, lease.until);
  if (until == q.now) until = Instant::never();  // it is about to be looked at
  return hold_for(q, until, "lease_ended", Reason::person_owns_case);
}

Answer held_by(Inquiry& in, const Pause& pause) {
  tell_pause(in, pause);
  return hold_for(in.question, Instant::never(), "resumed", Reason::paused);
}

Answer run_is_not_paused(Inquiry& in) {
  if (!in.question.run.paused) return kNext;
  return hold_for(in.question, Instant::never(), "resumed", Reason::paused);
}

Answer it_is_not_paused(Inquiry& in) {
  const GateQuestion& q = in.question;
  const Pause* pause = q.pauses ? q.pauses->holding(wish_of(q)) : nullptr;
  return pause ? held_by(in, *pause) : kNext;
}

Answer segment_is_not_paused(Inquiry& in) {
  const GateQuestion& q = in.question;
  if (!q.pauses || !q.pauses->asks_segment(wish_of(q))) return kNext;
  if (q.profile.is_null()) return Need{Reason::profile_unread};
  const std::string_view segment = q.profile.find("segment").text().value_or("");
  const Pause* pause = q.pauses->holding(wish_of(q), segment);
  return pause ? held_by(in, *pause) : kNext;
}

// Charges and messages, and whatever a flow lifts.
Answer data_may_be_used(Inquiry& in) {
  if (!in.question.customer.limited()) return kNext;
  return hold_for(in.question, Instant::never(), "lifted", Reason::restricted);
}

Answer profile_was_read(Inquiry& in) {
  const GateQuestion& q = in.question;
  const bool unread = q.profile.is_null() || q.profile_stale;
  if (q.profile_needed && unread) return Need{Reason::profile_unread};
  return kNext;
}

// The part of a language tag that says which language: "fr" of "fr-CA".
std::string_view language_of(std::string_view tag) {
  return tag.substr(0, tag.find_first_of("-_"));
}

Answer channel_speaks_to_her(Inquiry& in) {
  const GateQuestion& q = in.question;
  if (q.languages.empty()) return kNext;
  const std::string_view own = q.profile.find("locale").text().value_or("");
  const std::string_view wanted = language_of(own.empty() ? q.bundle_locale : own);
  for (const std::string& spoken : q.languages)
    if (same_ignoring_case(language_of(spoken), wanted)) return kNext;
  in.facts.text("language", wanted.substr(0, 8));
  return Deny{Reason::language_not_spoken};
}

Answer facts_were_read_again(Inquiry& in) {
  if (in.question.recheck_pending) return Need{Reason::recheck_unread};
  return kNext;
}

Answer ledger_reaches_back(Inquiry& in) {
  const GateQuestion& q = in.question;
  const Duration look_back = std::max(q.rules.longest_look_back(), q.tighten.longest_look_back());
  const bool looks_back = !q.requested || (!q.repeat && !q.rules.exclusions.max.empty());
  if (!looks_back || q.customer.touches_since <= q.now - look_back) return kNext;
  in.facts.span("per", look_back);
  return Need{Reason::history_unread};
}

Answer address_can_be_right(Inquiry& in) {
  const GateQuestion& q = in.question;
  if (!q.profile_needed || !needs_address(q.channel_kind)) return kNext;
  in.address = address_of(q.channel_kind, q.profile);
  if (in.address.text.empty()) return Deny{Reason::no_address};
  if (!in.address.valid) return Deny{Reason::invalid_address};
  return kNext;
}

Answer address_is_not_suppressed(Inquiry& in) {
  if (in.address.text.empty()) return kNext;
  const std::string why = in.question.suppression.reason(in.address.hash);
  if (why.empty()) return kNext;
  in.facts.text("rule", "suppression");
  in.facts.text("suppressed_for", why);
  return Deny{Reason::suppressed_address};
}

Answer number_is_on_no_list(Inquiry& in) {
  const GateQuestion& q = in.question;
  if (q.rules.do_not_call.empty() || in.address.text.empty() || q.channel_kind == "email")
    return kNext;
  const std::string list = q.suppression.listed(in.address.hash, q.purpose);
  if (list.empty()) return kNext;
  in.facts.text("rule", "suppression");
  in.facts.text("list", list);
  return Deny{Reason::do_not_call};
}

// The customer's latest word on (channel, purpose); of two at the same instant the withdrawal.
const Consent* latest_consent(const GateQuestion& q) {
  const Consent* latest = nullptr;
  for (const Consent& consent : q.customer.consents) {
    const bool covers = consent.channel.empty() || consent.channel == q.channel ||
                        consent.channel == q.channel_kind;
    if (!covers || consent.purpose != q.purpose) continue;
    const bool later = !latest || consent.at > latest->at;
    if (later || (consent.at == latest->at && !consent.given)) latest = &consent;
  }
  return latest;
}

Answer consent_stands(Inquiry& in) {
  const GateQuestion& q = in.question;
  const Consent* consent = latest_consent(q);
  const bool recovery_needs_it =
      q.rules.consent_needed_for_recovery || q.tighten.consent_needed_for_recovery;
  const bool needed =
      q.purpose == Purpose::marketing || (q.purpose == Purpose::recovery && recovery_needs_it);
  const bool expired = consent && consent->given && consent->expires_at <= q.now;
  if (expired ? !needed : consent ? consent->given : !needed) return kNext;
  in.facts.text("rule", "consent");
  in.facts.text("purpose", purpose_name(q.purpose));
  if (!consent) return Deny{Reason::no_consent};
  if (expired) {
    in.facts.instant("expired_at", consent->expires_at);
    return Deny{Reason::consent_expired};
  }
  in.facts.instant("withdrawn_at", consent->at);
  return Deny{Reason::consent_withdrawn};
}

Answer credential_is_alive(Inquiry& in) {
  const GateQuestion& q = in.question;
  for (const Touch& touch : q.customer.touches)
    if (touch.what == TouchWhat::charge && touch.run == q.run.id && touch.step == q.step &&
        touch.outcome == "refused")
      return Deny{Reason::credential_dead};
  return kNext;
}

// A parked attempt blocks as well: nobody knows whether the money moved.
Answer no_charge_is_open(Inquiry& in) {
  const GateQuestion& q = in.question;
  const uint64_t key = charged_key(q.run);
  for (const Touch& touch : q.customer.touches)
    if (touch.what == TouchWhat::charge && touch.address == key && touch.state != TouchState::done)
      return hold_for(q, Instant::never(), "charge_settled", Reason::charge_open);
  return kNext;
}

Answer ceiling_has_room(Inquiry& in) {
  const GateQuestion& q = in.question;
  const uint64_t key = charged_key(q.run);
  for (const Ceiling& ceiling : kCeilings) {
    const Room room = room_for_one(q.customer.touches, ceiling.attempts, ceiling.per, q.now,
                                   [&](const Touch& touch) {
                                     return touch.what == TouchWhat::charge && touch.address == key;
                                   });
    if (room.free_at <= std::max(q.now, in.wait_until)) continue;
    in.put_off(room.free_at, Reason::network_ceiling, "ceiling");
    in.facts.text("ceiling", ceiling.name);
    in.facts.number("counted", room.counted);
    in.facts.number("cap", ceiling.attempts);
    in.facts.span("per", ceiling.per);
  }
  return kNext;
}

Answer gap_is_over(Inquiry& in) {
  const GateQuestion& q = in.question;
  const Duration gap = std::max(q.rules.gap, q.tighten.gap).value_or(Duration{});
  const Touch* last = last_contact(q.customer.touches);
  if (!last || q.requested || last->intended_at + gap <= q.now || in.lifts("gap")) return kNext;
  in.put_off(last->intended_at + gap, Reason::gap_too_short, "gap");
  in.used_by(*last);
  in.facts.instant("last_contact_at", last->intended_at);
  in.facts.text("last_channel", last->channel);
  in.facts.span("gap", gap);
  in.rules_clear_at = in.wait_until;
  return kNext;
}

std::string scope_text(const RuleScope& scope) {
  const std::string_view any = "any channel";
  const std::string_view channel = scope.channel.empty() ? any : scope.channel;
  if (!scope.purpose) return std::string(channel);
  return fmt::format("{}, {}", purpose_name(*scope.purpose), channel);
}

// `rule`: cap, which an override may lift, or max.
void put_off_by_caps(Inquiry& in, const std::vector<CapRule>& caps, std::string_view rule) {
  const GateQuestion& q = in.question;
  for (const CapRule& cap : caps) {
    if (!cap.scope.covers(q.channel_kind, q.purpose)) continue;
    const auto counts = [&](const Touch& touch) {
      return was_contact(touch) && cap.scope.covers(touch.channel_kind, touch.purpose);
    };
    const Room room = room_for_one(q.customer.touches, cap.at_most, cap.per, q.now, counts);
    if (room.free_at <= std::max(q.now, in.wait_until) || in.lifts(rule)) continue;
    in.put_off(room.free_at, Reason::cap_reached, rule);
    if (room.by) in.used_by(*room.by);
    in.facts.number("counted", room.counted);
    in.facts.number("cap", cap.at_most);
    in.facts.span("per", cap.per);
    in.facts.text("scope", scope_text(cap.scope));
  }
  in.rules_clear_at = in.wait_until;
}

Answer caps_have_room(Inquiry& in) {
  const GateQuestion& q = in.question;
  if (q.requested) return kNext;
  put_off_by_caps(in, q.rules.caps, "cap");
  put_off_by_caps(in, q.tighten.caps, "cap");
  for (const PlaceRules* place : in.places) put_off_by_caps(in, place->caps, "pack");
  return kNext;
}

Answer maxima_have_room(Inquiry& in) {
  if (!in.question.repeat) put_off_by_caps(in, in.question.rules.exclusions.max, "max");
  return kNext;
}

Answer wait_is_worth_it(Inquiry& in) {
  const GateQuestion& q = in.question;
  if (in.wait_until <= q.now) return kNext;
  const bool late = q.deadline && in.wait_until > *q.deadline;
  const bool too_long =
      in.wait_until >= q.run.expire_at || in.rules_clear_at > q.now + kLongestWait;
  if (!late && !too_long) return Hold{in.wait_until, {}, in.waits_for};
  in.facts.text("held_by", reason_name(in.waits_for));
  if (!in.wait_until.is_never()) in.facts.instant("clears_at", in.wait_until);
  return Deny{late ? Reason::deadline_passed : Reason::never_clears};
}

struct Check {
  Answer (*ask)(Inquiry&);
  bool message, charge, operation;
};

constexpr Check kLedger[] = {
    //                          message charge operation
    {channel_is_on, true, true, true},
    {nobody_switched_it_off, true, true, false},
    {deadline_lies_ahead, true, true, true},
    {data_may_be_used, true, true, true},
    {no_person_owns_the_case, true, true, false},
    {run_is_not_paused, true, true, true},
    {it_is_not_paused, true, true, false},
    {no_marker_forbids, true, false, false},
    {profile_was_read, true, false, false},
    {segment_is_not_paused, true, true, false},
    {channel_speaks_to_her, true, false, false},
    {facts_were_read_again, true, true, false},
    {ledger_reaches_back, true, false, false},
    {address_can_be_right, true, false, false},
    {address_is_not_suppressed, true, false, false},
    {number_is_on_no_list, true, false, false},
    {consent_stands, true, false, false},
    {campaign_is_unanswered, true, false, false},
    {credential_is_alive, false, true, false},
    {no_charge_is_open, false, true, false},
    {ceiling_has_room, false, true, false},
    {packs_are_found, true, false, false},
    {best_of_those_that_waited, true, false, false},
    {failure_had_its_time, true, false, false},
    {gap_is_over, true, false, false},
    {caps_have_room, true, false, false},
    {maxima_have_room, true, false, false},
    {answer_has_rested, true, false, false},
    {no_excluded_flow_was_here, true, false, false},
    {loser_may_wait, true, false, false},
    {window_is_open, true, false, false},
    {nobody_more_urgent_waits, true, false, false},
    {wait_is_worth_it, true, true, false},
};

bool concerns(const Check& check, TouchWhat what) {
  switch (what) {
    case TouchWhat::message: return check.message;
    case TouchWhat::charge: return check.charge;
    case TouchWhat::operation: return check.operation;
    case TouchWhat::offer: return false;  // to the team: it does not pass here
  }
  return true;
}

}  // namespace

uint64_t charged_key(const Run& run) { return whole_key(run.keys); }

GateAnswer ask_gate(const GateQuestion& question) {
  Inquiry in{.question = question};
  for (const Check& check : kLedger) {
    if (!concerns(check, question.what)) continue;
    if (Answer verdict = check.ask(in)) return {std::move(*verdict), in.facts.record()};
  }
  return {Allow{in.address.hash, std::move(in.address.text), std::move(in.lifted)},
          in.facts.record()};
}

}  // namespace relance
