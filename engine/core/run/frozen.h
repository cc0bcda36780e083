// What is frozen with an intent: what a repeat of the same touch needs to be the same bytes, and
// the customer's state cannot give.
#pragma once

#include "base/doc.h"

namespace relance {

// A record, sealed into Touch::frozen. Money and instants keep their types.
//   to        text    the address; absent for charges
//   locale    text
//   inputs    record  of the template (rules.h), absent without one
//   parts     list    of {role, content_type, text}: what a writer made instead of the template
//   content   record  {by, fallback}: the writer that was asked, and why its words are not used
//   script    text    name of the conversation script, absent without one
//   data      record  the step's data: facts of a script, arguments of an operation
//   op        text    of an operation
//   only_if   record  of an operation
// What a message says follows from `inputs` and `data` alone. What a channel is told beside that
// (the run's event and keys, the profile, earlier contacts) stays in run, customer and ledger; when
// one of those changes while the touch is open, apply() keeps the old one in the touch.
using FrozenTouch = Doc;

}  // namespace relance
