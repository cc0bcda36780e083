// The configuration of one HubSpot account, and what the plugin can do with it.
#pragma once

#include <relance/connector.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hubspot {

extern const char* const kSchema;

// A kind of object as flows know it: where it lies, and how its fields are called there.
struct ObjectType {
  std::string name, type;   // "customer", "contacts"
  std::string id_property;  // what flows call its id; "hs_object_id": HubSpot's own
  std::vector<std::pair<std::string, std::string>> fields;  // ours, HubSpot's

  const std::string* property_of(std::string_view field) const;  // nullptr: no such field
  bool own_id() const { return id_property == "hs_object_id"; }
};

struct Settings {
  std::string token;  // the name of a secret
  std::string base_url, objects_path, properties_path;
  std::string key_property, owner_id;
  bool unique_key = true;
  int64_t requests_per_10s = 0, searches_per_second = 0;
  uint32_t timeout_ms = 0;
  std::vector<ObjectType> objects;                                // the customer first
  std::vector<std::pair<std::string, std::string>> dispositions;  // by outcome

  const ObjectType& customer() const { return objects.front(); }
  const ObjectType* object(std::string_view name) const;
};

Settings read_settings(std::string_view config);
// One line a problem; empty: none.
std::string problems_of(std::string_view config);

// Keyed where the key's property is unique in HubSpot, else by look-up. Threads: any.
const rl_connector_caps* caps_of(std::string_view config);

}  // namespace hubspot
