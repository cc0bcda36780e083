// Text across the contract: rl_str and std::string_view are the same thing with two names.
#pragma once

#include <relance/plugin.h>

#include <string_view>

namespace kit {

inline std::string_view view(rl_str text) {
  return text.ptr == nullptr ? std::string_view{} : std::string_view{text.ptr, text.len};
}

inline rl_str str(std::string_view text) { return {text.data(), text.size()}; }

inline void put(const rl_out* out, std::string_view text) {
  out->put(out->context, text.data(), text.size());
}

}  // namespace kit
