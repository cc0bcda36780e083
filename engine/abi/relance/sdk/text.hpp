// Text across the contract as C++ has it, and the little JSON of text.h without its buffers.
// Optional, as plugin.hpp is.
#ifndef RELANCE_SDK_TEXT_HPP
#define RELANCE_SDK_TEXT_HPP

#include <string>
#include <string_view>

#include "text.h"

namespace rl {

inline std::string_view view(rl_str text) {
  return text.ptr == nullptr ? std::string_view{} : std::string_view{text.ptr, text.len};
}
inline rl_str str(std::string_view text) { return {text.data(), text.size()}; }
inline void put(const rl_out* out, std::string_view text) {
  out->put(out->context, text.data(), text.size());
}

// The text at `path` ("error.code"); empty where there is none.
inline std::string text(std::string_view json, const char* path) {
  std::string found(rl_json_find(str(json), path).len + 1, '\0');
  found.resize(rl_json_text(str(json), path, found.data(), found.size()));
  return found;
}
inline int64_t integer(std::string_view json, const char* path, int64_t fallback = 0) {
  return rl_json_integer(str(json), path, fallback);
}
inline std::string quoted(std::string_view text) {
  std::string json(RL_JSON_ROOM(text.size()), '\0');
  json.resize(rl_json_quote(str(text), json.data()));
  return json;
}
inline std::string url_quoted(std::string_view text) {
  std::string url(RL_URL_ROOM(text.size()), '\0');
  url.resize(rl_url_quote(str(text), url.data()));
  return url;
}

// {"a": "x", "b": 1}, in the order of the calls.
class Object {
 public:
  Object& text(std::string_view name, std::string_view value) { return raw(name, quoted(value)); }
  Object& integer(std::string_view name, int64_t value) { return raw(name, std::to_string(value)); }
  Object& boolean(std::string_view name, bool value) { return raw(name, value ? "true" : "false"); }
  // `json` is JSON already.
  Object& raw(std::string_view name, std::string_view json) {
    json_ += json_.empty() ? "{" : ",";
    json_.append(quoted(name)).append(":").append(json);
    return *this;
  }
  std::string json() const { return json_.empty() ? "{}" : json_ + "}"; }

 private:
  std::string json_;
};

}  // namespace rl

#endif
