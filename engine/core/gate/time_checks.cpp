#include "core/gate/time_checks.h"

#include "core/gate/window.h"

namespace relance {
namespace {

constexpr Duration kWindowHorizon = days(31);

// The first instant from `from` on that lies inside the tenant's windows and the flow's.
Instant opening(const GateQuestion& q, const ZoneGuess& zones, Instant from) {
  const Instant last = from + kWindowHorizon;
  while (from <= last) {
    const Instant before = from;
    from = next_opening(from, q.rules.windows, q.channel_kind, q.purpose, zones);
    from = next_opening(from, q.tighten.windows, q.channel_kind, q.purpose, zones);
    if (from == before) return from;
  }
  return Instant::never();
}

bool has_window(const GateQuestion& q) {
  return any_window(q.rules.windows, q.channel_kind, q.purpose) ||
         any_window(q.tighten.windows, q.channel_kind, q.purpose);
}

std::string windows_text(const GateQuestion& q) {
  const std::string tenant = window_text(q.rules.windows, q.channel_kind, q.purpose);
  const std::string flow = window_text(q.tighten.windows, q.channel_kind, q.purpose);
  return tenant + (tenant.empty() || flow.empty() ? "" : " and ") + flow;
}

std::string local_text(const Zone& zone, Instant at) {
  const Local local = zone.local(at);
  return format_date(local.date) + ' ' + format_time_of_day({local.second_of_day / 60});
}

// The candidate in whose local time the window is shut at this instant.
const Zone& shut_zone(const GateQuestion& q, const ZoneGuess& zones) {
  for (const Zone* zone : zones.candidates)
    if (opening(q, {{zone}, zones.source}, q.now) != q.now) return *zone;
  return *zones.candidates.front();
}

}  // namespace

Answer window_is_open(Inquiry& in) {
  const GateQuestion& q = in.question;
  if (!has_window(q)) return std::nullopt;
  const ZoneGuess zones = zone_of_profile(q.profile, q.bundle_zone);
  const Instant opens_at = opening(q, zones, q.now);
  const bool shut = opens_at > q.now;
  const Zone& zone = shut ? shut_zone(q, zones) : *zones.candidates.front();
  in.facts.text("zone", zone.name());
  in.facts.text("zone_source", zone_source_name(zones.source));
  if (zones.candidates.size() > 1)
    in.facts.number("zones", static_cast<int64_t>(zones.candidates.size()));
  if (in.override_of("window")) {
    if (shut) in.lifts("window");
    return std::nullopt;
  }
  if (shut) in.put_off(opens_at, Reason::outside_window, "window");
  if (in.wait_until <= q.now) return std::nullopt;
  in.facts.text("local_time", local_text(zone, q.now));
  in.facts.text("window", windows_text(q));
  in.wait_until = opening(q, zones, in.wait_until);  // open, too, when gap and caps are over
  return std::nullopt;
}

}  // namespace relance
