#include "sources/mapping/signature.h"

#include <algorithm>

#include "kit/digest.h"
#include "kit/inbound.h"
#include "sources/mapping/expression.h"

namespace sources {
namespace {

constexpr size_t kMostClaims = 8;  // while a secret rotates there are two

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

uint32_t algorithm_of(std::string_view name) {
  return name == "sha1" ? RL_SHA1 : name == "sha512" ? RL_SHA512 : RL_SHA256;
}

std::string small(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

}  // namespace

Signature::Signature(const kit::Value* rule, std::string_view secret, int64_t window_ms)
    : secret_(secret),
      window_ms_(window_ms),
      prefix_(kit::text(rule, "prefix")),
      time_header_(small(kit::text(rule, "time_header"))),
      hex_(kit::text(rule, "encoding") != "base64"),
      stripe_(kit::text(rule, "style") == "stripe"),
      algorithm_(algorithm_of(kit::text(rule, "algorithm"))) {
  if (const kit::Value* headers = kit::member(rule, "headers")) {
    for (const auto& name : headers->GetArray()) headers_.push_back(small(kit::view(name)));
  }
}

// "t=1700000000,v1=6ba9...,v0=...": of what is unknown nothing is believed.
Signature::Claim Signature::claim_of(const rl_request& request) const {
  Claim claim;
  std::string_view written;
  for (const std::string& name : headers_)
    if (written.empty()) written = trimmed(kit::header(request, name));
  if (!stripe_) {
    claim.time = trimmed(kit::header(request, time_header_));
    if (!written.starts_with(prefix_) || written.size() == prefix_.size()) return claim;
    const std::string_view value = written.substr(prefix_.size());
    claim.signatures.push_back(hex_ ? small(value) : std::string(value));
    return claim;
  }
  while (!written.empty()) {
    const size_t end = std::min(written.find(','), written.size());
    const std::string_view part = trimmed(written.substr(0, end));
    written.remove_prefix(std::min(end + 1, written.size()));
    if (part.starts_with("t=")) claim.time = part.substr(2);
    if (part.starts_with("v1=") && claim.signatures.size() < kMostClaims)
      claim.signatures.push_back(small(part.substr(3)));
  }
  return claim;
}

bool Signature::is_now(std::string_view time, int64_t now_ms) const {
  constexpr int64_t kFarFuture = 253'402'300'800;  // the year 10000
  const auto seconds = kit::whole(time);
  if (!seconds || *seconds > kFarFuture) return false;
  const int64_t apart = now_ms - *seconds * 1000;
  return apart <= window_ms_ && -apart <= window_ms_;
}

std::string Signature::signed_by(const rl_host* host, uint32_t version,
                                 std::string_view bytes) const {
  const std::string code = kit::hmac(host, algorithm_, secret_, version, bytes);
  return hex_ ? kit::hex(code) : kit::base64(code);
}

bool Signature::has_secret(const rl_host* host) const {
  return !signed_by(host, 0, "").empty() || !signed_by(host, 1, "").empty();
}

Signature::Verdict Signature::check(const rl_host* host, const rl_request& request) const {
  const Claim claim = claim_of(request);
  const bool timed = stripe_ || !time_header_.empty();
  if (claim.signatures.empty() || (timed && claim.time.empty())) return Verdict::missing;
  std::string bytes(kit::view(request.body));
  if (timed) bytes.insert(0, claim.time + ".");
  bool any_secret = false, good = false;
  for (uint32_t version = 0; version < kit::kSecretVersions; ++version) {
    const std::string expected = signed_by(host, version, bytes);
    any_secret = any_secret || !expected.empty();
    for (const std::string& one : claim.signatures) good |= kit::same(expected, one);
  }
  if (!any_secret) return Verdict::no_secret;
  if (!good) return Verdict::wrong;
  return timed && !is_now(claim.time, host->now(host)) ? Verdict::stale : Verdict::good;
}

}  // namespace sources
