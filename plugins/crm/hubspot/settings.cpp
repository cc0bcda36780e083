#include "settings.h"

#include <algorithm>
#include <iterator>

#include "kit/json.h"

namespace hubspot {
namespace {

using Names = std::vector<std::pair<std::string, std::string>>;

constexpr int64_t kKeyWindowMs = 365LL * 24 * 3600 * 1000;  // as long as HubSpot keeps the note
// The search index lags writes by seconds (HubSpot, "Search the CRM"); minutes on a busy account.
constexpr int64_t kIndexLagMs = 120'000;

const Names& usual_fields() {
  static const Names names = {{"email", "email"},
                              {"phone", "phone"},
                              {"first_name", "firstname"},
                              {"last_name", "lastname"},
                              {"timezone", "hs_timezone"},
                              {"locale", "hs_language"},
                              {"segment", "lifecyclestage"},
                              {"country", "country"}};
  return names;
}

Names names_of(const kit::Value* from, const Names& otherwise) {
  if (from == nullptr || !from->IsObject()) return otherwise;
  Names names;
  for (const auto& [name, value] : from->GetObject()) {
    if (value.IsString()) names.emplace_back(kit::view(name), kit::view(value));
  }
  return names;
}

constexpr rl_operation operation(const char* name, bool unique) {
  rl_operation made{};
  made.struct_size = sizeof made;
  made.delivery = unique ? RL_KEYED : RL_LOOKUP;
  made.name = name;
  made.flags = RL_OP_LOOKUP;
  made.key_window_ms = unique ? kKeyWindowMs : 0;
  made.index_lag_ms = unique ? 0 : kIndexLagMs;
  return made;
}

constexpr const char* kObjects[] = {"customer", "*"};

template <bool kUnique>
const rl_connector_caps* table() {
  static constexpr rl_operation record = operation("record", kUnique),
                                flag = operation("flag_for_human", kUnique),
                                update = operation("update", kUnique);
  static constexpr const rl_operation* operations[] = {&record, &flag, &update};
  static constexpr rl_connector_caps caps = {.struct_size = sizeof(rl_connector_caps),
                                             .acts_outside = 1,
                                             .kind = "crm",
                                             .objects = kObjects,
                                             .objects_count = std::size(kObjects),
                                             .operations = operations,
                                             .operations_count = std::size(operations)};
  return &caps;
}

bool is_http(std::string_view url) {
  return url.starts_with("https://") || url.starts_with("http://");
}

// A name that can stand in a path and a query as it is.
bool is_name(std::string_view text) {
  return !text.empty() &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == std::string_view::npos;
}

}  // namespace

const char* const kSchema = R"({
  "type": "object", "additionalProperties": false, "required": ["token"],
  "properties": {
    "token": {"type": "string", "format": "secret", "minLength": 1},
    "base_url": {"type": "string", "default": "https://api.hubapi.com"},
    "objects_path": {"type": "string", "pattern": "^/", "default": "/crm/v3/objects"},
    "properties_path": {"type": "string", "pattern": "^/", "default": "/crm/v3/properties"},
    "id_property": {"type": "string", "minLength": 1, "default": "hs_object_id"},
    "fields": {"type": "object", "additionalProperties": {"type": "string", "minLength": 1}},
    "objects": {"type": "object", "additionalProperties": {
      "type": "object", "additionalProperties": false, "required": ["type", "fields"],
      "properties": {
        "type": {"type": "string", "minLength": 1},
        "id_property": {"type": "string", "minLength": 1, "default": "hs_object_id"},
        "fields": {"type": "object", "additionalProperties": {"type": "string", "minLength": 1}}}}},
    "key_property": {"type": "string", "minLength": 1, "default": "relance_key"},
    "unique_key": {"type": "boolean", "default": true},
    "owner_id": {"type": "string", "default": ""},
    "dispositions": {"type": "object", "additionalProperties": {"type": "string"}},
    "requests_per_10s": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 90},
    "searches_per_second": {"type": "integer", "minimum": 1, "maximum": 20, "default": 4},
    "timeout_ms": {"type": "integer", "minimum": 100, "maximum": 25000, "default": 10000}
  }
})";

const std::string* ObjectType::property_of(std::string_view field) const {
  for (const auto& [ours, property] : fields) {
    if (ours == field) return &property;
  }
  return nullptr;
}

const ObjectType* Settings::object(std::string_view name) const {
  const auto it = std::find_if(objects.begin(), objects.end(),
                               [&](const ObjectType& one) { return one.name == name; });
  return it == objects.end() ? nullptr : &*it;
}

Settings read_settings(std::string_view config) {
  const kit::Json json(config);
  const kit::Value* root = json.root();
  Settings settings;
  settings.token = kit::text(root, "token");
  settings.base_url = kit::text(root, "base_url", "https://api.hubapi.com");
  while (settings.base_url.ends_with('/')) settings.base_url.pop_back();
  settings.objects_path = kit::text(root, "objects_path", "/crm/v3/objects");
  settings.properties_path = kit::text(root, "properties_path", "/crm/v3/properties");
  settings.key_property = kit::text(root, "key_property", "relance_key");
  settings.unique_key = kit::boolean(root, "unique_key", true);
  settings.owner_id = kit::text(root, "owner_id");
  settings.requests_per_10s = kit::integer(root, "requests_per_10s", 90);
  settings.searches_per_second = kit::integer(root, "searches_per_second", 4);
  settings.timeout_ms = static_cast<uint32_t>(kit::integer(root, "timeout_ms", 10'000));
  settings.dispositions = names_of(kit::member(root, "dispositions"), {});
  settings.objects.push_back({"customer", "contacts",
                              std::string(kit::text(root, "id_property", "hs_object_id")),
                              names_of(kit::member(root, "fields"), usual_fields())});
  if (const kit::Value* objects = kit::member(root, "objects"); objects != nullptr) {
    for (const auto& [name, object] : objects->GetObject()) {
      settings.objects.push_back({std::string(kit::view(name)),
                                  std::string(kit::text(&object, "type")),
                                  std::string(kit::text(&object, "id_property", "hs_object_id")),
                                  names_of(kit::member(&object, "fields"), {})});
    }
  }
  return settings;
}

std::string problems_of(std::string_view config) {
  const Settings settings = read_settings(config);
  std::string problems;
  if (!is_http(settings.base_url)) problems += "base_url must begin with https:// or http://\n";
  if (!is_name(settings.key_property)) problems += "key_property is no name of a property\n";
  for (const ObjectType& object : settings.objects) {
    const std::string at = "object '" + object.name + "': ";
    if (!is_name(object.type)) problems += at + "'" + object.type + "' is no type of objects\n";
    if (!is_name(object.id_property)) problems += at + "id_property is no name of a property\n";
    for (const auto& [field, property] : object.fields) {
      if (!is_name(property)) {
        problems += at + "'" + property + "', for '" + field + "', is no name of a property\n";
      }
    }
  }
  const kit::Json json(config);
  if (kit::find(json.root(), "objects.customer") != nullptr) {
    problems += "objects: the customer has a place of its own, 'fields'\n";
  }
  return problems;
}

const rl_connector_caps* caps_of(std::string_view config) {
  const kit::Json json(config);
  return kit::boolean(json.root(), "unique_key", true) ? table<true>() : table<false>();
}

}  // namespace hubspot
