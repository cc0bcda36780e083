#include "bench/load.h"

#include "bench/bench.h"

namespace relance::bench {

void saturate(Shop& shop, size_t from, size_t to, size_t in_flight) {
  const uint64_t before = shop.ended();
  const double pause = in_flight >= 1024 ? 1e-3 : 5e-5;
  for (size_t i = from; i < to; ++i) {
    while (i - from - (shop.ended() - before) >= in_flight) nap(pause);
    shop.place_order(i);
  }
  while (shop.ended() - before < to - from) nap(pause);
}

std::vector<double> timetable(Shop& shop, size_t from, size_t to, double rate) {
  const double start = wall_seconds();
  const uint64_t before = shop.ended();
  const auto due = [&](size_t i) { return start + static_cast<double>(i - from) / rate; };
  for (size_t i = from; i < to; ++i) {
    if (const double early = due(i) - wall_seconds(); early > 0) nap(early);
    shop.place_order(i);
  }
  while (shop.ended() - before < to - from) nap(1e-3);
  std::vector<double> waited;
  for (size_t i = from; i < to; ++i)
    waited.push_back(static_cast<double>(shop.first_step_at(i)) / 1e6 - due(i) * 1e3);
  return waited;
}

}  // namespace relance::bench
