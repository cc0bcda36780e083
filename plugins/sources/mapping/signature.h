// Was a webhook sent by who it says? Checked over its raw bytes before anything in them is read.
//
//   {"headers": ["x-shopify-hmac-sha256"], "encoding": "base64"}
//   {"headers": ["x-signature"], "encoding": "hex", "prefix": "sha256=", "algorithm": "sha256",
//    "time_header": "x-timestamp"}             signed is "TIME.BODY", TIME in unix seconds
//   {"headers": ["stripe-signature"], "encoding": "hex", "style": "stripe"}
//                                              "t=TIME,v1=SIGNATURE,v1=...": the same
//
// The secret is the host's, and so is the HMAC: the current one and the one before are accepted.
// Every comparison takes the same time whatever differs. Threads: immutable.
#pragma once

#include <relance/inbound.h>

#include <string>
#include <string_view>
#include <vector>

#include "kit/json.h"

namespace sources {

class Signature {
 public:
  enum class Verdict {
    good,
    missing,    // no signature, or none that can be read
    wrong,      // of somebody else, or over other bytes
    stale,      // signed too long ago, or in a time to come
    no_secret,  // the host knows no such secret
  };

  // `rule`: as above. `window_ms`: how far the signed time may lie from now.
  Signature(const kit::Value* rule, std::string_view secret, int64_t window_ms);

  Verdict check(const rl_host* host, const rl_request& request) const;
  bool has_secret(const rl_host* host) const;

 private:
  struct Claim {
    std::string time;
    std::vector<std::string> signatures;
  };
  Claim claim_of(const rl_request& request) const;
  bool is_now(std::string_view time, int64_t now_ms) const;
  // In the header's encoding; empty: there is no such secret.
  std::string signed_by(const rl_host* host, uint32_t version, std::string_view bytes) const;

  std::string secret_;
  int64_t window_ms_;
  std::vector<std::string> headers_;
  std::string prefix_, time_header_;
  bool hex_, stripe_;
  uint32_t algorithm_;
};

}  // namespace sources
