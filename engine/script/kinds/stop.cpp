// stop { reason }: ends the run.
#include "script/step_kind.h"

namespace relance {
namespace {

constexpr std::array<Field, 1> kFields = {{
    {"reason", Shape::text, true, "why, for the journal"},
}};

void build(StepDraft& draft) { draft.step.body = StopStep{draft.fields.text("reason")}; }

}  // namespace

const StepKindEntry kStopKind = {StepKind::stop, "ends the run", "-", kFields, build};

}  // namespace relance
