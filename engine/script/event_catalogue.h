// The event catalogue: every event type with its typed fields and, where it carries no key, what it is about. The shipped
// catalogue (docs/reference/events.md) with a bundle's events.lua laid over it.
//
// Threads: immutable after loading.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/doc.h"
#include "base/result.h"
#include "core/customer/decide.h"

namespace relance {

enum class FieldType : uint8_t { text, number, money, instant, date, boolean, record };
std::string_view field_type_name(FieldType type);

struct EventType {
  std::string name;
  std::map<std::string, FieldType> fields;
  std::string about;  // "touch", "customer" or empty: by keys
};

class EventCatalogue {
 public:
  static EventCatalogue shipped();
  void add(EventType type);  // lays fields over an existing type
  const EventType* find(std::string_view name) const;
  std::vector<std::string> names() const;
  const std::map<std::string, EventType, std::less<>>& types() const { return types_; }

 private:
  std::map<std::string, EventType, std::less<>> types_;
};

// One line of JSON to an event that the engine takes: CloudEvents attributes, size (256 KiB), UTF-8, depth, fields typed by
// the catalogue, declines completed from the code tables (docs/reference/declines.md). Fields the catalogue does not know
// stay as they are. Fails with event_malformed, event_too_large, event_too_deep, event_incomplete, event_bad_field,
// event_unknown_type; the message names the place ("data.amount").
struct ParsedEvent {
  EventInput event;
  std::string tenant;
};
Result<ParsedEvent> parse_event(std::string_view json, const EventCatalogue& catalogue, std::string_view tenant);

// Types the fields of `data` as parse_event does; for events of plugins and tests.
Result<Doc> type_event_data(std::string_view type, DocView data, const EventCatalogue& catalogue);

}  // namespace relance
