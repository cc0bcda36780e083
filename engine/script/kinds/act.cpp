// act { on, op, data, only_if, settles }: an operation on a connector, conditional where it can.
#include <fmt/format.h>

#include "script/step_kind.h"

namespace relance {
namespace {

constexpr std::array<Field, 5> kFields = {{
    {"on", Shape::text, true, "a connector of the bundle"},
    {"op", Shape::text, true, "the operation: \"cancel_order\""},
    {"data", Shape::data, false, "what the operation is given"},
    {"only_if", Shape::data, false, "what must still hold there: { status = \"not_dispatched\" }"},
    {"settles", Shape::step, false, "the hold whose undo this makes unnecessary when it was done"},
}};

void build(StepDraft& draft) {
  Compilation& compilation = draft.compilation;
  const Fields& fields = draft.fields;
  ActStep body;
  body.on = compilation.connector(fields, "on");
  body.op = fields.text("op");
  body.data = compilation.data(fields, "data");
  body.only_if = compilation.data(fields, "only_if");
  if (const Value* settles = fields.get("settles")) body.settles = draft.hold("settles", *settles);
  draft.step.body = std::move(body);
  draft.add_outcomes(kind_outcomes(StepKind::act));
}

}  // namespace

const StepKindEntry kActKind = {StepKind::act,
                                "an operation on a connector, conditional where it can",
                                "done, refused, failed", kFields, build};

}  // namespace relance
