// Replies over the host's HTTP: headers, Retry-After.
#pragma once

#include <relance/host.h>

#include <algorithm>
#include <string_view>

#include "kit/date.h"
#include "kit/text.h"

namespace kit {

// Of the first header with this name (in lower case); empty where there is none.
inline std::string_view header(const rl_reply& reply, std::string_view name) {
  for (size_t i = 0; i < reply.headers_count; ++i) {
    if (view(reply.headers[i].name) == name) return view(reply.headers[i].value);
  }
  return {};
}

// The instant until which the provider asks to wait, in seconds or as a date; `fallback` where it
// does not say. Who asks for more than a week did not mean it.
inline int64_t retry_after(const rl_reply& reply, int64_t now, int64_t fallback) {
  constexpr int64_t kMostSeconds = 7 * 86400;
  const std::string_view text = header(reply, "retry-after");
  if (const auto seconds = whole(text)) return now + std::min(*seconds, kMostSeconds) * 1000;
  const auto date = parse_date(text);
  return date ? std::clamp(*date, now, now + kMostSeconds * 1000) : fallback;
}

}  // namespace kit
