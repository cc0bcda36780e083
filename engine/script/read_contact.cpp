#include "script/read_contact.h"

#include "base/text.h"
#include "script/read_exclusions.h"
#include "script/read_guards.h"
#include "script/read_places.h"
#include "script/read_suppress.h"
#include "script/returned_place.h"
#include "script/rule_scope.h"

namespace relance {
namespace {

constexpr Field kContactFields[] = {
    {"windows", Shape::table, false,
     "hours in which a channel may be used, in the customer's local time"},
    {"caps", Shape::table, false, "how many touches in a rolling span"},
    {"gap", Shape::duration, false, "between any two touches"},
    {"markers", Shape::table, false, "what a customer is in the middle of"},
    {"exclusions", Shape::table, false, "what must not meet"},
    {"suppress", Shape::table, false,
     "outcome words that end all contact with an address; do_not_call = a file of numbers"},
    {"quiet_days", Shape::table, false, "holidays and dates on which nobody is contacted"},
    {"self_cure", Shape::duration, false, "from a failure to a recovery's first contact"},
    {"opening", Shape::record, false,
     "how held touches leave at an opening: { spread, apart, others }"},
    {"guards", Shape::table, false, "how many objections to a flow are too many"},
    {"priority", Shape::texts, false, "flows, most urgent first; also the lanes"},
    {"losers", Shape::text, false, "who gives way to a more urgent flow: wait (default) or drop"},
    {"packs", Shape::texts, false, "country and network rules"},
    {"off", Shape::texts, false, "kinds of channels that are switched off"},
    {"recovery_needs_consent", Shape::boolean, false,
     "recovery asks for consent as marketing does"},
};

constexpr Field kWindowFields[] = {
    {"1", Shape::any, true, "between(\"09:00\", \"21:00\")"},
    {"channel", Shape::any, false, "a channel's kind, or any_channel"},
    {"purpose", Shape::text, false, "service, recovery or marketing"},
};

constexpr Field kCapFields[] = {
    {"at_most", Shape::integer, true, "touches"},
    {"per", Shape::duration, true, "in any span of this length"},
    {"channel", Shape::any, false, "a channel's kind, or any_channel"},
    {"purpose", Shape::text, false, "service, recovery or marketing"},
};

// between("09:00", "21:00", "mon-fri"). Nothing: reported.
std::optional<WindowRule> read_between(const Value& value, const Where& where, Findings& findings) {
  const auto bad = [&](const std::string& problem) {
    findings.error(where, Code::bad_contact_rules, problem,
                   "write between(\"09:00\", \"21:00\", \"mon-fri\")");
    return std::nullopt;
  };
  if (value.is(Value::Kind::spoilt)) return std::nullopt;
  if (!value.is_word("between")) return bad("a window wants between(...), not " + describe(value));
  const size_t count = value.items.size();
  if (count < 2 || count > 3) return bad("a window wants two times, and perhaps weekdays");
  for (const Value& item : value.items) {
    if (!item.is(Value::Kind::text))
      return bad("a window wants times as text, not " + describe(item));
  }
  const Result<TimeOfDay> from = parse_time_of_day(value.items[0].text);
  const Result<TimeOfDay> to = parse_time_of_day(value.items[1].text);
  if (!from) return bad(from.error().message);
  if (!to) return bad(to.error().message);
  if (*from == *to)
    return bad("a window from " + value.items[0].text + " to the same time is empty");
  WindowRule rule{{}, *from, *to};
  if (count == 3) {
    rule.weekdays = parse_weekdays(value.items[2].text);
    if (rule.weekdays == 0) return bad("'" + value.items[2].text + "' names no weekdays");
  }
  return rule;
}

void read_channel_windows(const std::string& channel, const Value& value, const Place& place,
                          std::vector<WindowRule>& rules, Findings& findings) {
  const Where where = place.at(channel);
  if (!known_channel_kind(channel, where, findings)) return;
  // One window, or a list of several that unite: 09-12 and 14-18.
  const bool several = value.is(Value::Kind::table) && value.fields.empty();
  std::vector<Value> windows;
  if (several) {
    windows = value.items;
  } else {
    windows.push_back(value);
  }
  for (const Value& window : windows) {
    if (auto rule = read_between(window, where, findings)) {
      rule->scope.channel = channel;
      rules.push_back(*rule);
    }
  }
}

void read_scoped_window(const Value& value, const Place& place, std::vector<WindowRule>& rules,
                        Findings& findings) {
  const Fields fields(value, kWindowFields, "window", place, findings);
  const std::optional<RuleScope> scope = read_scope(fields);
  const Value* window = fields.get("1");
  if (window == nullptr) return;
  auto rule = read_between(*window, place.at(), findings);
  if (!rule || !scope) return;
  rule->scope = *scope;
  rules.push_back(*rule);
}

}  // namespace

std::vector<WindowRule> read_windows(const Value& windows, const Place& place, Findings& findings) {
  std::vector<WindowRule> rules;
  if (windows.is(Value::Kind::spoilt)) return rules;
  if (!windows.is(Value::Kind::table)) {
    findings.error(place.at("windows"), Code::wrong_type,
                   "'windows' wants a table, not " + describe(windows));
    return rules;
  }
  const Place inside = place.inside("windows");
  for (const auto& [channel, value] : windows.fields) {
    read_channel_windows(channel, value, inside, rules, findings);
  }
  for (size_t i = 0; i < windows.items.size(); ++i) {
    read_scoped_window(windows.items[i], inside.inside(std::to_string(i + 1)), rules, findings);
  }
  return rules;
}

std::vector<CapRule> read_caps(const Value& caps, const Place& place, Findings& findings) {
  std::vector<CapRule> rules;
  if (caps.is(Value::Kind::spoilt)) return rules;
  if (!caps.is(Value::Kind::table) || !caps.fields.empty()) {
    findings.error(place.at("caps"), Code::wrong_type, "'caps' wants a list, not " + describe(caps),
                   "write { { channel = \"voice\", at_most = 1, per = days(1) } }");
    return rules;
  }
  const Place inside = place.inside("caps");
  for (size_t i = 0; i < caps.items.size(); ++i) {
    const Fields fields(caps.items[i], kCapFields, "cap", inside.inside(std::to_string(i + 1)),
                        findings);
    const std::optional<RuleScope> scope = read_scope(fields);
    const std::optional<Duration> per = fields.duration("per");
    if (per && *per <= Duration{})
      fields.error("per", Code::bad_value, "'per' must be longer than nothing");
    const int at_most = fields.whole("at_most", 1, 0, 1'000'000);
    if (scope && per && fields.has("at_most")) rules.push_back({*scope, at_most, *per});
  }
  return rules;
}

std::vector<std::string> read_off(const Fields& fields) {
  std::vector<std::string> kinds = fields.texts("off");
  std::erase_if(kinds, [&](const std::string& kind) {
    return !known_channel_kind(kind, fields.place().at("off"), fields.findings());
  });
  return kinds;
}

ContactRules read_contact(const Value& returned, const SourceFile& file,
                          const ContactContext& context, Findings& findings) {
  ContactRules rules;
  if (returned.is(Value::Kind::spoilt)) return rules;
  if (!returned.is_word("contact")) {
    findings.error({file.path, 0}, Code::bad_contact_rules,
                   "this file returns " + describe(returned) + ", not contact rules",
                   "end it with return contact { ... }");
    return rules;
  }
  const Place place = returned_place(returned, file);
  const Fields fields(returned, kContactFields, "contact", place, findings);
  if (const Value* windows = fields.get("windows"))
    rules.windows = read_windows(*windows, place, findings);
  if (const Value* caps = fields.get("caps")) rules.caps = read_caps(*caps, place, findings);
  rules.gap = fields.duration("gap");
  rules.exclusions = read_exclusions(fields, context);
  rules.suppress_on = read_suppress(fields, rules.exclusions.responded_leaves);
  rules.priority = fields.texts("priority");
  for (const std::string& flow : rules.priority) {
    if (std::find(context.flows.begin(), context.flows.end(), flow) != context.flows.end())
      continue;
    fields.warning("priority", Code::unknown_flow, "there is no flow '" + flow + "' in this bundle",
                   did_you_mean(flow, context.flows));
  }
  rules.off = read_off(fields);
  rules.consent_needed_for_recovery = fields.boolean("recovery_needs_consent");
  rules.guards = read_guards(fields, context);
  read_places(fields, rules);
  return rules;
}

}  // namespace relance
