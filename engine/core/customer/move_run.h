// Moving a run to another version of its flow, by the names of its steps (or `was`).
//
// What has begun goes on as it began: an outcome stays, a wait ends when it would have. A new step
// that stands before one which has begun is skipped. Nothing that was said or charged is said or
// charged again: a run for which that cannot be told is not moved.
#pragma once

#include <string>

#include "core/run/worker.h"

namespace relance {

// What would become of a run, from harmless to impossible.
enum class MoveClass : uint8_t {
  clean,
  would_skip,     // a new step stands before what it has done already
  would_lose,     // what a step brought has no place any more
  would_repeat,   // a step says anew, or charges, what another has already
  needs_mapping,  // a step that it is in, or that reached the customer, has no counterpart, or one
                  // that says something else
  busy,           // in the middle of an effect, or ending: later
};
std::string_view move_class_name(MoveClass what);
std::optional<MoveClass> move_class_named(std::string_view name);

struct MovePlan {
  MoveClass what = MoveClass::clean;
  std::string why;                 // of any class but clean: the step and what is the matter
  std::vector<StepMapped> steps;   // of those that have begun
  std::vector<StepIndex> skipped;  // new ones
};

// Pure. The run is of `from`; `to` is another version of that flow.
MovePlan plan_move(const Customer& customer, const Run& run, const Flow& from, const Flow& to);
// The way back to the version that it was moved from; needs_mapping: there is none any more, since
// something has left, or was left behind.
MovePlan plan_return(const Customer& customer, const Run& run, const Flow& from, const Flow& to);

// The commands `migrate` and `unmigrate`: word: the version to go to (its text); data: {also: list
// of class names}. Writes nothing where the run is there already, or its class is not allowed.
void move_run(Worker& worker, const CommandInput& input);

}  // namespace relance
