#include "script/event_catalogue.h"

#include <array>

#include "base/text.h"
#include "script/shipped_events.h"

namespace relance {
namespace {

constexpr std::array<std::string_view, 7> kFieldTypes = {"text", "number",  "money", "instant",
                                                         "date", "boolean", "record"};

void add_field(EventType& type, std::string_view written) {
  const size_t colon = written.find(':');
  FieldType field = FieldType::text;
  if (colon != std::string_view::npos) {
    RELANCE_ASSERT(field_type_from(written.substr(colon + 1), field));
  }
  type.fields.emplace(written.substr(0, colon), field);
}

EventCatalogue read_shipped() {
  EventCatalogue catalogue;
  for (const ShippedEvents& row : shipped_events()) {
    EventType type;
    type.about = row.about;
    for (std::string_view field : split(row.fields, ' ')) {
      if (!field.empty()) add_field(type, field);
    }
    for (std::string_view name : split(row.types, ' ')) {
      type.name = name;
      catalogue.add(type);
    }
  }
  return catalogue;
}

}  // namespace

std::string_view field_type_name(FieldType type) { return kFieldTypes[static_cast<size_t>(type)]; }

bool field_type_from(std::string_view name, FieldType& type) {
  const auto found = std::find(kFieldTypes.begin(), kFieldTypes.end(), name);
  if (found == kFieldTypes.end()) return false;
  type = static_cast<FieldType>(found - kFieldTypes.begin());
  return true;
}

const EventCatalogue& EventCatalogue::shipped() {
  static const EventCatalogue catalogue = read_shipped();
  return catalogue;
}

void EventCatalogue::add(EventType type) {
  const auto [at, added] = types_.try_emplace(type.name, type);
  if (added) return;
  EventType& known = at->second;
  for (const auto& [name, field] : type.fields) known.fields[name] = field;
  if (!type.about.empty()) known.about = type.about;
}

const EventType* EventCatalogue::find(std::string_view name) const {
  const auto found = types_.find(name);
  return found == types_.end() ? nullptr : &found->second;
}

std::vector<std::string> EventCatalogue::names() const {
  std::vector<std::string> names;
  names.reserve(types_.size());
  for (const auto& [name, type] : types_) names.push_back(name);
  return names;
}

}  // namespace relance
