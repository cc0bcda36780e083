// How a sandboxed provider and its customers behave: every number, with its default. The defaults
// are assumptions of ours, guided by published figures (see README.md for the source of each); they
// make a rehearsal plausible and predict nothing.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "kit/json.h"

namespace sandbox {

enum class As { email, sms, voice, retry, message, connector };

struct Delay {
  double median_s;
  double sigma;  // of the logarithm
};

struct Behaviour {
  // Who it plays.
  std::string as = "email", channel;
  As kind = As::email;
  bool keyed = true;  // honours keys
  uint64_t seed = 0;
  std::string world;    // instances of one world share what the customers did
  std::string effects;  // path of the effect ledger, empty = none
  std::string currency = "EUR";

  // How long things take, milliseconds of the engine's time.
  int64_t delay_ms = 0;         // from the send to the act
  int64_t answer_after_ms = 0;  // from the act to the answer: the window in which a crash hurts
  int64_t ring_ms = 20000;      // until voicemail or nobody; half of it until somebody picks up
  int64_t turn_ms = 4000;       // a sentence, of either side

  // What the provider answers. `script`: by try, the last repeats; else shares.
  std::vector<std::string> script;
  std::map<std::string, double> answers;  // messages, calls, connectors: word -> share
  std::map<std::string, double> approve;  // charges: "code:51", "action:retry_now", "new_method"
  double per_try = 0.85;                  // each further try is so much less likely to succeed
  std::map<std::string, double> segments = {{"vip", 1.15}, {"loyal", 1.1}, {"new", 0.9}};
  double not_now = 0, unknown = 0;  // faults: asked to come back; acted, but the answer is lost

  // What customers do after a message that carries a link. Shares of those who did the step before.
  double open = 0.35, click = 0.30, pay = 0.30, update = 0.55, stop = 0.003;
  Delay open_after{6.6 * 3600, 2.21}, click_after{3.0 * 3600, 2.32}, pay_after{240, 1.0};
  double requested_click = 0.80, requested_pay = 0.65;  // of a link that she asked for in a call
  Delay requested_click_after{40, 0.6}, requested_pay_after{75, 0.5};

  // What customers say in a call: by step, word -> share; else by `words`.
  std::map<std::string, std::map<std::string, double>> talk;
  std::map<std::string, double> words;  // weights
  double silent = 0.04, hang_up = 0.03;
  double transfer_accepted = 0.8;
  double keep_promise = 0.3;  // pays within days after she said one of `promises`
  std::vector<std::string> promises = {"pay_later"};
  bool understood = true;  // give the word beside the text, as some providers do

  // What it costs, in millionths of `currency`: a touch; voice: a begun minute, and a call not
  // answered.
  int64_t cost_micro = 0, cost_unanswered_micro = 5000;

  // Connectors: objects by `what` and id, as JSON; what is not there is made up for "customer".
  std::map<std::string, std::map<std::string, std::string>> records;
  double missing = 0;

  double segment_factor(std::string_view segment) const;
};

// From a configuration that fits the schema.
Behaviour read_behaviour(std::string_view config);

// Problems beyond the schema, one per line; empty = none.
std::string problems_of(std::string_view config);

As kind_of(std::string_view as);

}  // namespace sandbox
