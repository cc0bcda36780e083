#include "script/read_exclusions.h"

#include "base/text.h"
#include "script/rule_scope.h"

namespace relance {
namespace {

constexpr Field kMarkerFields[] = {
    {"opens", Shape::events, true, "the events that open it"},
    {"closes", Shape::events, true, "the events that close it"},
    {"key", Shape::texts, false, "fields that tell one from another"},
    {"at_most", Shape::duration, false, "it counts as closed so long after it opened"},
};

constexpr Field kNeverFields[] = {
    {"purpose", Shape::text, false, "service, recovery or marketing"},
    {"channel", Shape::any, false, "a channel's kind, or any_channel"},
    {"during", Shape::text, true, "a marker"},
    {"within", Shape::duration, false, "counts on from its closing"},
    {"act", Shape::text, false, "drop or wait (default)"},
};

constexpr Field kMutexFields[] = {
    {"within", Shape::duration, true, "while another of them touched the customer"},
};

constexpr Field kMaxFields[] = {
    {"at_most", Shape::integer, true, "touches"},
    {"per", Shape::duration, true, "in any span of this length"},
    {"channel", Shape::any, false, "a channel's kind, or any_channel"},
    {"purpose", Shape::text, false, "service, recovery or marketing"},
};

const std::vector<std::string> kActs = {"drop", "wait"};

// Fields of a rule whose items are names of flows: the reader of fields sees the fields alone.
Value without_items(const Value& rule) {
  Value fields = rule;
  fields.items.clear();
  return fields;
}

class ExclusionsReader {
 public:
  ExclusionsReader(const Fields& contact, const ContactContext& context)
      : contact_(contact),
        context_(context),
        findings_(contact.findings()),
        names_(context.markers) {}

  Exclusions read() {
    if (const Value* markers = contact_.get("markers")) {
      const Place all = contact_.place().inside("markers");
      for (const auto& [name, value] : markers->fields) read_marker(name, value, all);
    }
    if (const Value* exclusions = contact_.get("exclusions"))
      for (const Value& rule : exclusions->items) read_rule(rule);
    read_losers();
    return std::move(rules_);
  }

 private:
  void bad(const Where& where, const std::string& problem, std::string hint = {}) const {
    findings_.error(where, Code::bad_contact_rules, problem, std::move(hint));
  }

  // The types of `event "x"` or `any { event "x", ... }`.
  std::vector<std::string> types(const Fields& fields, std::string_view name) const {
    std::vector<std::string> found;
    const Value* value = fields.get(name);
    if (value == nullptr) return found;
    std::vector<const Value*> patterns{value};
    if (value->is_word("any")) {
      patterns.clear();
      for (const Value& item : value->items) patterns.push_back(&item);
    }
    for (const Value* pattern : patterns) {
      const Value* type = pattern->find("type");
      if (type == nullptr) continue;
      if (pattern->find("where") != nullptr)
        bad(fields.place().at(name), "the events of a marker take no `where`",
            "a marker opens and closes with every event of its type");
      found.push_back(type->text);
      if (context_.events == nullptr || context_.events->find(type->text) != nullptr) continue;
      fields.error(name, Code::unknown_event, "there is no event '" + type->text + "'",
                   did_you_mean(type->text, context_.events->names()));
    }
    return found;
  }

  void read_marker(const std::string& name, const Value& value, const Place& all) {
    names_.push_back(name);
    if (value.is(Value::Kind::spoilt)) return;
    const Fields fields(value, kMarkerFields, "marker '" + name + "'", all.inside(name), findings_);
    MarkerRule rule;
    rule.name = name;
    rule.opens = types(fields, "opens");
    rule.closes = types(fields, "closes");
    rule.key = fields.texts("key");
    rule.at_most = fields.duration("at_most");
    for (const std::string& type : rule.opens)
      if (std::find(rule.closes.begin(), rule.closes.end(), type) != rule.closes.end())
        bad(all.at(name), "marker '" + name + "' both opens and closes with '" + type + "'");
    check_key(rule, fields);
    rules_.markers.push_back(std::move(rule));
  }

  // An event that never carries the key would open a marker that no other event can close.
  void check_key(const MarkerRule& rule, const Fields& fields) const {
    if (context_.events == nullptr) return;
    for (const auto* types : {&rule.opens, &rule.closes}) {
      for (const std::string& type : *types) {
        const EventType* known = context_.events->find(type);
        if (known == nullptr) continue;
        for (const std::string& field : rule.key)
          if (!known->fields.contains(field.substr(0, field.find('.'))))
            bad(fields.place().at("key"), "event '" + type + "' has no field '" + field +
                                              "', the key of marker '" + rule.name + "'");
      }
    }
  }

  // Names of flows; empty with `any_flow` and where none stand.
  std::vector<std::string> flows(const Value& rule, const Where& where, bool& any) const {
    std::vector<std::string> found;
    for (const Value& item : rule.items) {
      if (item.is_word("any_flow")) any = true;
      if (item.is_word("any_flow") || item.is(Value::Kind::spoilt)) continue;
      if (!item.is(Value::Kind::text)) {
        findings_.error(where, Code::wrong_type,
                        "'" + rule.text + "' wants names of flows, not " + describe(item));
        continue;
      }
      found.push_back(item.text);
      const auto& known = context_.flows;
      if (std::find(known.begin(), known.end(), item.text) != known.end()) continue;
      findings_.warning(where, Code::unknown_flow,
                        "there is no flow '" + item.text + "' in this bundle",
                        did_you_mean(item.text, known));
    }
    if (any) found.clear();
    return found;
  }

  void read_never(const Value& value, const Place& place) {
    const Value alone = without_items(value);
    const Fields fields(alone, kNeverFields, "never", place, findings_);
    NeverRule rule;
    bool any = false;
    rule.flows = flows(value, place.at(), any);
    const std::optional<RuleScope> scope = read_scope(fields);
    rule.during = fields.text("during");
    if (!rule.during.empty())
      fields.known("during", rule.during, names_, Code::unknown_marker, "marker");
    rule.within = fields.duration("within").value_or(Duration{});
    const std::string act = fields.text("act");
    if (!act.empty()) fields.known("act", act, kActs, Code::bad_value, "act");
    rule.drop = act == "drop";
    if (!scope) return;
    rule.scope = *scope;
    if (!any && value.items.empty() && rule.scope == RuleScope{})
      bad(place.at(), "'never' does not say for whom",
          "name flows, a purpose, a channel or any_flow");
    rules_.never.push_back(std::move(rule));
  }

  void read_mutex(const Value& value, const Place& place) {
    const Value alone = without_items(value);
    const Fields fields(alone, kMutexFields, "mutex", place, findings_);
    MutexRule rule;
    bool any = false;
    rule.flows = flows(value, place.at(), any);
    rule.within = fields.duration("within").value_or(Duration{});
    if (any || value.items.size() < 2)
      bad(place.at(), "'mutex' wants the names of two flows or more",
          "write mutex { \"delivery_retry\", \"cod_confirmation\", within = hours(24) }");
    rules_.mutex.push_back(std::move(rule));
  }

  void read_max(const Value& value, const Place& place) {
    const Fields fields(value, kMaxFields, "max", place, findings_);
    const std::optional<RuleScope> scope = read_scope(fields);
    const std::optional<Duration> per = fields.duration("per");
    const int at_most = fields.whole("at_most", 1, 0, 1'000'000);
    if (scope && per && fields.has("at_most")) rules_.max.push_back({*scope, at_most, *per});
  }

  void read_rule(const Value& rule) {
    const Place place{contact_.place().file, rule.line, {}};
    if (rule.is_word("never")) return read_never(rule, place);
    if (rule.is_word("mutex")) return read_mutex(rule, place);
    if (rule.is_word("max")) return read_max(rule, place);
    if (rule.is(Value::Kind::spoilt)) return;
    contact_.error(
        "exclusions", Code::wrong_type,
        "'exclusions' wants never { ... }, mutex { ... } or max { ... }, not " + describe(rule));
  }

  void read_losers() {
    const std::string act = contact_.text("losers");
    if (!act.empty()) contact_.known("losers", act, kActs, Code::bad_value, "act");
    rules_.losers_drop = act == "drop";
  }

  const Fields& contact_;
  const ContactContext& context_;
  Findings& findings_;
  std::vector<std::string> names_;  // of markers
  Exclusions rules_;
};

}  // namespace

Exclusions read_exclusions(const Fields& contact, const ContactContext& context) {
  return ExclusionsReader(contact, context).read();
}

}  // namespace relance
