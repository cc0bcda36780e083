// Where the benchmark's channel notes what it was asked to do: a file that both it and the
// benchmark map. In C, as the channel is. Threads: any; each count is an atomic of its own.
#pragma once

#include <stdint.h>

// Run i of the workload has the order id "o-<i>".
typedef struct board {
  uint64_t sent[3];       // how often each of the three steps was sent
  int64_t first_step[1];  // per run: CLOCK_MONOTONIC in ns when it was first sent; 0: not yet
} board;
