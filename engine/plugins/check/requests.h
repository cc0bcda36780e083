// Requests from outside, as a provider and as an attacker would send them.
//
// The kit does not know a plugin's signature. It learns it: a request with a made-up code is handed
// in, the code that the plugin itself then asks the host for is put in its place, and what is
// accepted is a signed request.
// Threads: one.
#pragma once

#include <optional>

#include "plugins/check/stage.h"

namespace relance::conformance {

// How an instance took a request.
struct Taken {
  int status = 0;  // 0: it was not answered within 10 seconds
  size_t emitted = 0;
  bool asked_hmac = false;
};
Taken hand_in(Stage& stage, const CannedRequest& request);

// A way to sign: header names with templates over {{hex}}, {{base64}}, {{now_s}} and {{now_ms}}.
using Signature = Headers;

// The request with the code `mac` in this signature's headers.
CannedRequest signed_with(const Stage& stage, CannedRequest request, const Signature& signature,
                          std::string_view mac);
// The same with the code that the plugin asks for; nullopt: it asks for none.
std::optional<CannedRequest> signed_rightly(Stage& stage, const CannedRequest& request,
                                            const Signature& signature);

// Those that the scene names, else the usual ones.
std::vector<Signature> signatures(const Scene& scene);
// Those of the scene, else a plain JSON one.
std::vector<CannedRequest> sample_requests(const Scene& scene);

struct Genuine {
  CannedRequest request;  // accepted with 2xx
  Signature signature;
};
// nullopt: none of the known ways is accepted.
std::optional<Genuine> find_genuine(Stage& stage);

// Hands in odd and random requests, the same ones every time, also signed where the kit found out
// how. Ends at the first that throws.
void each_noise(Stage& stage);

}  // namespace relance::conformance
