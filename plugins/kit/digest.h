// The host's HMAC, the ways in which it is written, and comparing what somebody claims with it.
//
// A named secret has two versions while it is exchanged: 0 is the current one, 1 the one before.
// Threads: any.
#pragma once

#include <relance/host.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "kit/text.h"

namespace kit {

inline constexpr uint32_t kSecretVersions = 2;

// The bytes; empty where the host knows no such secret or version. `algorithm`: RL_SHA256 ...
inline std::string hmac(const rl_host* host, uint32_t algorithm, std::string_view secret,
                        uint32_t version, std::string_view text) {
  uint8_t bytes[64];
  const size_t count = host->hmac(host, algorithm, str(secret), version, str(text), bytes);
  return {reinterpret_cast<const char*>(bytes), count};
}

// Base64 (RFC 4648), with padding.
inline std::string base64(std::string_view bytes) {
  constexpr char kLetters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (size_t at = 0; at < bytes.size(); at += 3) {
    const size_t have = bytes.size() - at < 3 ? bytes.size() - at : 3;
    uint32_t group = 0;
    for (size_t i = 0; i < 3; ++i)
      group = group << 8 | (i < have ? static_cast<uint8_t>(bytes[at + i]) : 0u);
    for (size_t i = 0; i < 4; ++i) text += i <= have ? kLetters[group >> (18 - 6 * i) & 63u] : '=';
  }
  return text;
}

inline std::string hex(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<uint8_t>(c);
    text += {kDigits[byte >> 4], kDigits[byte & 15u]};
  }
  return text;
}

// Looks at every byte, so that the time it takes tells nothing of where two texts differ. Nothing
// is the same as an empty text: that is a secret which is not there.
inline bool same(std::string_view a, std::string_view b) {
  if (a.size() != b.size() || a.empty()) return false;
  unsigned differs = 0;
  for (size_t i = 0; i < a.size(); ++i) differs |= static_cast<uint8_t>(a[i] ^ b[i]);
  return differs == 0;
}

}  // namespace kit
