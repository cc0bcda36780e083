#include "core/gate/packs.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/result.h"
#include "base/text.h"
#include "core/gate/gate.h"
#include "core/gate/phone_zones.h"

namespace relance {
namespace {

// Of all packs: rises with every change of packs.inc or holidays.inc.
constexpr std::string_view kVersion = "2026-11";

constexpr std::array kLines = std::to_array<PackLine>({
#include "core/gate/packs.inc"
});

struct CallingCode {
  std::string_view pack, code, zone;  // zone: where countries share a code, one of the country's
};
constexpr std::array kCallingCodes = std::to_array<CallingCode>({
    {"AE", "971", ""},
    {"AU", "61", ""},
    {"BR", "55", ""},
    {"CA", "1", "America/Toronto"},
    {"DE", "49", ""},
    {"ES", "34", ""},
    {"FR", "33", ""},
    {"GB", "44", ""},
    {"IN", "91", ""},
    {"IT", "39", ""},
    {"PL", "48", ""},
    {"US", "1", "America/New_York"},
});

int number(std::string_view text) {
  int value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value).ptr;
  RELANCE_ASSERT(end == text.data() + text.size());
  return value;
}

// "7d", "24h"
Duration span(std::string_view text) {
  const int count = number(text.substr(0, text.size() - 1));
  return text.ends_with('h') ? hours(count) : days(count);
}

// "09:00-20:00 mon-sat"
WindowRule window(const RuleScope& scope, std::string_view text) {
  const auto from = parse_time_of_day(text.substr(0, 5));
  const auto to = parse_time_of_day(text.substr(6, 5));
  RELANCE_ASSERT(from && to);
  return {scope, *from, *to, text.size() > 12 ? parse_weekdays(text.substr(12)) : uint8_t{0x7f}};
}

void add_hours(PlaceRules& rules, const RuleScope& scope, std::string_view value) {
  for (size_t at = 0; at != std::string_view::npos;) {
    const size_t next = value.find(" or ", at);
    rules.windows.push_back(window(scope, value.substr(at, next - at)));
    at = next == std::string_view::npos ? next : next + 4;
  }
}

// "conversation 7d", "refusal 60d"
RestRule rest(const RuleScope& scope, std::string_view value) {
  const size_t space = value.find(' ');
  const bool conversation = value.substr(0, space) == "conversation";
  const auto after = conversation ? RestRule::After::conversation : RestRule::After::refusal;
  const int days = number(value.substr(space + 1, value.size() - space - 2));
  return {scope, after, days, conversation};
}

void add(PlaceRules& rules, const RuleScope& scope, const PackLine& line) {
  if (line.rule == "hours") return add_hours(rules, scope, line.value);
  if (line.rule == "holidays")
    return rules.quiet_days.push_back({scope, std::string(line.value), {}});
  if (line.rule == "rest") return rules.rests.push_back(rest(scope, line.value));
  RELANCE_ASSERT(line.rule == "cap");
  const size_t in = line.value.find(" in ");
  rules.caps.push_back({scope, number(line.value.substr(0, in)), span(line.value.substr(in + 4))});
}

PlaceRules& rules_of(Pack& pack, const PackLine& line) {
  const auto since = line.since.empty() ? Date{} : *parse_date(line.since);
  for (PlaceRules& rules : pack.places)
    if (rules.place == line.place && rules.since == since) return rules;
  return pack.places.emplace_back(PlaceRules{std::string(line.place), since, {}, {}, {}, {}});
}

std::vector<Pack> read_packs() {
  std::vector<Pack> packs;
  for (const PackLine& line : kLines) {
    const std::string_view country = line.place.substr(0, 2);
    if (packs.empty() || packs.back().name != country)
      packs.push_back({std::string(country), std::string(kVersion), {}, {}, {}});
    Pack& pack = packs.back();
    pack.lines.push_back(line);
    PlaceRules& rules = rules_of(pack, line);
    RuleScope scope;
    RELANCE_ASSERT(purpose_from(line.purpose, scope.purpose.emplace()));
    for (std::string_view kind : split(line.kinds, ' ')) {
      scope.channel = kind == "any" ? std::string_view() : kind;
      add(rules, scope, line);
    }
    for (const CapRule& cap : rules.caps) pack.look_back = std::max(pack.look_back, cap.per);
    for (const RestRule& rest : rules.rests)
      pack.look_back = std::max(pack.look_back, days(rest.days + 1));
  }
  std::sort(packs.begin(), packs.end(),
            [](const Pack& a, const Pack& b) { return a.name < b.name; });
  return packs;
}

bool shares_country(std::span<const Zone* const> zones, std::string_view with) {
  const auto known = Zone::find(with);
  if (!known) return true;
  const auto country = zones_of_country(**known);
  return std::any_of(zones.begin(), zones.end(), [&](const Zone* zone) {
    return zones_of_country(*zone).data() == country.data();
  });
}

bool number_is_in(std::string_view phone, std::string_view pack) {
  for (const CallingCode& row : kCallingCodes) {
    if (row.pack != pack || !phone.substr(1).starts_with(row.code)) continue;
    return row.zone.empty() || shares_country(zones_of_phone(phone), row.zone);
  }
  return false;
}

bool is_part_of(std::string_view region, std::string_view country) {
  return region.starts_with(country) && region.substr(country.size()).starts_with('-');
}

std::string upper_cased(std::string_view text) {
  std::string upper(text);
  for (char& c : upper)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return upper;
}

}  // namespace

const Pack* find_pack(std::string_view name) {
  for (const Pack& pack : all_packs())
    if (pack.name == name) return &pack;
  return nullptr;
}

std::span<const Pack> all_packs() {
  static const auto* packs = new std::vector<Pack>(read_packs());
  return *packs;
}

bool Whereabouts::may_be_in(const Pack& pack) const {
  if (country.empty() && phone.empty()) return true;
  return country == pack.name || (!phone.empty() && number_is_in(phone, pack.name));
}

bool Whereabouts::concerned_by(const Pack& pack, const PlaceRules& rules, Date day) const {
  if (day < rules.since) return false;
  const bool here = rules.place.ends_with("-?") ? !is_part_of(region, pack.name)
                                                : rules.place == pack.name || rules.place == region;
  return here && may_be_in(pack);  // which is asked last: it looks at the number
}

Whereabouts whereabouts_of(DocView profile) {
  Whereabouts where;
  const auto field = [&](std::string_view name) {
    return upper_cased(profile.find(name).text().value_or(""));
  };
  if (const std::string country = field("country"); country.size() == 2) where.country = country;
  where.region = field("region");
  const bool whole = where.region.size() > 3 && where.region[2] == '-';
  if (whole && where.country.empty()) where.country = where.region.substr(0, 2);
  if (!whole && !where.region.empty() && !where.country.empty())
    where.region = where.country + '-' + where.region;
  const AddressOf phone = address_of("voice", profile);
  if (phone.valid) where.phone = phone.text;
  return where;
}

bool was_conversation(const Touch& touch) {
  if (touch.what != TouchWhat::message || touch.channel_kind != "voice") return false;
  if (touch.state != TouchState::done) return touch.state != TouchState::intended;
  static constexpr std::string_view kNobody[] = {
      "no_answer", "busy", "voicemail", "screened", "invalid_number", "failed", "cancelled"};
  return std::find(std::begin(kNobody), std::end(kNobody), touch.outcome.view()) ==
         std::end(kNobody);
}

}  // namespace relance
