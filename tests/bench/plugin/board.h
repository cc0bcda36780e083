/* Where the benchmark's channel notes what it was asked to do: a file that both it and the
 * benchmark map. One process, any threads. */
#ifndef RELANCE_BENCH_BOARD_H
#define RELANCE_BENCH_BOARD_H

#include <stdint.h>

/* Run i of the workload has the order id "o-<i>". */
typedef struct board {
  uint64_t sent[3]; /* how often each of the three steps was sent */
  int64_t
      first_step[1]; /* per run: CLOCK_MONOTONIC in ns when its first step was sent; 0: not yet */
} board;

#endif
