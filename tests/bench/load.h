// Load on a shop: as fast as it works, or on a timetable.
#pragma once

#include <vector>

#include "bench/shop.h"

namespace relance::bench {

constexpr size_t kInFlight = 4096;

// Places orders [from, to) as fast as they are worked, so many at a time; returns when all are
// done.
void saturate(Shop& shop, size_t from, size_t to, size_t in_flight = kInFlight);

// Places orders [from, to) at `rate` a second, whatever becomes of them; returns when all are done.
// How long each waited for its first message, in milliseconds, from the instant it was due.
std::vector<double> timetable(Shop& shop, size_t from, size_t to, double rate);

}  // namespace relance::bench
