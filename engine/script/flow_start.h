// What starts a flow: `start = event "x"`, `any { event ... }`, `absence_of "x" (days(90))` or
// `segment { from = "crm", where = { ... } }`.
//
// Threads: one.
#pragma once

#include "script/compilation.h"

namespace relance {

std::span<const Field> segment_fields();  // for the reference

// Fills start, absence or segment of the flow; what is wrong is reported.
void read_start(Compilation& compilation, const Fields& header);

// The fields that the run's event has from its start, with their types; empty: an event type of it
// is unknown, so nothing can be said.
std::map<std::string, FieldType> fields_at_start(const Flow& flow, const EventCatalogue& events);

}  // namespace relance
