// Texts with places to fill: "orders/{data.order_id}/cancel" over {"data": {"order_id": "7"}} is
// "orders/7/cancel". A place names a dotted path; a brace has no other meaning. Threads: any.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "kit/form.h"
#include "sources/mapping/operators.h"

namespace commerce {

// nullopt, with the first path that has no text in `missing`. `encoded`: what is filled in is
// percent-encoded.
inline std::optional<std::string> filled(std::string_view phrase, const kit::Value& scope,
                                         bool encoded, std::string& missing) {
  std::string text;
  while (!phrase.empty()) {
    const size_t open = phrase.find('{');
    text += phrase.substr(0, open);
    if (open == std::string_view::npos) break;
    const size_t close = phrase.find('}', open);
    const std::string_view path = phrase.substr(open + 1, close - open - 1);
    const kit::Value* found = kit::find(&scope, path);
    const auto value = found == nullptr ? std::nullopt : sources::text_of(*found);
    if (!value) {
      missing = path;
      return std::nullopt;
    }
    text += encoded ? kit::percent_encode(*value) : *value;
    phrase.remove_prefix(close == std::string_view::npos ? phrase.size() : close + 1);
  }
  return text;
}

}  // namespace commerce
