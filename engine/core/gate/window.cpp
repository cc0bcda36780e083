// What the customer's clock shows decides, and nothing else: an hour that daylight saving shows
// twice is inside both times, one that it leaves out is never met.
#include "core/gate/window.h"

#include <fmt/format.h>

#include <algorithm>

namespace relance {
namespace {

constexpr Duration kHorizon = days(31);

bool opens_on(const WindowRule& rule, int weekday) { return rule.weekdays >> (weekday - 1) & 1; }

bool is_inside(const WindowRule& rule, const Local& local) {
  const int32_t from = rule.from.minutes * 60;
  const int32_t to = rule.to.minutes * 60;
  const int32_t now = local.second_of_day;
  const bool opened_today = opens_on(rule, local.weekday) && now >= from;
  if (from < to) return opened_today && now < to;
  const int yesterday = local.weekday == 1 ? 7 : local.weekday - 1;
  return opened_today || (opens_on(rule, yesterday) && now < to);
}

// A clock set back may show the inside of a window again without passing its start: it is inside
// just before it shows its end, at `end`. The instant of the change lies between the two given.
Instant reopening(const WindowRule& rule, const Zone& zone, Instant outside, Instant end) {
  Instant inside = end - milliseconds(1);
  if (inside <= outside || !is_inside(rule, zone.local(inside))) return Instant::never();
  while (inside - outside > milliseconds(1)) {
    const Instant middle = outside + Duration{(inside - outside).ms / 2};
    (is_inside(rule, zone.local(middle)) ? inside : outside) = middle;
  }
  return inside;
}

// The first instant after `outside` that lies inside the rule.
Instant opening_of(const WindowRule& rule, const Zone& zone, Instant outside) {
  const Instant last = outside + kHorizon;
  Instant start = zone.next(outside, rule.from);
  while (start <= last && !is_inside(rule, zone.local(start)))
    start = zone.next(start + milliseconds(1), rule.from);
  const Instant end = zone.next(outside + milliseconds(1), rule.to);
  if (end < start) start = std::min(start, reopening(rule, zone, outside, end));
  return start <= last ? start : Instant::never();
}

// The rules that cover a touch, seen as groups: rules of equal scope unite.
class Cover {
 public:
  Cover(std::span<const WindowRule> rules, std::string_view channel_kind, Purpose purpose)
      : rules_(rules), channel_kind_(channel_kind), purpose_(purpose) {}

  bool covers(const WindowRule& rule) const { return rule.scope.covers(channel_kind_, purpose_); }

  bool is_first_of_group(const WindowRule& rule) const {
    for (const WindowRule& earlier : rules_) {
      if (&earlier == &rule) return covers(rule);
      if (earlier.scope == rule.scope) return false;
    }
    return false;
  }

  Instant opening_of_group(const RuleScope& scope, const Zone& zone, Instant from) const {
    const Local local = zone.local(from);
    for (const WindowRule& rule : rules_)
      if (rule.scope == scope && is_inside(rule, local)) return from;
    Instant first = Instant::never();
    for (const WindowRule& rule : rules_)
      if (rule.scope == scope) first = std::min(first, opening_of(rule, zone, from));
    return first;
  }

  // One pass over all groups and zones; `from` itself when all of them are open.
  Instant opening_of_all(const ZoneGuess& zones, Instant from) const {
    for (const WindowRule& rule : rules_) {
      if (!is_first_of_group(rule)) continue;
      for (const Zone* zone : zones.candidates) {
        from = opening_of_group(rule.scope, *zone, from);
        if (from.is_never()) return from;
      }
    }
    return from;
  }

 private:
  std::span<const WindowRule> rules_;
  std::string_view channel_kind_;
  Purpose purpose_;
};

// "mon-fri", "sat", "mon,wed"; empty for all days.
std::string weekdays_text(uint8_t weekdays) {
  static constexpr std::string_view kNames[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  if ((weekdays & 0x7f) == 0x7f) return {};
  std::string text;
  for (int day = 0; day < 7; ++day) {
    if (!(weekdays >> day & 1)) continue;
    const int first = day;
    while (day < 6 && weekdays >> (day + 1) & 1) ++day;
    text += fmt::format("{}{}", text.empty() ? " " : ",", kNames[first]);
    if (day > first) text += fmt::format("{}{}", day > first + 1 ? "-" : ",", kNames[day]);
  }
  return text;
}

}  // namespace

Instant next_opening(Instant from, std::span<const WindowRule> rules, std::string_view channel_kind,
                     Purpose purpose, const ZoneGuess& zones) {
  const Cover cover(rules, channel_kind, purpose);
  const Instant last = from + kHorizon;
  while (!from.is_never()) {
    const Instant opening = cover.opening_of_all(zones, from);
    if (opening == from || opening.is_never()) return opening;
    if (opening > last) break;
    from = opening;
  }
  return Instant::never();
}

bool any_window(std::span<const WindowRule> rules, std::string_view channel_kind, Purpose purpose) {
  const Cover cover(rules, channel_kind, purpose);
  return std::any_of(rules.begin(), rules.end(),
                     [&](const WindowRule& rule) { return cover.covers(rule); });
}

std::string window_text(std::span<const WindowRule> rules, std::string_view channel_kind,
                        Purpose purpose) {
  const Cover cover(rules, channel_kind, purpose);
  std::string text;
  for (const WindowRule& first : rules) {
    if (!cover.is_first_of_group(first)) continue;
    if (!text.empty()) text += " and ";
    std::string_view between;
    for (const WindowRule& rule : rules) {
      if (!(rule.scope == first.scope)) continue;
      text += fmt::format("{}{}-{}{}", between, format_time_of_day(rule.from),
                          format_time_of_day(rule.to), weekdays_text(rule.weekdays));
      between = " or ";
    }
  }
  return text;
}

}  // namespace relance
