// await { event "x", within = days(2) }: waits for an event of this run.
#include "script/step_kind.h"

namespace relance {
namespace {

constexpr std::array<Field, 2> kFields = {{
    {"1", Shape::events, true,
     "without `after` it sees the run's past too, the start event included"},
    {"within", Shape::duration, false, "then the step ends expired"},
}};

void build(StepDraft& draft) {
  AwaitStep body;
  body.events = draft.compilation.events(draft.fields, "1");
  body.within = draft.fields.duration("within");
  draft.step.body = std::move(body);
  draft.add_outcomes(kind_outcomes(StepKind::await));
}

}  // namespace

const StepKindEntry kAwaitKind = {StepKind::await, "waits for an event of this run",
                                  "arrived, expired", kFields, build};

}  // namespace relance
