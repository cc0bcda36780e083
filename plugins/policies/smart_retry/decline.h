// A decline as smart_retry reads it from the question, and what it means for the same credential.
#pragma once

#include <string_view>

#include "kit/json.h"

namespace smart_retry {

enum class Kind {
  never,      // `reason` says why
  technical,  // a fault on the way
  funds,      // no money
  limit,      // a count or amount limit
  vague,      // the bank does not say
  issuer,     // the customer should talk to the bank
};

struct Decline {
  std::string_view code;  // the network's, else the provider's
  std::string_view network, country, advice, provider_advice, action, earliest_retry_at;
  bool same_credential = true;
};

// From `answer.decline` (fresh) where there is one, else from `event.decline`.
Decline read_decline(const kit::Value* ask);

struct Verdict {
  Kind kind = Kind::vague;
  std::string_view reason;
};

// The most restrictive signal wins: revocation, never-approve, what the action asks of the
// customer, then the code.
Verdict judge(const Decline& decline);

}  // namespace smart_retry
