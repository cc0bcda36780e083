// What a template needs, taken together before its touch leaves; and the parts it makes from that
// alone.
//
// A tag is looked up in this order; the first that has it gives the value, typed, to be formatted
// on rendering:
//   1. the step's `data`
//   2. `run.event.x`, `event.x`, `latest.x`, `customer.x`, `steps.NAME.data.x`, `failures`, `now`:
//   as in functions
//   3. `last_touch.x` or `last_touch.CHANNEL.x`: the customer's latest contact, in any flow, over
//   that kind of channel.
//      x is outcome, channel, flow, step, at, opened_at, said, promised or asked (the last such
//      word of it), or an outcome word, which is true when it ended so
//   4. fields of the run's event, then of the customer's profile: `amount`, `first_name`
//   5. `said.WORD`, `promised.WORD`, `asked.WORD`: true where it was in any contact
//   6. `link` (the bundle's link and a token of the run), `shop`, `controller`
// Inputs: record {template, values, zone}. The zone is there where an instant must be written; a
// value that the step's data has is left out for a message, which is rendered beside that data.
// Threads: any.
#pragma once

#include "core/run/rules.h"
#include "script/template_set.h"

namespace relance {

// What the bundle adds to every text.
struct TemplateSurroundings {
  std::string_view shop, controller, link;
  const Zone* zone = nullptr;
};

Doc template_inputs(const TemplateText& text, const View& view, DocView data,
                    const TemplateSurroundings& bundle);

// Fails with bad_template.
Result<std::vector<Part>> render_parts(const TemplateText& text, DocView inputs, DocView data,
                                       const Zone& zone);
Result<std::string> render_line(const TemplateText& script, std::string_view text_id,
                                DocView inputs, const Zone& zone);

}  // namespace relance
