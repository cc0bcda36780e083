// Reading and writing fixed-width numbers of dates and times of day; shared by instant.cpp and
// zone_text.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace relance {

// The number that `width` digits at `at` spell, or -1.
constexpr int read_digits(std::string_view text, size_t at, size_t width) {
  if (at + width > text.size()) return -1;
  int value = 0;
  for (size_t i = at; i < at + width; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

// Appends the last `width` digits of a number, and what stands behind it.
inline void put_digits(std::string& out, int64_t value, size_t width, std::string_view behind) {
  char digits[20];
  for (size_t i = width; i-- > 0; value /= 10) digits[i] = static_cast<char>('0' + value % 10);
  out.append(digits, width);
  out.append(behind);
}

}  // namespace relance
