// wait { hours(5) }, wait { before "event.pickup_at" { days = 1, at = "10:00" } }, wait {
// until_local "09:00" }
#include <fmt/format.h>

#include "script/step_kind.h"

namespace relance {
namespace {

constexpr std::array<Field, 1> kFields = {{
    {"1", Shape::when_length, true, "how long, or until when"},
}};

void build(StepDraft& draft) {
  const Fields& fields = draft.fields;
  WaitStep body;
  const Value* length = fields.get("1");
  if (length != nullptr && length->is(Value::Kind::duration)) {
    body.duration = fields.duration("1");
  } else if (length != nullptr && length->is_word("before")) {
    body.before = draft.compilation.moment(fields, "1");
  } else if (length != nullptr) {
    const Value* at = length->find("at");
    const auto time = parse_time_of_day(at == nullptr ? "" : at->text);
    if (time.ok())
      body.until_local = *time;
    else
      fields.error("1", Code::bad_value, "until_local wants a time of day",
                   "until_local \"09:00\"");
  }
  draft.step.body = std::move(body);
  draft.add_outcomes(kind_outcomes(StepKind::wait));
}

}  // namespace

const StepKindEntry kWaitKind = {StepKind::wait,
                                 "waits for a span, or until a moment told by a field or the clock",
                                 "done", kFields, build};

}  // namespace relance
