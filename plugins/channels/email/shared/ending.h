// How a touch ended, as both e-mail plugins say it.
#pragma once

#include <relance/host.h>

#include <string>

#include "kit/text.h"

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

}  // namespace email
