// What is frozen with an intent: everything a repeat of the same touch needs to be the same bytes.
#pragma once

#include "base/doc.h"
#include "base/result.h"

namespace relance {

// A record, sealed into Touch::frozen:
//   to        text    the address; absent for charges
//   locale    text
//   inputs    record  of the template (rules.h), absent without one
//   script    text    name of the conversation script, absent without one
//   data      record  the step's data: facts of a script, arguments of an operation, amount of a
//   charge op, undo  text    operations history   list    earlier contacts, newest first, at most
//   8: {flow, step, channel, outcome, at} only_if   record event     record  the run's event data
//   (invoice_id, decline, ...): what a charge or a payment link is about
// Money, instants keep their types. What a message says follows from `inputs` and `data` alone; the
// run's event, keys and the profile that travel beside them are context for rehearsals and reports.
using FrozenTouch = Doc;

}  // namespace relance
