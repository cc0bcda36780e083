// Text across the contract: rl_str and std::string_view are the same thing with two names.
#pragma once

#include <relance/plugin.h>

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace kit {

inline std::string_view view(rl_str text) {
  return text.ptr == nullptr ? std::string_view{} : std::string_view{text.ptr, text.len};
}

inline rl_str str(std::string_view text) { return {text.data(), text.size()}; }

inline void put(const rl_out* out, std::string_view text) {
  out->put(out->context, text.data(), text.size());
}

// A number of digits alone; nullopt: it is none, or too large.
inline std::optional<int64_t> whole(std::string_view digits) {
  int64_t value = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  if (digits.empty() || error != std::errc{} || stop != end || value < 0) return std::nullopt;
  return value;
}

}  // namespace kit
