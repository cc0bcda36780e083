#include "sources/mapping/mapping.h"

#include "sources/mapping/clock.h"
#include "sources/mapping/operators.h"

namespace sources {
namespace {

const Value kNothing;

bool is_one_of(const Value* found, const Value& wanted) {
  if (wanted.IsArray()) {
    for (const Value& one : wanted.GetArray())
      if (is_one_of(found, one)) return true;
    return false;
  }
  return found != nullptr && *found == wanted;
}

bool holds(const Value* found, const Value& wanted) {
  if (found != nullptr && found->IsNull()) found = nullptr;
  if (!wanted.IsObject()) return is_one_of(found, wanted);
  if (const Value* present = kit::member(&wanted, "present"))
    return (found != nullptr) == (present->IsBool() && present->GetBool());
  const Value* unwanted = kit::member(&wanted, "not");
  return unwanted != nullptr && !is_one_of(found, *unwanted);
}

bool holds_all(const Value& rule, const Scope& scope) {
  const Value* when = kit::member(&rule, "when");
  if (when == nullptr) return true;
  for (const auto& condition : when->GetObject()) {
    if (!holds(look_up(scope.payload, kit::view(condition.name)), condition.value)) return false;
  }
  return true;
}

std::string json_of(const Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

void check_when(const Value& rule, const std::string& place, std::string& problems) {
  const Value* when = kit::member(&rule, "when");
  if (when == nullptr) return;
  if (!when->IsObject()) {
    problems += place + ": 'when' wants paths and values\n";
    return;
  }
  for (const auto& condition : when->GetObject()) {
    const Value& wanted = condition.value;
    const bool known = !wanted.IsObject() || kit::member(&wanted, "present") != nullptr ||
                       kit::member(&wanted, "not") != nullptr;
    if (!is_path(condition.name) || !known)
      problems += place + ".when: '" + condition.name.GetString() + "' is no condition\n";
  }
}

}  // namespace

Mapping::Mapping(std::string_view document, const Value& configuration) {
  document_.Parse(document.data(), document.size());
  if (document_.HasParseError() || !document_.IsObject()) {
    document_.SetObject();
    problems_ = "the mapping is no JSON object\n";
    return;
  }
  take(configuration);
  check();
}

void Mapping::take(const Value& configuration) {
  Pool& pool = document_.GetAllocator();
  for (const char* name : {"topic", "id", "at", "subject"}) {
    const Value* own = kit::member(&configuration, name);
    if (own == nullptr) continue;
    document_.RemoveMember(name);
    document_.AddMember(Value(name, pool), Value(*own, pool), pool);
  }
  lay_over("signature", configuration);
  lay_over("topics", configuration);
}

// Member by member.
void Mapping::lay_over(const char* part, const Value& configuration) {
  Pool& pool = document_.GetAllocator();
  const Value* own = kit::member(&configuration, part);
  if (own == nullptr || !own->IsObject()) return;
  if (!document_.HasMember(part))
    document_.AddMember(Value(part, pool), Value(rapidjson::kObjectType), pool);
  for (const auto& [name, value] : own->GetObject()) {
    document_[part].RemoveMember(name);
    document_[part].AddMember(Value(name, pool), Value(value, pool), pool);
  }
}

void Mapping::check() {
  for (const char* name : {"topic", "id", "at", "subject"}) {
    if (const Value* own = kit::member(&document_, name)) check_expression(*own, name, problems_);
  }
  const Value* topics = kit::member(&document_, "topics");
  if (topics == nullptr) return;
  for (const auto& [name, rules] : topics->GetObject()) {
    const std::string place = "topics." + std::string(kit::view(name));
    if (rules.IsFalse()) continue;
    if (!rules.IsArray()) {
      check_rule(rules, place);
      continue;
    }
    for (const Value& rule : rules.GetArray()) check_rule(rule, place);
  }
}

void Mapping::check_rule(const Value& rule, const std::string& place) {
  if (kit::text(&rule, "type").empty()) {
    problems_ += place + ": wants a 'type': an event of the catalogue\n";
    return;
  }
  for (const auto& [name, value] : rule.GetObject()) {
    const std::string_view field = kit::view(name);
    const std::string inside = place + "." + std::string(field);
    if (field == "id" || field == "at" || field == "subject" || field == "touch") {
      check_expression(value, inside, problems_);
    } else if (field == "data" && value.IsObject()) {
      for (const auto& one : value.GetObject())
        check_expression(one.value, inside + "." + one.name.GetString(), problems_);
    } else if (field != "type" && field != "when" && field != "fetch") {
      problems_ += inside + ": a rule has type, when, data, id, at, subject, touch and fetch\n";
    }
  }
  if (rule.HasMember("fetch") && fetch(rule) == nullptr)
    problems_ += place + ": there is no such fetch\n";
  check_when(rule, place, problems_);
}

std::string Mapping::topic(const Scope& scope) const {
  const Value* topic = part("topic");
  return topic == nullptr ? "" : evaluate_text(*topic, scope).value_or("");
}

const Value* Mapping::rule(std::string_view topic, const Scope& scope) const {
  const Value* rules = kit::member(part("topics"), topic);
  if (rules == nullptr || rules->IsFalse()) return nullptr;
  if (rules->IsObject()) return holds_all(*rules, scope) ? rules : nullptr;
  for (const Value& rule : rules->GetArray())
    if (holds_all(rule, scope)) return &rule;
  return nullptr;
}

const Value* Mapping::fetch(const Value& rule) const {
  return kit::member(part("fetches"), kit::text(&rule, "fetch"));
}

const Value& Mapping::of(const Value& rule, const char* name) const {
  const Value* own = kit::member(&rule, name);
  if (own == nullptr) own = kit::member(&document_, name);
  return own == nullptr ? kNothing : *own;
}

MappedEvent Mapping::event(const Value& rule, const Scope& scope) const {
  MappedEvent event;
  event.type = kit::text(&rule, "type");
  event.id = evaluate_text(of(rule, "id"), scope).value_or("");
  event.subject = evaluate_text(of(rule, "subject"), scope).value_or("");
  event.touch = evaluate_text(of(rule, "touch"), scope).value_or("");
  if (const auto written = evaluate_text(of(rule, "at"), scope))
    event.at = from_rfc3339(*written, true).value_or(0);
  Value data(rapidjson::kObjectType);
  if (const Value* fields = kit::member(&rule, "data")) {
    for (const auto& field : fields->GetObject()) {
      Value value = evaluate(field.value, scope);
      if (!value.IsNull()) data.AddMember(Value(field.name, *scope.pool), value, *scope.pool);
    }
  }
  event.data = json_of(data);
  return event;
}

}  // namespace sources
