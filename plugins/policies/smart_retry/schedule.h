// When an attempt may be made again: the wish of the schedule, then the ceilings of the networks.
// All times on the customer's clock, in minutes.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "decline.h"
#include "kit/local_time.h"

namespace smart_retry {

using kit::LocalMinutes;

struct Moment {
  LocalMinutes at = 0;
  std::string_view reason;
};

// The schedule's wish for try `try_no` (from 1). `last` is the attempt before; `spread` (0..1) is
// where in the morning an invoice of its own lies, so that not all leave at the same minute.
Moment wish(const Verdict& verdict, int try_no, LocalMinutes now, LocalMinutes last, double spread);

// The next payday candidate after `now`: the 1st, the 15th, the last working day, a Friday.
int64_t next_payday(LocalMinutes now);

// How long the network asks to wait after a decline, in minutes; 0 = it does not say.
LocalMinutes advised_wait(std::string_view advice);

// The first moment not before `at` at which one more attempt stays under every ceiling in force on
// the day of `now`. `attempts` is every attempt known, oldest first.
LocalMinutes under_ceilings(LocalMinutes at, LocalMinutes now, const Decline& decline,
                            const std::vector<LocalMinutes>& attempts);

}  // namespace smart_retry
