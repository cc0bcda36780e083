#include "plugins/callback_urls.h"

#include <openssl/crypto.h>
#include <openssl/hmac.h>

namespace relance {
namespace {

constexpr std::string_view kRoute = "/v1/hooks/";
constexpr std::string_view kKeyPart = "/k/";
constexpr size_t kSignatureBytes = 16;

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

CallbackUrls::CallbackUrls(std::string base, std::string secret)
    : base_(std::move(base)), secret_(std::move(secret)) {
  while (!base_.empty() && base_.back() == '/') base_.pop_back();
}

std::string CallbackUrls::sign(std::string_view instance, std::string_view key) const {
  const std::string text = std::string(instance) + " " + std::string(key);
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest, &length);
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (size_t i = 0; i < kSignatureBytes; ++i) {
    hex += kDigits[digest[i] >> 4];
    hex += kDigits[digest[i] & 15];
  }
  return hex;
}

std::string CallbackUrls::url(std::string_view instance, const Key& touch) const {
  const std::string key = touch.text();
  std::string url = base_;
  url.append(kRoute).append(instance).append(kKeyPart).append(key);
  return url + "." + sign(instance, key);
}

std::optional<CallbackUrls::Target> CallbackUrls::read(std::string_view path) const {
  if (!path.starts_with(kRoute)) return std::nullopt;
  path.remove_prefix(kRoute.size());
  Target target;
  const size_t name_end = path.find('/');
  target.instance = path.substr(0, name_end);
  if (target.instance.empty()) return std::nullopt;
  if (name_end == std::string_view::npos) return target;
  path.remove_prefix(name_end);
  if (!path.starts_with(kKeyPart)) {
    target.rest = path;
    return target;
  }
  path.remove_prefix(kKeyPart.size());
  const std::string_view signed_key = path.substr(0, path.find('/'));
  target.rest = path.substr(signed_key.size());
  const size_t dot = signed_key.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const std::string_view key = signed_key.substr(0, dot);
  const auto touch = Key::parse(key);
  if (!touch || !same(signed_key.substr(dot + 1), sign(target.instance, key))) return std::nullopt;
  target.touch = *touch;
  return target;
}

}  // namespace relance
