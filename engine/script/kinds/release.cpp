// release { hold }: undoes a hold now; nothing if it is over.
#include "script/step_kind.h"

namespace relance {
namespace {

constexpr std::array<Field, 1> kFields = {{
    {"hold", Shape::step, true, "the hold step: hold = f.hold"},
}};

void build(StepDraft& draft) {
  ReleaseStep body;
  if (const Value* hold = draft.fields.get("hold")) body.hold = draft.hold("hold", *hold);
  draft.step.body = body;
  draft.add_outcomes(kind_outcomes(StepKind::release));
}

}  // namespace

const StepKindEntry kReleaseKind = {StepKind::release, "undoes a hold now; nothing if it is over",
                                    "done, refused, failed", kFields, build};

}  // namespace relance
