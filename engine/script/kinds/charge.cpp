// charge { via, tries, at }: a payment attempt. No contact, but the card networks' ceilings hold.
#include <fmt/format.h>

#include "script/step_kind.h"

namespace relance {
namespace {

constexpr std::array<Field, 5> kFields = {{
    {"via", Shape::text, true, "a channel of kind retry"},
    {"tries", Shape::integer, false, "attempts at most; each further one after a decline (1)"},
    {"gap", Shape::duration, false, "from one attempt to the next (24 h without gap and at)"},
    {"at", Shape::send_time, false, "a local time, or a policy that is asked before every try"},
    {"data", Shape::data, false, "what the provider is given beside the event's amount and key"},
}};

void build(StepDraft& draft) {
  Compilation& compilation = draft.compilation;
  const Fields& fields = draft.fields;
  ChargeStep body;
  body.via = compilation.channel(fields, "via");
  const auto channel = compilation.context.channels.find(body.via);
  if (channel != compilation.context.channels.end() && channel->second != "retry") {
    fields.error("via", Code::bad_value,
                 fmt::format("{} goes over a channel of kind retry; '{}' is of kind {}",
                             fields.what(), body.via, channel->second));
  }
  body.tries = fields.whole("tries", 1, 1, 35);
  body.gap = fields.duration("gap");
  body.at = compilation.send_time(fields, "at");
  body.data = compilation.data(fields, "data");
  draft.step.body = std::move(body);
  draft.add_outcomes(kind_outcomes(StepKind::charge));
}

}  // namespace

const StepKindEntry kChargeKind = {
    StepKind::charge, "a payment attempt; charges of one key never overlap",
    "recovered, declined, refused, needs_customer, failed", kFields, build};

}  // namespace relance
