// What is frozen with an intent: what a repeat of the same touch needs to be the same bytes, and
// the customer's state cannot give.
//
// Most of what a message is addressed and filled with stands in the customer's profile too, and the
// profile stays in customer or touch as it was at the intent for as long as the touch is open. What
// says the same is not kept twice: left_to_profile() takes it out, whole_frozen() puts it back.
#pragma once

#include "base/doc.h"
#include "core/state/customer.h"

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
//   trace     text    of the run's event, where it came with one (W3C traceparent)
//   profile   integer only as it is kept: what of `to`, `locale` and `inputs.values` the profile
//   says
// What a message says follows from `inputs` and `data` alone. What a channel is told beside that
// (the run's event and keys, the profile, earlier contacts) stays in run, customer and ledger; when
// one of those changes while the touch is open, apply() keeps the old one in the touch.
using FrozenTouch = Doc;

// As it is kept, where the profile is this one; and back.
Doc left_to_profile(FrozenTouch whole, DocView profile);
FrozenTouch whole_frozen(Doc kept, DocView profile);

// Of a touch of his that is open. Null where it cannot be opened.
FrozenTouch frozen_of(const Customer& customer, const Touch& touch);

}  // namespace relance
