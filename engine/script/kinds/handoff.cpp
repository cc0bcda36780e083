// handoff { queue, within, outcomes }: an item in a human queue; automation for this customer waits
// meanwhile.
#include <fmt/format.h>

#include <algorithm>

#include "script/step_kind.h"

namespace relance {
namespace {

constexpr std::array<Field, 4> kFields = {{
    {"queue", Shape::text, true, "a queue of the bundle"},
    {"within", Shape::duration, false, "then the step ends expired"},
    {"outcomes", Shape::texts, false, "the words a person may end it with ({ \"resolved\" })"},
    {"lost", Shape::text, false,
     "where a lost item goes: \"queue\", \"returned\" or \"expired\" (queue)"},
}};

HandoffStep::Lost lost_of(const Fields& fields) {
  if (!fields.has("lost")) return HandoffStep::Lost::queue;
  const std::string word = fields.text("lost");
  const auto found = std::find(kLostWords.begin(), kLostWords.end(), word);
  if (found == kLostWords.end()) {
    fields.error(
        "lost", Code::bad_value,
        fmt::format("'lost' of {} must be one of {}", fields.what(), fmt::join(kLostWords, ", ")));
    return HandoffStep::Lost::queue;
  }
  return static_cast<HandoffStep::Lost>(found - kLostWords.begin());
}

void build(StepDraft& draft) {
  const Fields& fields = draft.fields;
  HandoffStep body;
  body.queue = draft.compilation.queue(fields, "queue");
  body.within = fields.duration("within");
  body.words = fields.texts("outcomes");
  body.lost = lost_of(fields);
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
