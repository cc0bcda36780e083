// handoff { queue, within, outcomes }: an item in a human queue; automation for this customer waits
// meanwhile.
#include <fmt/format.h>

#include "script/step_kind.h"

namespace relance {
namespace {

constexpr std::array<Field, 3> kFields = {{
    {"queue", Shape::text, true, "a queue of the bundle"},
    {"within", Shape::duration, false, "then the step ends expired"},
    {"outcomes", Shape::texts, false, "the words a person may end it with ({ \"resolved\" })"},
}};

void build(StepDraft& draft) {
  const Fields& fields = draft.fields;
  HandoffStep body;
  body.queue = draft.compilation.queue(fields, "queue");
  body.within = fields.duration("within");
  body.words = fields.texts("outcomes");
  if (fields.has("outcomes") && body.words.empty()) {
    fields.error("outcomes", Code::bad_value,
                 fmt::format("{} gives a person no word to end it with", fields.what()));
  }
  draft.compilation.check_words(fields, "outcomes", body.words);
  if (body.words.empty()) body.words = {"resolved"};
  draft.add_outcomes(body.words);
  draft.add_outcomes(kind_outcomes(StepKind::handoff));
  draft.step.body = std::move(body);
}

}  // namespace

const StepKindEntry kHandoffKind = {StepKind::handoff,
                                    "an item in a human queue, with the whole context",
                                    "its words (resolved), returned, expired", kFields, build};

}  // namespace relance
