// fetch { from, what, by, need, default }: reads the customer from the CRM, or an object from a
// connector.
#include "script/step_kind.h"

namespace relance {
namespace {

constexpr std::array<Field, 5> kFields = {{
    {"from", Shape::text, true, "a connector of the bundle, or \"crm\""},
    {"what", Shape::text, false, "what is read: \"order\"; of the crm the customer"},
    {"by", Shape::text, false, "the field that tells which: \"order_id\" or \"event.order_id\""},
    {"need", Shape::texts, false, "fields without which the step ends missing"},
    {"default", Shape::record, false, "values of fields that the source does not have"},
}};

void build(StepDraft& draft) {
  Compilation& compilation = draft.compilation;
  const Fields& fields = draft.fields;
  FetchStep body;
  body.from = compilation.connector(fields, "from");
  body.what = fields.text("what");
  body.by = compilation.path(fields, "by");
  body.need = fields.texts("need");
  body.defaults = fields.record("default");
  draft.step.body = std::move(body);
  draft.add_outcomes(kind_outcomes(StepKind::fetch));
}

}  // namespace

const StepKindEntry kFetchKind = {StepKind::fetch,
                                  "reads the customer from the CRM, or an object from a connector",
                                  "found, missing, failed", kFields, build};

}  // namespace relance
