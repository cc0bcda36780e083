// UTF-8, letter by letter: text from outside may be none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace kit {

// Takes one code point off `utf8`; U+FFFD, and one byte, where it is no UTF-8 (RFC 3629). Not for
// empty text.
inline char32_t next_letter(std::string_view& utf8) {
  constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};  // of so many bytes: none overlong
  const auto byte = [&](size_t at) { return static_cast<uint8_t>(utf8[at]); };
  const uint8_t first = byte(0);
  const size_t length = first < 0x80             ? 1
                        : (first & 0xe0) == 0xc0 ? 2
                        : (first & 0xf0) == 0xe0 ? 3
                        : (first & 0xf8) == 0xf0 ? 4
                                                 : 0;
  bool whole = length > 0 && length <= utf8.size();
  char32_t letter = length == 1 ? first : first & (0x7fu >> length);
  for (size_t i = 1; whole && i < length; ++i) {
    whole = (byte(i) & 0xc0) == 0x80;
    letter = letter << 6 | (byte(i) & 0x3fu);
  }
  whole = whole && letter >= kLeast[length] && letter <= 0x10ffff &&
          !(letter >= 0xd800 && letter <= 0xdfff);
  utf8.remove_prefix(whole ? length : 1);
  return whole ? letter : U'\uFFFD';
}

inline void add_letter(char32_t letter, std::string& out) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | (letter >> shift & 0x3f)); };
  if (letter < 0x80) {
    out += static_cast<char>(letter);
  } else if (letter < 0x800) {
    out += static_cast<char>(0xc0 | letter >> 6);
    tail(0);
  } else if (letter < 0x10000) {
    out += static_cast<char>(0xe0 | letter >> 12);
    tail(6), tail(0);
  } else {
    out += static_cast<char>(0xf0 | letter >> 18);
    tail(12), tail(6), tail(0);
  }
}

// With U+FFFD where it was no UTF-8.
inline std::string as_utf8(std::string_view text) {
  std::string out;
  while (!text.empty()) add_letter(next_letter(text), out);
  return out;
}

}  // namespace kit
