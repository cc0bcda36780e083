// Requests that come in: their headers, and answering them in one line.
#pragma once

#include <relance/inbound.h>

#include <string_view>

#include "kit/text.h"

namespace kit {

// Of the first header with this name (in lower case); empty where there is none.
inline std::string_view header(const rl_request& request, std::string_view name) {
  for (size_t i = 0; i < request.headers_count; ++i) {
    if (view(request.headers[i].name) == name) return view(request.headers[i].value);
  }
  return {};
}

inline void answer(const rl_host* host, rl_op op, int32_t status, std::string_view text = {},
                   std::string_view type = "text/plain; charset=utf-8") {
  rl_answer answer{};
  answer.struct_size = sizeof answer;
  answer.status = status;
  answer.content_type = str(type);
  answer.body = str(text);
  host->answer(host, op, &answer);
}

}  // namespace kit
