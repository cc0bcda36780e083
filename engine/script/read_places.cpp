#include "script/read_places.h"

#include <algorithm>

#include "base/text.h"
#include "core/gate/holidays.h"
#include "core/gate/packs.h"
#include "script/rule_scope.h"

namespace relance {
namespace {

constexpr Field kQuietFields[] = {
    {"holidays", Shape::text, false, "public holidays of a place: \"FR\", \"FR-57\""},
    {"dates", Shape::texts, false, "days: \"2026-12-24\""},
    {"channel", Shape::any, false, "a channel's kind, or any_channel"},
    {"purpose", Shape::text, false, "service, recovery or marketing"},
};

constexpr Field kOpeningFields[] = {
    {"spread", Shape::duration, false, "they come back over so long a time"},
    {"apart", Shape::duration, false, "so long after the best one the others wait (24 h)"},
    {"others", Shape::text, false, "\"wait\" or \"drop\" (wait)"},
};

constexpr Field kListFields[] = {
    {"file", Shape::text, true, "a CSV file of numbers, beside contact.lua"},
    {"purpose", Shape::text, false, "service, recovery or marketing; without it any"},
};

std::vector<Date> dates_of(const Fields& fields) {
  std::vector<Date> dates;
  for (const std::string& text : fields.texts("dates")) {
    const Result<Date> date = parse_date(text);
    if (date)
      dates.push_back(*date);
    else
      fields.error("dates", Code::bad_contact_rules, date.error().message, date.error().hint);
  }
  std::sort(dates.begin(), dates.end());
  return dates;
}

std::optional<QuietDayRule> quiet_days_of(const Fields& fields) {
  const std::optional<RuleScope> scope = read_scope(fields);
  QuietDayRule rule{scope.value_or(RuleScope{}), fields.text("holidays"), dates_of(fields)};
  if (rule.holidays.empty() && !fields.written("holidays") && !fields.written("dates")) {
    fields.error("holidays", Code::missing_field, "a quiet day wants 'holidays' or 'dates'",
                 "write { holidays = \"FR\" } or { dates = { \"2026-12-24\" } }");
    return std::nullopt;
  }
  if (!rule.holidays.empty() && !knows_holidays_of(rule.holidays)) {
    fields.known("holidays", rule.holidays, holiday_places(), Code::unknown_holidays,
                 "table of holidays for");
    return std::nullopt;
  }
  if (!scope) return std::nullopt;
  return rule;
}

void read_packs(const Fields& contact, ContactRules& rules) {
  std::vector<std::string> names;
  for (const Pack& pack : all_packs()) names.push_back(pack.name);
  for (const std::string& name : contact.texts("packs")) {
    if (!contact.known("packs", name, names, Code::unknown_pack, "pack")) continue;
    const Pack* pack = find_pack(name);
    if (std::find(rules.packs.begin(), rules.packs.end(), pack) != rules.packs.end()) continue;
    rules.packs.push_back(pack);
    rules.packs_look_back = std::max(rules.packs_look_back, pack->look_back);
  }
}

void read_opening(const Fields& contact, ContactRules& rules) {
  const Value* given = contact.get("opening");
  if (given == nullptr) return;
  const Fields fields(*given, kOpeningFields, "'opening'", contact.place().inside("opening"),
                      contact.findings());
  OpeningRule opening;
  if (const auto spread = fields.duration("spread")) opening.spread = *spread;
  if (const auto apart = fields.duration("apart")) opening.apart = *apart;
  if (const std::string others = fields.text("others"); !others.empty()) {
    fields.known("others", others, {"wait", "drop"}, Code::bad_value, "way");
    opening.drop = others == "drop";
  }
  if (opening.spread < Duration{} || opening.spread > hours(12))
    fields.error("spread", Code::bad_value, "'spread' must be from nothing to 12 hours");
  if (opening.apart <= Duration{})
    fields.error("apart", Code::bad_value, "'apart' must be longer than nothing");
  rules.opening = opening;
}

std::optional<DoNotCallRule> list_of(const Value& value, const Place& place, Findings& findings) {
  if (value.is(Value::Kind::text)) return DoNotCallRule{value.text, {}};
  if (value.is(Value::Kind::spoilt)) return std::nullopt;
  if (!value.is(Value::Kind::table)) {
    findings.error(place.at(), Code::wrong_type,
                   "'do_not_call' wants a file, not " + describe(value),
                   "write do_not_call = \"dnc.csv\"");
    return std::nullopt;
  }
  const Fields fields(value, kListFields, "'do_not_call'", place, findings);
  DoNotCallRule rule{fields.text("file"), {}};
  if (const std::string word = fields.text("purpose"); !word.empty()) {
    Purpose purpose{};
    if (!fields.known("purpose", word, {"service", "recovery", "marketing"}, Code::bad_value,
                      "purpose"))
      return std::nullopt;
    purpose_from(word, purpose);
    rule.purpose = purpose;
  }
  if (rule.file.empty()) return std::nullopt;
  return rule;
}

void read_do_not_call(const Fields& contact, ContactRules& rules) {
  const Value* suppress = contact.get("suppress");
  if (suppress == nullptr) return;
  const Place place = contact.place().inside("suppress");
  for (const auto& [name, value] : suppress->fields) {
    if (name != "do_not_call") {
      contact.findings().error(place.at(name), Code::unknown_field,
                               "'suppress' has no field '" + name + "'",
                               did_you_mean(name, {"do_not_call"}));
      continue;
    }
    const Place inside = place.inside(name);
    const bool several = value.is(Value::Kind::table) && !value.items.empty();
    std::vector<Value> lists = several ? value.items : std::vector<Value>{value};
    for (const Value& list : lists)
      if (auto rule = list_of(list, inside, contact.findings()))
        rules.do_not_call.push_back(std::move(*rule));
  }
}

}  // namespace

std::vector<QuietDayRule> read_quiet_days(const Fields& fields) {
  std::vector<QuietDayRule> rules;
  const Value* given = fields.get("quiet_days");
  if (given == nullptr) return rules;
  if (!given->fields.empty()) {
    fields.error("quiet_days", Code::wrong_type, "'quiet_days' wants a list",
                 "write { { holidays = \"FR\" }, { dates = { \"2026-12-24\" } } }");
    return rules;
  }
  const Place inside = fields.place().inside("quiet_days");
  for (size_t i = 0; i < given->items.size(); ++i) {
    const Fields one(given->items[i], kQuietFields, "quiet day",
                     inside.inside(std::to_string(i + 1)), fields.findings());
    if (auto rule = quiet_days_of(one)) rules.push_back(std::move(*rule));
  }
  return rules;
}

std::optional<Duration> read_self_cure(const Fields& fields) {
  const auto wait = fields.duration("self_cure");
  if (wait && (*wait < Duration{} || *wait > days(7)))
    fields.error("self_cure", Code::bad_value, "'self_cure' must be from nothing to 7 days");
  return wait;
}

void read_places(const Fields& contact, ContactRules& rules) {
  rules.quiet_days = read_quiet_days(contact);
  rules.self_cure = read_self_cure(contact);
  read_packs(contact, rules);
  read_opening(contact, rules);
  read_do_not_call(contact, rules);
}

}  // namespace relance
