// hold { on, op, undo, data, at_most }: an act with an undo that is guaranteed, however the run
// ends.
#include "script/step_kind.h"

namespace relance {
namespace {

constexpr std::array<Field, 5> kFields = {{
    {"on", Shape::text, true, "a connector of the bundle"},
    {"op", Shape::text, true, "the operation: \"hold_order\""},
    {"undo", Shape::text, true, "what takes it back, with the same data: \"release_order\""},
    {"data", Shape::data, false, "what both are given"},
    {"at_most", Shape::duration, true, "the undo comes after this span at the latest"},
}};

void build(StepDraft& draft) {
  Compilation& compilation = draft.compilation;
  const Fields& fields = draft.fields;
  HoldStep body;
  body.on = compilation.connector(fields, "on");
  body.op = fields.text("op");
  body.undo = fields.text("undo");
  body.data = compilation.data(fields, "data");
  body.at_most = fields.duration("at_most").value_or(Duration{});
  draft.step.body = std::move(body);
  draft.add_outcomes(kind_outcomes(StepKind::hold));
}

}  // namespace

const StepKindEntry kHoldKind = {StepKind::hold, "an operation whose undo is guaranteed",
                                 "done, refused, failed", kFields, build};

}  // namespace relance
