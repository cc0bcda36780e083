#include "settings.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "sources/mapping/expression.h"

namespace commerce {
namespace {

constexpr int64_t kKeyWindowMs = 24 * 3600 * 1000;  // the least a keyed shop has to keep keys
constexpr int64_t kIndexLagMs = 10'000;

std::vector<int> statuses_of(const kit::Value* list, std::vector<int> otherwise) {
  if (list == nullptr) return otherwise;
  std::vector<int> statuses;
  for (const kit::Value& one : list->GetArray()) statuses.push_back(one.GetInt());
  return statuses;
}

uint32_t auth_of(std::string_view name) {
  return name == "basic" ? RL_AUTH_BASIC : name == "header" ? RL_AUTH_HEADER : RL_AUTH_BEARER;
}

Operation::Condition condition_of(std::string_view name) {
  if (name == "match") return Operation::Condition::match;
  return name == "request" ? Operation::Condition::request : Operation::Condition::none;
}

// What a shop usually does, with what undoes it; any other name is an operation too.
struct Usual {
  const char* name;
  const char* undo;
  bool harmless;
};
constexpr Usual kUsual[] = {{"cancel", nullptr, false},        {"hold", "release", false},
                            {"release", nullptr, false},       {"change_address", nullptr, false},
                            {"book_pickup", nullptr, false},   {"rebook_pickup", nullptr, false},
                            {"delivery_slots", nullptr, true}, {"*", nullptr, false}};
constexpr size_t kOperations = std::size(kUsual);
constexpr const char* kObjects[] = {"order", "return", "shipment", "payment_methods", "*"};

constexpr std::array<rl_operation, kOperations> make_operations(uint32_t delivery, bool found) {
  std::array<rl_operation, kOperations> made{};
  for (size_t i = 0; i < kOperations; ++i) {
    made[i].struct_size = sizeof(rl_operation);
    made[i].delivery = kUsual[i].harmless ? uint32_t{RL_REPEATABLE} : delivery;
    made[i].name = kUsual[i].name;
    made[i].undo = kUsual[i].undo;
    made[i].flags = RL_ONLY_IF | (found ? uint32_t{RL_OP_LOOKUP} : 0);
    made[i].key_window_ms = delivery == RL_KEYED ? kKeyWindowMs : 0;
    made[i].index_lag_ms = found ? kIndexLagMs : 0;
  }
  return made;
}

template <uint32_t kDelivery, bool kFound>
const rl_connector_caps* table() {
  static constexpr auto operations = make_operations(kDelivery, kFound);
  static constexpr auto pointers = [] {
    std::array<const rl_operation*, kOperations> made{};
    for (size_t i = 0; i < kOperations; ++i) made[i] = &operations[i];
    return made;
  }();
  static constexpr rl_connector_caps caps = {.struct_size = sizeof(rl_connector_caps),
                                             .acts_outside = 1,
                                             .kind = "shop",
                                             .objects = kObjects,
                                             .objects_count = std::size(kObjects),
                                             .operations = pointers.data(),
                                             .operations_count = kOperations};
  return &caps;
}

void check_fields(const kit::Value* fields, const std::string& place, std::string& problems) {
  if (fields == nullptr) return;
  for (const auto& [name, expression] : fields->GetObject()) {
    sources::check_expression(expression, place + "." + std::string(kit::view(name)), problems);
  }
}

void check_operation(const Operation& operation, bool by_look_up, std::string& problems) {
  const std::string place = "operations." + operation.name;
  if (operation.body != nullptr) {
    sources::check_expression(*operation.body, place + ".body", problems);
  }
  check_fields(operation.answer, place + ".answer", problems);
  const bool needs_state =
      operation.condition == Operation::Condition::match || operation.done_when != nullptr;
  if (needs_state && (operation.state == nullptr || operation.state_id.empty())) {
    problems += place +
                ": its condition or done_when needs 'state', one of `objects`, and its id "
                "in 'state_id'\n";
  }
  if (by_look_up && operation.acts() && operation.done_when == nullptr) {
    problems += place + ": with class \"lookup\" it needs 'done_when'\n";
  }
}

}  // namespace

const char* const kSchema = R"({
  "type": "object", "additionalProperties": false, "required": ["base_url"],
  "definitions": {
    "fields": {"type": "object"},
    "texts": {"type": "object", "additionalProperties": {"type": "string"}},
    "statuses": {"type": "array", "items": {"type": "integer", "minimum": 400, "maximum": 599}},
    "path": {"type": "string", "minLength": 1}
  },
  "properties": {
    "base_url": {"type": "string", "minLength": 8},
    "auth": {"type": "object", "additionalProperties": false, "required": ["secret"],
      "properties": {
        "type": {"type": "string", "enum": ["bearer", "basic", "header"], "default": "bearer"},
        "name": {"type": "string", "default": ""},
        "secret": {"type": "string", "format": "secret", "minLength": 1}}},
    "headers": {"$ref": "#/definitions/texts"},
    "class": {"type": "string", "enum": ["keyed", "lookup"], "default": "keyed"},
    "key_header": {"type": "string", "default": "Idempotency-Key"},
    "refused_statuses": {"$ref": "#/definitions/statuses"},
    "busy_statuses": {"$ref": "#/definitions/statuses"},
    "requests_per_minute": {"type": "integer", "minimum": 1, "default": 600},
    "timeout_ms": {"type": "integer", "minimum": 100, "maximum": 25000, "default": 10000},
    "objects": {"type": "object", "additionalProperties": {
      "type": "object", "additionalProperties": false, "required": ["path", "fields"],
      "properties": {
        "path": {"$ref": "#/definitions/path"},
        "by": {"$ref": "#/definitions/texts"},
        "at": {"type": "string", "default": ""},
        "fields": {"$ref": "#/definitions/fields"}}}},
    "operations": {"type": "object", "additionalProperties": {
      "type": "object", "additionalProperties": false, "required": ["path"],
      "properties": {
        "method": {"type": "string", "enum": ["GET", "POST", "PUT", "PATCH", "DELETE"],
                   "default": "POST"},
        "path": {"$ref": "#/definitions/path"},
        "headers": {"$ref": "#/definitions/texts"},
        "body": {"type": "object"},
        "answer": {"$ref": "#/definitions/fields"},
        "ref": {"type": "string", "default": ""},
        "only_if": {"type": "string", "enum": ["match", "request"]},
        "state": {"type": "string"},
        "state_id": {"type": "string"},
        "done_when": {"type": "object", "minProperties": 1}}}}
  }
})";

Settings::Settings(std::string_view config) : json_(config) {
  const kit::Value* root = json_.root();
  base_url = kit::text(root, "base_url");
  while (base_url.ends_with('/')) base_url.pop_back();
  secret = kit::text(root, "auth.secret");
  auth_name = kit::text(root, "auth.name");
  auth = auth_of(kit::text(root, "auth.type"));
  key_header = kit::text(root, "key_header", "Idempotency-Key");
  timeout_ms = static_cast<uint32_t>(kit::integer(root, "timeout_ms", 10'000));
  requests_per_minute = kit::integer(root, "requests_per_minute", 600);
  refused = statuses_of(kit::member(root, "refused_statuses"), {409, 412});
  busy = statuses_of(kit::member(root, "busy_statuses"), {423, 425});
  if (const kit::Value* texts = kit::member(root, "headers"); texts != nullptr) {
    for (const auto& [name, value] : texts->GetObject()) {
      headers.emplace_back(kit::view(name), kit::view(value));
    }
  }
  read_objects();
  read_operations();
}

void Settings::read_objects() {
  const kit::Value* all = kit::member(json_.root(), "objects");
  if (all == nullptr) return;
  for (const auto& [name, value] : all->GetObject()) {
    Object object;
    object.name = kit::view(name);
    object.path = kit::text(&value, "path");
    object.at = kit::text(&value, "at");
    object.fields = kit::member(&value, "fields");
    if (const kit::Value* by = kit::member(&value, "by"); by != nullptr) {
      for (const auto& [field, path] : by->GetObject()) {
        object.paths_by.emplace_back(kit::view(field), kit::view(path));
      }
    }
    objects.push_back(std::move(object));
  }
}

void Settings::read_operations() {
  const kit::Value* all = kit::member(json_.root(), "operations");
  if (all == nullptr) return;
  for (const auto& [name, value] : all->GetObject()) {
    Operation operation;
    operation.name = kit::view(name);
    operation.method = kit::text(&value, "method", "POST");
    operation.path = kit::text(&value, "path");
    operation.body = kit::member(&value, "body");
    operation.headers = kit::member(&value, "headers");
    operation.answer = kit::member(&value, "answer");
    operation.ref = kit::text(&value, "ref");
    operation.condition = condition_of(kit::text(&value, "only_if"));
    operation.state = object(kit::text(&value, "state"));
    operation.state_id = kit::text(&value, "state_id");
    operation.done_when = kit::member(&value, "done_when");
    operations.push_back(std::move(operation));
  }
}

const Object* Settings::object(std::string_view name) const {
  const auto it = std::find_if(objects.begin(), objects.end(),
                               [&](const Object& one) { return one.name == name; });
  return it == objects.end() ? nullptr : &*it;
}

const Operation* Settings::operation(std::string_view name) const {
  const auto it = std::find_if(operations.begin(), operations.end(),
                               [&](const Operation& one) { return one.name == name; });
  return it == operations.end() ? nullptr : &*it;
}

std::string problems_of(std::string_view config) {
  const Settings settings(config);
  const kit::Json json(config);
  std::string problems;
  if (!settings.base_url.starts_with("https://") && !settings.base_url.starts_with("http://")) {
    problems += "base_url must begin with https:// or http://\n";
  }
  if (!settings.secret.empty() && settings.auth != RL_AUTH_BEARER && settings.auth_name.empty()) {
    problems += "auth: 'name' is missing, the user of basic or the header's name\n";
  }
  for (const Object& object : settings.objects) {
    const std::string place = "objects." + object.name;
    if (!object.at.empty() && !object.at.starts_with('/')) {
      problems += place + ": 'at' is no JSON pointer\n";
    }
    check_fields(object.fields, place + ".fields", problems);
  }
  const bool by_look_up = kit::text(json.root(), "class") == "lookup";
  for (const Operation& operation : settings.operations) {
    check_operation(operation, by_look_up, problems);
  }
  return problems;
}

const rl_connector_caps* caps_of(std::string_view config) {
  const kit::Json json(config);
  if (kit::text(json.root(), "class") == "lookup") return table<RL_LOOKUP, true>();
  const Settings settings(config);
  const bool found =
      !settings.operations.empty() &&
      std::all_of(settings.operations.begin(), settings.operations.end(),
                  [](const auto& one) { return !one.acts() || one.done_when != nullptr; });
  return found ? table<RL_KEYED, true>() : table<RL_KEYED, false>();
}

}  // namespace commerce
