#include "core/gate/exclusions.h"

#include <algorithm>
#include <array>

#include "core/gate/ledger.h"

namespace relance {
namespace {

constexpr Duration kAskRivalAgain = hours(1);  // in case nobody tells that he is gone

// Words of a call in which nobody spoke with us; every other one is a response.
constexpr std::array<std::string_view, 9> kUnanswered = {"no_answer", "busy",    "voicemail",
                                                         "screened",  "failed",  "invalid_number",
                                                         "hung_up",   "unclear", "delivered"};

bool names(const std::vector<std::string>& flows, std::string_view flow) {
  return std::find(flows.begin(), flows.end(), flow) != flows.end();
}

bool concerns(const NeverRule& rule, const GateQuestion& q) {
  return rule.scope.covers(q.channel_kind, q.purpose) &&
         (rule.flows.empty() || names(rule.flows, q.run.flow));
}

bool is_response(const Touch& touch) {
  return touch.channel_kind == "voice" && touch.state == TouchState::done &&
         std::find(kUnanswered.begin(), kUnanswered.end(), touch.outcome.view()) ==
             kUnanswered.end();
}

bool excludes(const std::vector<MutexRule>& rules, std::string_view one, std::string_view other) {
  return std::any_of(rules.begin(), rules.end(), [&](const MutexRule& rule) {
    return names(rule.flows, one) && names(rule.flows, other);
  });
}

// Both fall under the cap, and there is not room for both.
bool wants_last_place(const GateQuestion& q, const std::vector<CapRule>& caps) {
  return std::any_of(caps.begin(), caps.end(), [&](const CapRule& cap) {
    if (!cap.scope.covers(q.channel_kind, q.purpose) ||
        !cap.scope.covers(q.rival->channel_kind, q.rival->purpose))
      return false;
    const auto counts = [&](const Touch& touch) {
      return was_contact(touch) && cap.scope.covers(touch.channel_kind, touch.purpose);
    };
    const Room room = room_for_one(q.customer.touches, cap.at_most - 1, cap.per, q.now, counts);
    return room.free_at > q.now;
  });
}

// What both want and only one can have; empty: there is room for both.
std::string_view contested(const GateQuestion& q) {
  const Duration gap = std::max(q.rules.gap, q.tighten.gap).value_or(Duration{});
  if (gap > Duration{}) return "gap";
  if (q.rules.opening && !q.held_until.is_never()) return "opening";
  if (excludes(q.rules.exclusions.mutex, q.run.flow, q.rival->flow)) return "mutex";
  if (wants_last_place(q, q.rules.caps) || wants_last_place(q, q.tighten.caps)) return "cap";
  return wants_last_place(q, q.rules.exclusions.max) ? "max" : "";
}

void note_marker(Inquiry& in, const Marker& marker) {
  in.facts.text("rule", "never");
  in.facts.text("marker", marker.name);
  in.facts.instant(marker.open ? "open_since" : "closed_at", marker.at);
}

}  // namespace

uint64_t campaign_key(std::string_view flow) { return derive_hash({"campaign", flow}); }

Standing standing_marker(const Customer& customer, const MarkerRule& rule, Duration within) {
  Standing standing;
  for (const Marker& marker : customer.markers) {
    if (marker.name != rule.name) continue;
    const Instant closes = rule.at_most ? marker.at + *rule.at_most : Instant::never();
    const Instant closed_at = marker.open ? closes : marker.at;
    const Instant until = closed_at.is_never() ? closed_at : closed_at + within;
    if (until > standing.until) standing = {until, &marker};
  }
  return standing;
}

Answer no_marker_forbids(Inquiry& in) {
  const GateQuestion& q = in.question;
  const Exclusions& rules = q.rules.exclusions;
  Standing longest;
  for (const NeverRule& rule : rules.never) {
    const MarkerRule* marker = concerns(rule, q) ? rules.marker(rule.during) : nullptr;
    if (!marker) continue;
    const Standing standing = standing_marker(q.customer, *marker, rule.within);
    if (standing.until <= q.now || in.lifts("never")) continue;
    if (rule.drop) {
      note_marker(in, *standing.marker);
      return Deny{Reason::marker_open};
    }
    if (standing.until > longest.until) longest = standing;
  }
  if (!longest.marker) return kNext;
  note_marker(in, *longest.marker);
  return hold_for(q, longest.until, longest.marker->open ? "marker_closed" : "",
                  Reason::marker_open);
}

// A later round of the same flow is another campaign: only what came since the run began counts.
Answer campaign_is_unanswered(Inquiry& in) {
  const GateQuestion& q = in.question;
  if (!q.rules.exclusions.responded_leaves || q.purpose != Purpose::marketing || q.requested)
    return kNext;
  const bool told =
      std::any_of(q.customer.markers.begin(), q.customer.markers.end(), [&](const Marker& marker) {
        return marker.name == kResponded && marker.key == campaign_key(q.run.flow) &&
               marker.at >= q.run.started_at;
      });
  const bool spoke =
      std::any_of(q.customer.touches.begin(), q.customer.touches.end(), [&](const Touch& touch) {
        return touch.flow == q.run.flow && touch.intended_at >= q.run.started_at &&
               is_response(touch);
      });
  if (!told && !spoke) return kNext;
  in.facts.text("rule", "responded_to_campaign");
  return Deny{Reason::already_responded};
}

Answer no_excluded_flow_was_here(Inquiry& in) {
  const GateQuestion& q = in.question;
  if (q.requested) return kNext;
  for (const MutexRule& rule : q.rules.exclusions.mutex) {
    if (!names(rule.flows, q.run.flow)) continue;
    for (auto touch = q.customer.touches.rbegin(); touch != q.customer.touches.rend(); ++touch) {
      const Instant over = touch->intended_at + rule.within;
      if (over <= q.now) break;
      if (touch->flow == q.run.flow || !names(rule.flows, touch->flow.view()) ||
          !was_contact(*touch))
        continue;
      if (over <= in.wait_until) break;
      if (in.lifts("mutex")) return kNext;
      in.put_off(over, Reason::flow_excluded, "mutex");
      in.used_by(*touch);
      in.facts.instant("last_contact_at", touch->intended_at);
      in.facts.span("within", rule.within);
      break;
    }
  }
  return kNext;
}

Answer nobody_more_urgent_waits(Inquiry& in) {
  const GateQuestion& q = in.question;
  if (!q.rival || q.requested || in.wait_until > q.now) return kNext;
  const std::string_view over = contested(q);
  if (over.empty() || in.lifts("priority")) return kNext;
  in.facts.text("rule", "priority");
  in.facts.text("winner", Inquiry::name_of(q.rival->flow, q.rival->step));
  in.facts.text("over", over);
  return hold_for(q, q.now + kAskRivalAgain, "rival_gone", Reason::outranked);
}

Answer loser_may_wait(Inquiry& in) {
  const GateQuestion& q = in.question;
  if (!in.taken_by || in.wait_until <= q.now) return kNext;
  const std::string_view winner = in.taken_by->flow.view();
  if (q.rules.priority_of(winner) >= q.rules.priority_of(q.run.flow)) return kNext;
  in.facts.text("winner", Inquiry::name_of(winner, in.taken_by->step_name));
  if (!q.rules.exclusions.losers_drop) return kNext;
  return Deny{Reason::outranked};
}

}  // namespace relance
