// Freezing a touch: everything a repeat of it needs, gathered the instant before its intent is
// written (frozen.h).
#pragma once

#include "core/graph/talk.h"
#include "core/run/step_logic.h"

namespace relance {

// A touch as its intent keeps it, and its frozen part whole (frozen.h): the first send need not put
// that together again.
struct Frozen {
  Touch touch;
  Sealed whole;

  Touch to_send() && {
    touch.held.change().frozen = std::move(whole);
    return std::move(touch);
  }
};

// Key, class, cost, address and frozen part of the next try of a `send` or `charge`; the data of a
// callback has `earlier`, what the call before it brought. Fails with
// script_missing_fact when the conversation's script needs data that the step does not give, and
// with the error of a function or a template.
Result<Frozen> freeze(const StepCase& c, const Channel& channel, const Allow& answer);

// The same for an operation of a connector: `op` names it, `purpose_word` keeps an undo's key apart
// from its do's.
Touch freeze_operation(const StepCase& c, std::string_view connector, std::string_view op,
                       const Doc& data, const Doc& only_if, std::string_view purpose_word);

// A side message of a conversation under way (its turn's `via` and `template`); `data` is what the
// conversation knows.
Result<Frozen> freeze_side_message(const StepCase& c, const Channel& channel, const Turn& turn,
                                   const Doc& data, const Allow& answer);

// What every channel may know of the contacts before this touch (contact memory): a list of {flow,
// step, channel, outcome, at, said, promised, asked}, the last three lists of words where there are
// any; newest first, at most eight, as it was at the intent; null: none.
Doc history_before(const Customer& customer, const Touch& touch);

// The language in which this customer is written to.
std::string locale_of(const StepCase& c);

// A step's data: its function's record or its constant.
Result<Doc> data_of(const StepCase& c, const DataSource& source);

}  // namespace relance
