// How a flow starts without an event: by what did not happen, or by what the CRM says of a
// customer.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/graph/step.h"

namespace relance {

// `start = absence_of "order.placed" (days(90))`: his last such event is so long ago. The run's
// event has the fields of that one, and `since`: when it happened.
struct Absence {
  std::string type;
  Duration after;
  bool operator==(const Absence&) const = default;
};

// `start = segment { from = "crm", where = { ... }, every = days(1), pace = 100 }`: the customers
// whose records match every cell. The run's event has `round`: which search found him.
struct Segment {
  std::string from;
  // Sorted: a field of the record, or "facts.NAME": what the engine keeps (run/kept_facts.h).
  std::vector<std::string> columns;
  std::vector<Cell> cells;  // as many; `ago(days(90))` stands in them as a record {ago_ms}
  std::string changed;      // the field that tells when a record was changed last; may be empty
  Duration every;
  int pace = 0;  // touches a minute; 0: as the channels let them go
  int line = 0;
  bool operator==(const Segment&) const = default;
};

// The event that such a start writes, and its own field beside those above.
inline constexpr std::string_view kAbsenceFound = "absence.found", kSegmentFound = "segment.found";
inline constexpr std::string_view kSinceField = "since", kRoundField = "round";
inline constexpr std::string_view kAgoField = "ago_ms";
inline constexpr std::string_view kFactsPrefix = "facts.";

}  // namespace relance
