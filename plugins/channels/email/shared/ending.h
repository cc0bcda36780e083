// How a touch ended, as both e-mail plugins say it.
#pragma once

#include <relance/host.h>

#include <string>

#include "kit/text.h"
#include "letter.h"

namespace email {

struct Ending {
  uint32_t status = RL_UNKNOWN;
  std::string word, reason, ref;
  int64_t again_in_ms = 0;  // NOT_NOW: 0 = the host's own
  bool channel = false;     // it paces all of the channel, and an operator should know
};

inline void complete(const rl_host* host, rl_op op, const Ending& ending) {
  const rl_str ref = kit::str(ending.ref);
  rl_result result{};
  result.struct_size = sizeof result;
  result.status = ending.status;
  result.word = kit::str(ending.word);
  result.reason = kit::str(ending.reason);
  result.refs = &ref;
  result.refs_count = ending.ref.empty() ? 0 : 1;
  if (ending.again_in_ms > 0) {
    result.again_at = host->now(host) + ending.again_in_ms;
    result.again_scope = ending.channel ? RL_SCOPE_CHANNEL : RL_SCOPE_TOUCH;
  }
  if (ending.channel) {
    const std::string line = "mail waits: " + ending.reason;
    host->log(host, RL_LOG_WARNING, kit::str(line));
  }
  host->complete(host, op, &result);
}

// False, and the operation is over: this letter cannot be sent.
inline bool can_send(const rl_host* host, rl_op op, const Letter& letter) {
  const std::string_view problem = letter.problem();
  if (problem.empty()) return true;
  const bool address = problem == "no_mailbox";
  complete(host, op,
           {address ? uint32_t{RL_REFUSED} : uint32_t{RL_FAILED},
            address ? "bounced" : "failed",
            std::string(problem),
            {}});
  return false;
}

// What the host's http or smtp said when it did not begin.
inline void not_begun(const rl_host* host, rl_op op, int32_t said) {
  const uint32_t status = said == RL_BUSY ? uint32_t{RL_NOT_NOW} : uint32_t{RL_FAILED};
  complete(host, op, {status, {}, "not_begun", {}});
}

}  // namespace email
