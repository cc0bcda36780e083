// The event catalogue: every event type with its typed fields and, where it carries no key, what it
// is about. The shipped catalogue (docs/reference/events.md) with a bundle's events.lua laid over
// it.
//
// Threads: immutable after loading.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/doc.h"
#include "base/result.h"
#include "core/customer/decide.h"

namespace relance {

// `record` takes a JSON object or a list, as it is: items of a cart, an address.
enum class FieldType : uint8_t { text, number, money, instant, date, boolean, record };
std::string_view field_type_name(FieldType type);
bool field_type_from(std::string_view name, FieldType& type);

struct EventType {
  std::string name;
  std::map<std::string, FieldType, std::less<>> fields;
  std::string about;  // "touch", "customer" or empty: by keys
};

class EventCatalogue {
 public:
  static const EventCatalogue& shipped();
  void add(EventType type);  // lays fields over an existing type
  const EventType* find(std::string_view name) const;
  std::vector<std::string> names() const;
  const std::map<std::string, EventType, std::less<>>& types() const { return types_; }

 private:
  std::map<std::string, EventType, std::less<>> types_;
};

constexpr size_t kMaxEventBytes = 256 * 1024;

// One line of JSON to an event that the engine takes: CloudEvents attributes, size (256 KiB),
// UTF-8, depth, fields typed by the catalogue, declines completed from the code tables
// (decline_table.h). Fields the catalogue does not know stay as they are. Needed: specversion
// ("1.0"), id, source, type, time, subject. `tenant` may stand in the event, else it is the one
// given; `touch` (its key as text) names the touch that the event is about. Fails with
// event_malformed, event_too_large, event_too_deep, event_incomplete, event_bad_field,
// event_unknown_type; the message names the place ("data.amount").
struct ParsedEvent {
  EventInput event;
  std::string tenant;
};
Result<ParsedEvent> parse_event(std::string_view json, const EventCatalogue& catalogue,
                                std::string_view tenant);

// Types the fields of `data` as parse_event does; for events of plugins and tests. `time` is when
// it happened: waits that a decline asks for count from there; without it they are not filled in.
Result<Doc> type_event_data(std::string_view type, DocView data, const EventCatalogue& catalogue,
                            std::optional<Instant> time = {});

// What parse_event checks beside the data, for an event that did not come as JSON: an id is needed,
// and nothing is longer than its limit. Fails with event_incomplete, event_bad_field,
// event_too_large.
Status check_event_limits(std::string_view id, std::string_view subject, DocView data);

}  // namespace relance
