// Base64 (RFC 4648), with padding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace kit {

inline std::string base64(const uint8_t* bytes, size_t count) {
  constexpr char kLetters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (size_t at = 0; at < count; at += 3) {
    const size_t have = count - at < 3 ? count - at : 3;
    uint32_t group = 0;
    for (size_t i = 0; i < 3; ++i) group = group << 8 | (i < have ? bytes[at + i] : 0u);
    for (size_t i = 0; i < 4; ++i) text += i <= have ? kLetters[group >> (18 - 6 * i) & 63u] : '=';
  }
  return text;
}

}  // namespace kit
