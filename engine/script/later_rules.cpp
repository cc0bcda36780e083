#include "script/later_rules.h"

#include "base/text.h"
#include "script/rule_scope.h"

namespace relance {
namespace {

constexpr Field kMarkerFields[] = {
    {"opens", Shape::events, true, "the events that open it"},
    {"closes", Shape::events, true, "the events that close it"},
    {"key", Shape::texts, false, "fields that tell one from another"},
};

constexpr Field kNeverFields[] = {
    {"1", Shape::any, false, "any_flow, or names of flows"},
    {"purpose", Shape::text, false, "service, recovery or marketing"},
    {"channel", Shape::any, false, "a channel's kind, or any_channel"},
    {"during", Shape::text, true, "a marker"},
    {"within", Shape::duration, false, "counts on from its closing"},
    {"act", Shape::text, false, "drop or wait"},
};

constexpr Field kMutexFields[] = {
    {"within", Shape::duration, true, "while another of them touched the customer"},
};

const std::vector<std::string> kActs = {"drop", "wait"};

void not_enforced(const Where& where, const std::string& rule, Findings& findings) {
  findings.warning(where, Code::not_supported, rule + " is not enforced by this version");
}

// The types of `event "x"` or `any { event "x", ... }`.
void check_events(const Fields& fields, std::string_view name, const ContactContext& context) {
  const Value* value = fields.get(name);
  if (value == nullptr || context.events == nullptr) return;
  std::vector<const Value*> patterns{value};
  if (value->is_word("any")) {
    patterns.clear();
    for (const Value& item : value->items) patterns.push_back(&item);
  }
  for (const Value* pattern : patterns) {
    const Value* type = pattern->find("type");
    if (type == nullptr || context.events->find(type->text) != nullptr) continue;
    fields.error(name, Code::unknown_event, "there is no event '" + type->text + "'",
                 did_you_mean(type->text, context.events->names()));
  }
}

std::vector<std::string> check_markers(const Fields& contact, const ContactContext& context) {
  std::vector<std::string> names;
  const Value* markers = contact.get("markers");
  if (markers == nullptr) return names;
  const Place all = contact.place().inside("markers");
  for (const auto& [name, value] : markers->fields) {
    names.push_back(name);
    const Fields fields(value, kMarkerFields, "marker '" + name + "'", all.inside(name),
                        contact.findings());
    check_events(fields, "opens", context);
    check_events(fields, "closes", context);
    not_enforced(all.at(name), "marker '" + name + "'", contact.findings());
  }
  return names;
}

void check_flow_names(const Value& rule, const Where& where, const ContactContext& context,
                      Findings& findings) {
  for (const Value& item : rule.items) {
    if (item.is_word("any_flow") || item.is(Value::Kind::spoilt)) continue;
    if (!item.is(Value::Kind::text)) {
      findings.error(where, Code::wrong_type,
                     "'" + rule.text + "' wants names of flows, not " + describe(item));
      continue;
    }
    const bool known =
        std::find(context.flows.begin(), context.flows.end(), item.text) != context.flows.end();
    if (known) continue;
    findings.warning(where, Code::unknown_flow,
                     "there is no flow '" + item.text + "' in this bundle",
                     did_you_mean(item.text, context.flows));
  }
}

// Fields of a rule whose items are names of flows: the reader of fields sees the fields alone.
Value without_items(const Value& rule) {
  Value fields = rule;
  fields.items.clear();
  return fields;
}

void check_never(const Value& rule, const Place& place, const std::vector<std::string>& markers,
                 Findings& findings) {
  const Value alone = without_items(rule);
  const Fields fields(alone, kNeverFields, "never", place, findings);
  read_scope(fields);
  const std::string during = fields.text("during");
  if (!during.empty()) fields.known("during", during, markers, Code::unknown_marker, "marker");
  const std::string act = fields.text("act");
  if (!act.empty()) fields.known("act", act, kActs, Code::bad_value, "act");
  not_enforced(place.at(), "exclusion 'never' during '" + during + "'", findings);
}

void check_exclusions(const Fields& contact, const ContactContext& context,
                      const std::vector<std::string>& markers) {
  const Value* exclusions = contact.get("exclusions");
  if (exclusions == nullptr) return;
  Findings& findings = contact.findings();
  for (const Value& rule : exclusions->items) {
    const Place place{contact.place().file, rule.line, {}};
    if (rule.is_word("never")) {
      check_never(rule, place, markers, findings);
    } else if (rule.is_word("mutex")) {
      const Value alone = without_items(rule);
      const Fields fields(alone, kMutexFields, "mutex", place, findings);
      not_enforced(place.at(), "exclusion 'mutex'", findings);
    } else if (!rule.is(Value::Kind::spoilt)) {
      contact.error("exclusions", Code::wrong_type,
                    "'exclusions' wants never { ... } or mutex { ... }, not " + describe(rule));
      continue;
    }
    check_flow_names(rule, place.at(), context, findings);
  }
}

// Words that can mean "do not contact": those of the channels, and what a person or a list may say.
std::vector<std::string> suppressing_words() {
  std::vector<std::string> words = {"do_not_call", "complained", "hard_bounce"};
  for (std::string_view kind : {"email", "sms", "voice"}) {
    for (std::string_view word : channel_words(kind)) words.emplace_back(word);
  }
  return words;
}

}  // namespace

std::vector<std::string> read_suppress(const Fields& contact) {
  std::vector<std::string> words;
  const Value* suppress = contact.get("suppress");
  if (suppress == nullptr) return words;
  const std::vector<std::string> known = suppressing_words();
  for (const Value& item : suppress->items) {
    if (item.is(Value::Kind::spoilt)) continue;
    if (item.is_word("responded_to_campaign")) {
      not_enforced(contact.place().at("suppress"), "'responded_to_campaign'", contact.findings());
      continue;
    }
    if (!item.is(Value::Kind::text)) {
      contact.error("suppress", Code::wrong_type,
                    "'suppress' wants outcome words, not " + describe(item));
      continue;
    }
    words.push_back(item.text);
    if (std::find(known.begin(), known.end(), item.text) != known.end()) continue;
    contact.warning("suppress", Code::dead_outcome, "no channel gives the word '" + item.text + "'",
                    did_you_mean(item.text, known));
  }
  return words;
}

void check_later_rules(const Fields& contact, const ContactContext& context) {
  const std::vector<std::string> markers = check_markers(contact, context);
  check_exclusions(contact, context, markers);
  for (const std::string& pack : contact.texts("packs")) {
    not_enforced(contact.place().at("packs"), "pack '" + pack + "'", contact.findings());
  }
}

}  // namespace relance
