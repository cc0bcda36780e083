// The bytes of a Doc, shared by doc.cpp and doc_json.cpp. The layout is told in doc.h.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/doc.h"

namespace relance::doc_encoding {

// A varint at the start of `bytes`: its value, and its width in bytes (0: malformed). Inline:
// looking at data is the engine's most frequent act.
struct Varint {
  uint64_t value = 0;
  size_t width = 0;
};

inline Varint read_varint(std::string_view bytes) {
  uint64_t value = 0;
  for (size_t i = 0; i < bytes.size() && i < 10; ++i) {
    const auto byte = static_cast<uint8_t>(bytes[i]);
    value |= uint64_t{byte & 0x7fu} << (7 * i);
    if (byte < 0x80) return {value, i + 1};
  }
  return {};
}

inline int64_t from_zigzag(uint64_t v) { return static_cast<int64_t>(v >> 1 ^ (0 - (v & 1))); }

// A length and as many bytes behind it; `width` counts both (0: malformed).
struct Counted {
  std::string_view content;
  size_t width = 0;
};

inline Counted read_counted(std::string_view bytes) {
  const Varint length = read_varint(bytes);
  if (length.width == 0 || length.value > bytes.size() - length.width) return {};
  return {bytes.substr(length.width, length.value), length.width + length.value};
}

// The name of a field at the start of `bytes`. One that is in nearly every record
// (usual_fields.inc) is a byte, 128 + its place there; any other is its length (a byte up to 126,
// else 127 and a varint) and its bytes. The text of a usual one lives for ever, that of another one
// as long as the bytes. `width` is 0 where there is no name.
Counted read_name(std::string_view bytes);
void put_name(std::string& out, std::string_view name);
size_t name_width(std::string_view name);

// The width of the value at the start of `bytes`, type byte included; 0 when it is malformed or cut
// short.
size_t value_width(std::string_view bytes);

// What lies behind the type byte and length of a list or record; empty for anything else.
std::string_view payload(std::string_view value);

// Writers append one whole value, type byte included.
void put_boolean(std::string& out, bool v);
void put_integer(std::string& out, int64_t v);
void put_number(std::string& out, double v);
void put_text(std::string& out, std::string_view v);
void put_money(std::string& out, const Money& v);
void put_container(std::string& out, DocType type, std::string_view payload);

// A field on its way into a record: views of bytes that the caller keeps alive.
struct Field {
  std::string_view key;
  std::string_view value;
};

// Appends the record of `fields`, sorted by key; of equal keys the last wins. Reorders `fields`.
void put_record(std::string& out, std::vector<Field>& fields);

}  // namespace relance::doc_encoding
