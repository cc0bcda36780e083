// Small bridges between C++ values and the contract's. Internal to this room.
#pragma once

#include <relance/plugin.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/doc.h"
#include "base/id.h"

namespace relance {

inline rl_str c_str(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view view(rl_str text) {
  return text.ptr ? std::string_view(text.ptr, text.len) : std::string_view();
}
inline std::string text(rl_str text) { return std::string(view(text)); }
inline std::string text(const char* text) { return text ? text : ""; }

inline rl_key c_key(const Key& key) {
  rl_key c{};
  std::copy(key.bytes.begin(), key.bytes.end(), c.bytes);
  return c;
}
inline Key key_of(const rl_key& c) {
  Key key;
  std::copy(std::begin(c.bytes), std::end(c.bytes), key.bytes.begin());
  return key;
}

inline std::vector<rl_str> c_list(const std::vector<std::string>& texts) {
  std::vector<rl_str> list;
  for (const std::string& one : texts) list.push_back(c_str(one));
  return list;
}

// Collects what a plugin puts.
class Out {
 public:
  Out()
      : out_{&text_, [](void* to, const char* bytes, size_t len) {
               static_cast<std::string*>(to)->append(bytes, len);
             }} {}
  const rl_out* c() const { return &out_; }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  rl_out out_;
};

// A JSON object of a plugin as a record; empty text and what cannot be read give an empty record.
inline Doc record_of(rl_str json) {
  if (json.len == 0) return Doc::empty_record();
  auto doc = from_json(view(json));
  return doc && doc->view().type() == DocType::record ? std::move(*doc) : Doc::empty_record();
}

}  // namespace relance
