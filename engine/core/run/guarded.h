// What guards are told of (core/customer/guard.h): contacts that left, and objections to them.
// Costs one look where a bundle has none.
#pragma once

#include "core/run/worker.h"

namespace relance {

void tell_guards(Worker& worker, const Touch& touch, Guarded what);

}  // namespace relance
