// The funnel: what came in, what was done about it over which channel, how much came back and what
// it cost. The shape of `relance run --json` and `relance status --json`.
//
// What *recovered* means, and for whom it counts: docs/reference/metrics.md.
#pragma once

#include <map>
#include <string>

#include "admin/casebook.h"

namespace relance {

struct Funnel {
  struct Events {
    uint64_t accepted = 0, duplicate = 0, rejected = 0;
  } events;
  std::map<std::string, uint64_t>
      runs;  // started, goal, completed, stopped, expired, failed, waiting, excluded, holdout
  struct Channel {
    uint64_t sent = 0, failed = 0, unknown = 0, denied = 0, held = 0;
    int64_t cost_micro = 0;
    Currency cost_currency;
  };
  std::map<std::string, Channel> touches;  // by channel name; charges under theirs
  struct Recovered {
    uint64_t count = 0;
    int64_t amount_minor = 0;
    std::map<std::string, uint64_t> by;  // retry, email, sms, voice, human, self -> runs
    std::map<std::string, int64_t> amount_minor_by;
    int64_t open_minor = 0;  // of runs that were not recovered
    uint64_t open_count = 0;
  };
  std::map<std::string, Recovered> recovered;  // by currency
  std::map<std::string, int64_t> cost_micro;   // by currency
  std::vector<Pause> pauses;                   // that stand
  Instant from, to;
};

Funnel make_funnel(const Casebook& book);

struct FunnelEnd {
  double elapsed_s = 0;
  std::string journal_hash;
};
std::string funnel_json(const Funnel& funnel, const FunnelEnd& end);
std::string funnel_table(const Funnel& funnel, const FunnelEnd& end, bool colours);

}  // namespace relance
