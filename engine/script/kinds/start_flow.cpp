// start_flow { flow, data }: another flow for this customer. What it hands over is checked once all
// flows of the bundle are known (check_starts.h).
#include "script/step_kind.h"

namespace relance {
namespace {

constexpr std::array<Field, 2> kFields = {{
    {"flow", Shape::text, true, "a flow of the bundle; its own: it begins anew"},
    {"data", Shape::data, false,
     "the event of the run that begins; its key defaults to this run's"},
}};

void build(StepDraft& draft) {
  StartFlowStep body;
  body.flow = draft.fields.text("flow");
  if (!body.flow.empty())
    draft.fields.known("flow", body.flow, draft.compilation.context.flows, Code::unknown_flow,
                       "flow");
  body.data = draft.compilation.data(draft.fields, "data");
  draft.step.body = std::move(body);
  draft.add_outcomes(kind_outcomes(StepKind::start_flow));
}

}  // namespace

const StepKindEntry kStartFlowKind = {
    StepKind::start_flow,
    "another flow for this customer; its own flow and key: this run ends, a "
    "new one begins",
    "started, refused", kFields, build};

}  // namespace relance
