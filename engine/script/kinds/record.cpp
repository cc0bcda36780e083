// record { what, data }: a fact to CRM and run, exactly once, surviving the CRM's outage.
#include "script/step_kind.h"

namespace relance {
namespace {

constexpr std::array<Field, 2> kFields = {{
    {"what", Shape::text, true, "the fact's name"},
    {"data", Shape::data, false, "its fields"},
}};

void build(StepDraft& draft) {
  RecordStep body;
  body.what = draft.fields.text("what");
  body.data = draft.compilation.data(draft.fields, "data");
  draft.step.body = std::move(body);
  draft.add_outcomes(kind_outcomes(StepKind::record));
}

}  // namespace

const StepKindEntry kRecordKind = {StepKind::record, "a fact to CRM and run, exactly once",
                                   "written", kFields, build};

}  // namespace relance
