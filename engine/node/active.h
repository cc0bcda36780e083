// What decisions and effects follow at an instant: a generation's rules, its plugins, its catalogue
// of events. A reload swaps it whole; a drain that has begun, and what it decided, stay with the
// one they began with.
//
// Immutable. Threads: any. Lifetime: shared; whoever holds it keeps its generation alive.
#pragma once

#include <functional>
#include <memory>

#include "plugins/performer.h"

namespace relance {

// Types the data of a plugin's event, which happened at `at`, by the catalogue.
using EventTyper = std::function<Result<Doc>(std::string_view type, DocView data, Instant at)>;

struct Active {
  std::shared_ptr<const Rules> rules;
  std::shared_ptr<Performer> performer;
  EventTyper typer;
};

}  // namespace relance
