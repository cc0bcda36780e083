// What a write leaves at HubSpot: a call or note on the contact's timeline, or a task for a person.
// No requests here. Threads: any.
#pragma once

#include <string>
#include <string_view>

#include "kit/json.h"
#include "settings.h"

namespace hubspot {

// A write, in text of its own: it outlives the call.
struct Written {
  std::string operation, key, customer, data;
  bool conditional = false;
  int64_t intended_at = 0;
};

// An object to create: where, and its body with key and association, the same for the same write.
// Where `operation` is "flag_for_human" a task, where the data's `kind` is "voice" a call, else a
// note; fields that HubSpot has no place for are lines of its text.
struct Engagement {
  std::string type;  // "notes", "calls", "tasks"
  std::string body;  // JSON
};
std::string type_of(const Written& write);
Engagement engagement_of(const Written& write, std::string_view contact, const Settings& settings);

// {"properties": {...}} for an update of the contact; empty, with the reason in `problem`: a field
// is not mapped, or no text, number or truth value.
std::string update_of(const Written& write, const ObjectType& customer, std::string& problem);
// Does the contact have already what the update writes?
bool holds(const kit::Value& contact, const std::string& update);

}  // namespace hubspot
