// What the provider answers to a request, and what that means for a touch.
#pragma once

#include <relance/host.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace twilio {

// A row of errors.inc.
struct ErrorMeaning {
  int code;
  uint32_t status;        // of a send that is answered so
  std::string_view word;  // "invalid_number", "opted_out", or "failed"
  bool operator_must_act;
};
// The word "failed" for a code that is not in the table.
ErrorMeaning error_meaning(int64_t code);

// A reply to a request that acts which is no success.
struct Refusal {
  uint32_t status = RL_UNKNOWN;
  std::string word, reason;
  int64_t again_at = 0;
  bool channel = false;  // again_at paces all of the channel
  bool operator_must_act = false;
};
// nullopt: it was accepted, and the body is a JSON object.
std::optional<Refusal> refusal_of(const rl_reply& reply, int64_t now);

// Ends `op`; what needs an operator is logged as an error.
void complete(const rl_host* host, rl_op op, const Refusal& refusal);

std::string reason_of(int64_t code);  // "twilio_21610"

// A callback is answered with TwiML; what is refused, in words.
void answer(const rl_host* host, rl_op op, int32_t status, std::string_view body);

}  // namespace twilio
