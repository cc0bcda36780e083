// Every operation of a plugin, tried once in each weather, with and without cancelling: the
// material for all rules about how operations end.
//
// A trial is a fresh instance, one operation, and three hours of virtual time, so that late replies
// and timers are seen too. Where an operation asks for nothing outside, the weather does not
// matter, and only fine weather is tried.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "plugins/check/stage.h"

namespace relance::conformance {

constexpr int64_t kHourMs = 3600 * 1000;

// One kind of operation.
struct Drive {
  std::string name;            // "send", "write 'tag'"
  bool acts = false;           // send and write: requests with RL_EFFECT belong here and only here
  bool harmless = false;       // doing it twice changes nothing: it may act by nothing at all
  bool may_be_absent = false;  // look-ups and reads
  bool touches = false;        // of a channel: its words are those of the table
  bool cancels = false;        // can be cancelled
  bool answers = false;        // ends with host->answer
  std::function<void(Stage&, rl_op)> begin;
};

// Those of this plugin with this configuration.
std::vector<Drive> drives(Bench& bench);
// The drive that sends a touch, which the effect rules use too.
Drive send_drive(const std::string& touch, uint32_t flags = 0);

enum class Cancel : uint8_t { no, at_once, later };

struct Trial {
  const Drive* drive = nullptr;
  Weather weather = Weather::fine;
  bool later_requests = false;  // only requests after the first met it
  Cancel cancel = Cancel::no;
  rl_op op = 0;
  std::string threw;    // which call threw; such a trial is judged by that rule alone
  std::string problem;  // the instance did not start
  Seen seen;            // from the begin of the operation on
  std::map<std::string, int64_t> longest_ms;

  bool whole() const { return threw.empty() && problem.empty(); }
  std::string name() const;  // "send under a 500, cancelled at once"
};

// Tries everything; `judge` says whether to go on. Returns how many trials were whole.
size_t each_trial(Bench& bench, const std::function<bool(const Trial&)>& judge);
// One drive in one weather.
Trial try_once(Bench& bench, const Drive& drive, Weather weather, bool later_requests = false,
               Cancel cancel = Cancel::no);

// The first failure that `wrong` finds ("" = none) in a whole trial; not applicable where none was.
Outcome judge_trials(Bench& bench, const std::function<std::string(const Trial&)>& wrong);

}  // namespace relance::conformance
