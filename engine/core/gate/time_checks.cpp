#include "core/gate/time_checks.h"

#include <boost/container/small_vector.hpp>

#include "base/random.h"
#include "core/gate/ledger.h"
#include "core/gate/quiet_days.h"
#include "core/gate/window.h"

namespace relance {
namespace {

constexpr Duration kWindowHorizon = days(31);

// The hours that hold for a touch: the shop's own, of contact.lua and the flow, and those of packs.
class Hours {
 public:
  enum class Of : uint8_t { shop, packs, both };

  Hours(const Inquiry& in, Of of) : q_(in.question) {
    if (of != Of::packs) {
      add(q_.rules.windows, q_.rules.quiet_days);
      add(q_.tighten.windows, q_.tighten.quiet_days);
    }
    if (of == Of::shop) return;
    for (const PlaceRules* place : in.places) add(place->windows, place->quiet_days);
  }

  bool any() const { return !parts_.empty(); }

  // The first instant from `from` on that lies inside all of them.
  Instant opening(const ZoneGuess& zones, Instant from) const {
    const Instant last = from + kWindowHorizon;
    while (from <= last) {
      const Instant before = from;
      for (const Part& part : parts_) {
        from = next_opening(from, part.windows, q_.channel_kind, q_.purpose, zones);
        from = after_quiet_days(from, part.quiet_days, q_.channel_kind, q_.purpose, zones);
      }
      if (from == before) return from;
    }
    return Instant::never();
  }

  // "09:00-21:00 and 10:00-20:00 mon-fri"
  std::string text() const {
    std::string all;
    for (const Part& part : parts_) {
      const std::string one = window_text(part.windows, q_.channel_kind, q_.purpose);
      all += (all.empty() || one.empty() ? "" : " and ") + one;
    }
    return all;
  }

  // Why this local day is quiet; empty: it is not.
  std::string quiet_day(Date day) const {
    for (const Part& part : parts_)
      if (auto name = quiet_day_name(part.quiet_days, q_.channel_kind, q_.purpose, day);
          !name.empty())
        return name;
    return {};
  }

 private:
  struct Part {
    std::span<const WindowRule> windows;
    std::span<const QuietDayRule> quiet_days;
  };

  void add(std::span<const WindowRule> windows, std::span<const QuietDayRule> quiet_days) {
    const auto covers = [&](const auto& rule) {
      return rule.scope.covers(q_.channel_kind, q_.purpose);
    };
    if (std::any_of(windows.begin(), windows.end(), covers) ||
        std::any_of(quiet_days.begin(), quiet_days.end(), covers))
      parts_.push_back({windows, quiet_days});
  }

  const GateQuestion& q_;
  boost::container::small_vector<Part, 4> parts_;
};

std::string local_text(const Zone& zone, Instant at) {
  const Local local = zone.local(at);
  return format_date(local.date) + ' ' + format_time_of_day({local.second_of_day / 60});
}

// The candidate in whose local time it is shut at this instant.
const Zone& shut_zone(const Hours& hours, const ZoneGuess& zones, Instant now) {
  for (const Zone* zone : zones.candidates)
    if (hours.opening({{zone}, zones.source}, now) != now) return *zone;
  return *zones.candidates.front();
}

// The customers of one opening come back one by one. No two touches of a customer are parted, what
// is urgent is not delayed, and nobody is led out of his hours.
Instant spread_out(const GateQuestion& q, const Hours& hours, const ZoneGuess& zones,
                   Instant opens_at) {
  const OpeningRule* opening = q.rules.opening ? &*q.rules.opening : nullptr;
  if (!opening || opening->spread <= Duration{} || opens_at.is_never()) return opens_at;
  const double share = unit_hash({"opening", q.customer.id.view(), format_instant(opens_at)});
  const Instant at =
      opens_at +
      milliseconds(static_cast<int64_t>(share * static_cast<double>(opening->spread.ms)));
  if (q.deadline && opens_at + opening->spread * 2 > *q.deadline) return opens_at;
  return hours.opening(zones, at) == at ? at : opens_at;
}

bool ends_rest(const RestRule& rest, const Touch& touch) {
  if (!rest.scope.covers(touch.channel_kind, touch.purpose)) return false;
  if (rest.after == RestRule::After::conversation) return was_conversation(touch);
  return touch.outcome == "refused" || touch.outcome == "not_interested" ||
         touch.outcome == "opted_out";
}

// The first instant after the rest, wherever he may be.
Instant rested_at(const RestRule& rest, const Touch& touch, const ZoneGuess& zones) {
  if (!rest.first_day_counts) return touch.intended_at + days(rest.days);
  Instant latest = touch.intended_at;
  for (const Zone* zone : zones.candidates) {
    const Date day = zone->local(touch.intended_at).date;
    latest = std::max(latest, zone->instant({day.days + rest.days}, TimeOfDay{0}));
  }
  return latest;
}

}  // namespace

Answer packs_are_found(Inquiry& in) {
  const GateQuestion& q = in.question;
  if (q.rules.packs.empty()) return kNext;
  const Whereabouts where = whereabouts_of(q.profile);
  const Date today = Zone::utc().local(q.now).date;
  std::string names;
  for (const Pack* pack : q.rules.packs) {
    for (const PlaceRules& rules : pack->places)
      if (where.concerned_by(*pack, rules, today)) in.places.push_back(&rules);
    if (where.may_be_in(*pack))
      names += (names.empty() ? "" : ", ") + pack->name + ' ' + pack->version;
  }
  if (!names.empty()) in.facts.text("packs", names);
  return kNext;
}

Answer answer_has_rested(Inquiry& in) {
  const GateQuestion& q = in.question;
  if (q.requested || in.places.empty()) return kNext;
  const ZoneGuess zones = zone_of_profile(q.profile, q.bundle_zone);
  for (const PlaceRules* place : in.places) {
    for (const RestRule& rest : place->rests) {
      if (!rest.scope.covers(q.channel_kind, q.purpose)) continue;
      for (const Touch& touch : q.customer.touches) {
        const Instant until = ends_rest(rest, touch) ? rested_at(rest, touch, zones) : q.now;
        if (until <= std::max(q.now, in.wait_until)) continue;
        in.put_off(until, Reason::recent_answer, "pack");
        in.facts.text("place", place->place);
        in.facts.instant("last_contact_at", touch.intended_at);
      }
    }
  }
  in.rules_clear_at = std::max(in.rules_clear_at, in.wait_until);
  return kNext;
}

Answer failure_had_its_time(Inquiry& in) {
  const GateQuestion& q = in.question;
  const Duration wait = std::max(q.rules.self_cure, q.tighten.self_cure).value_or(Duration{});
  if (wait <= Duration{} || q.purpose != Purpose::recovery || q.requested) return kNext;
  const Instant failed_at = std::min(q.run.event_time, q.run.started_at);
  if (failed_at + wait <= q.now) return kNext;
  for (const Touch& touch : q.customer.touches)
    if (touch.run == q.run.id && was_contact(touch)) return kNext;
  if (in.lifts("self_cure")) return kNext;
  in.put_off(failed_at + wait, Reason::self_cure, "self_cure");
  in.facts.instant("failed_at", failed_at);
  return kNext;
}

Answer best_of_those_that_waited(Inquiry& in) {
  const GateQuestion& q = in.question;
  if (!q.rules.opening || q.held_until.is_never() || q.requested) return kNext;
  const OpeningRule& opening = *q.rules.opening;
  const Touch* last = last_contact(q.customer.touches);
  if (!last || last->intended_at < q.held_until) return kNext;
  in.facts.instant("last_contact_at", last->intended_at);
  in.facts.text("last_channel", last->channel);
  in.facts.text("last_flow", last->flow);
  if (opening.drop) return Deny{Reason::merged};
  in.put_off(last->intended_at + opening.apart, Reason::merged, "opening");
  return kNext;
}

Answer window_is_open(Inquiry& in) {
  const GateQuestion& q = in.question;
  const bool lifted = in.override_of("window") != nullptr;
  const Hours shop(in, Hours::Of::shop);
  const Hours hours(in, lifted ? Hours::Of::packs : Hours::Of::both);
  if (!shop.any() && !hours.any()) return kNext;
  const ZoneGuess zones = zone_of_profile(q.profile, q.bundle_zone);
  const Instant opens_at = hours.opening(zones, q.now);
  const bool shut = opens_at > q.now;
  const Zone& zone = shut ? shut_zone(hours, zones, q.now) : *zones.candidates.front();
  in.facts.text("zone", zone.name());
  in.facts.text("zone_source", zone_source_name(zones.source));
  if (zones.candidates.size() > 1)
    in.facts.number("zones", static_cast<int64_t>(zones.candidates.size()));
  if (lifted && shop.opening(zones, q.now) > q.now) in.lifts("window");
  if (shut) {
    const std::string quiet = hours.quiet_day(zone.local(q.now).date);
    in.put_off(opens_at, quiet.empty() ? Reason::outside_window : Reason::quiet_day, "window");
    if (!quiet.empty()) in.facts.text("quiet_day", quiet);
  }
  if (in.wait_until <= q.now || !hours.any()) return kNext;
  in.facts.text("local_time", local_text(zone, q.now));
  in.facts.text("window", hours.text());
  // Open, too, when gap and caps are over.
  const Instant leaves_at = hours.opening(zones, in.wait_until);
  const bool at_opening = shut || leaves_at > in.wait_until;
  in.wait_until = at_opening ? spread_out(q, hours, zones, leaves_at) : leaves_at;
  return kNext;
}

}  // namespace relance
