// Ending an operation in one line.
#pragma once

#include <relance/host.h>

#include <string>
#include <string_view>
#include <vector>

#include "kit/text.h"

namespace kit {

struct Ending {
  uint32_t status = RL_DONE;
  std::string_view word = {}, reason = {}, data = {};
  std::string_view ref = {};  // the provider's id
  rl_cost cost = {};
  int64_t again_at = 0;
  uint32_t again_scope = RL_SCOPE_TOUCH;  // of again_at
};

inline void complete(const rl_host* host, rl_op op, const Ending& ending) {
  const rl_str ref = str(ending.ref);
  rl_result result{};
  result.struct_size = sizeof result;
  result.status = ending.status;
  result.word = str(ending.word);
  result.reason = str(ending.reason);
  result.data = str(ending.data);
  result.refs = &ref;
  result.refs_count = ending.ref.empty() ? 0 : 1;
  result.cost = ending.cost;
  result.again_at = ending.again_at;
  result.again_scope = ending.again_at == 0 ? 0 : ending.again_scope;
  host->complete(host, op, &result);
}

// How an operation ends, in text of its own.
struct Outcome {
  uint32_t status = RL_DONE;
  std::string reason = {}, data = {}, ref = {};
  int64_t again_at = 0;
  uint32_t again_scope = RL_SCOPE_TOUCH;
};

inline void finish(const rl_host* host, rl_op op, const Outcome& outcome) {
  complete(host, op,
           {.status = outcome.status,
            .reason = outcome.reason,
            .data = outcome.data,
            .ref = outcome.ref,
            .again_at = outcome.again_at,
            .again_scope = outcome.again_scope});
}

}  // namespace kit
