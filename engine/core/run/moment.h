// Instants that a flow names by fields and local times.
#pragma once

#include <optional>

#include "core/run/view.h"

namespace relance {

// `before "event.pickup_at" { days = 1, at = "10:00" }`, `since "event.time" (minutes(60))`.
// nullopt: the field is not there. A date means its first instant in `zone`.
std::optional<Instant> resolve(const FieldMoment& moment, const View& view, const Zone& zone);

}  // namespace relance
