// A touch's key: 16 bytes, or the 26 characters of base32 in which providers give it back.
#pragma once

#include <relance/plugin.h>

#include <cstring>
#include <string_view>

namespace kit {

inline constexpr size_t kKeyLetters = 26;

// All zero is none.
inline bool is_key(const rl_key& key) {
  constexpr rl_key kNone{};
  return std::memcmp(key.bytes, kNone.bytes, sizeof kNone.bytes) != 0;
}

inline std::string_view bytes_of(const rl_key& key) {
  return {reinterpret_cast<const char*>(key.bytes), sizeof key.bytes};
}

// None where the text is no key as the engine writes it (rl_touch.key_text).
inline rl_key parse_key(std::string_view text) {
  constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";
  rl_key key{};
  if (text.size() != kKeyLetters) return {};
  uint32_t pending = 0;
  int bits = 0;
  size_t filled = 0;
  for (const char c : text) {
    const size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) return {};
    pending = (pending << 5 | static_cast<uint32_t>(value)) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    key.bytes[filled++] = static_cast<uint8_t>(pending >> bits & 0xff);
  }
  return (pending & 3) == 0 ? key : rl_key{};  // the two bits left over
}

}  // namespace kit
