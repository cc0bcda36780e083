// What comes in from outside: unsigned, forged, cut, altered, random.
#include "plugins/check/requests.h"
#include "plugins/check/tests.h"

namespace relance::conformance {
namespace {

// "" = it was refused as it must be.
std::string accepted(Stage& stage, const CannedRequest& request, const std::string& what) {
  stage.bench().doing(what);
  const Taken taken = hand_in(stage, request);
  if (!stage.threw().empty()) return "";  // told by another rule
  if (taken.emitted > 0) return what + " emitted " + std::to_string(taken.emitted) + " events";
  if (taken.status == 0) return "";  // told by `ends`
  if (taken.status >= 400 && taken.status < 500) return "";
  return what + " was answered " + std::to_string(taken.status);
}

// The code of another secret, which no plugin can accept.
std::string other_code() { return std::string(32, '\x5a'); }

std::string flips(Stage& stage, const Genuine& genuine) {
  const size_t length = genuine.request.body.size();
  for (size_t i = 0; i < length; i += std::max<size_t>(1, length / 16)) {
    CannedRequest altered = genuine.request;
    altered.body[i] ^= 1;
    const std::string what = "a signed request with a bit of byte " + std::to_string(i) + " turned";
    if (std::string found = accepted(stage, altered, what); !found.empty()) return found;
  }
  return "";
}

std::string altered(Stage& stage, const Genuine& genuine) {
  const CannedRequest& real = genuine.request;
  if (std::string found = flips(stage, genuine); !found.empty()) return found;
  for (const size_t length : {real.body.size() - 1, real.body.size() / 2, size_t{0}}) {
    CannedRequest cut = real;
    cut.body.resize(length);
    if (std::string found = accepted(stage, cut, "a signed request cut short"); !found.empty())
      return found;
  }
  CannedRequest longer = real;
  longer.body += " ";
  if (std::string found = accepted(stage, longer, "a signed request with a space behind");
      !found.empty())
    return found;
  CannedRequest short_code = real;
  std::string& value = short_code.headers.back().second;
  value.resize(value.size() - 2);
  return accepted(stage, short_code, "a request whose code is cut short");
}

}  // namespace

Outcome test_refuses_unsigned(Bench& bench) {
  if (!bench.plugin().inbound) return not_applicable("it takes no requests");
  Stage stage(bench);
  if (!stage.ready()) return not_applicable(stage.problem());
  for (const CannedRequest& sample : sample_requests(bench.scene())) {
    if (std::string found = accepted(stage, sample, "a request without signature"); !found.empty())
      return failed(found);
  }
  return passed();
}

Outcome test_refuses_forged(Bench& bench) {
  if (!bench.plugin().inbound) return not_applicable("it takes no requests");
  Stage stage(bench);
  if (!stage.ready()) return not_applicable(stage.problem());
  for (const CannedRequest& sample : sample_requests(bench.scene())) {
    for (const Signature& signature : signatures(bench.scene())) {
      const std::string what = "a request with a forged " + signature.back().first;
      const CannedRequest forged = signed_with(stage, sample, signature, other_code());
      if (std::string found = accepted(stage, forged, what); !found.empty()) return failed(found);
    }
  }
  const auto genuine = find_genuine(stage);
  if (!genuine) return {Verdict::passed, "no way to sign was found: nothing genuine was altered"};
  const std::string found = altered(stage, *genuine);
  return found.empty() ? passed() : failed(found);
}

Outcome test_survives_noise(Bench& bench) {
  if (!bench.plugin().inbound) return not_applicable("it takes no requests");
  Stage stage(bench);
  if (!stage.ready()) return not_applicable(stage.problem());
  each_noise(stage);
  return stage.threw().empty() ? passed() : failed("on_request threw an exception");
}

}  // namespace relance::conformance
