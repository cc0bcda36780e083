// The bytes of a Doc, shared by doc.cpp and doc_json.cpp. The layout is told in doc.h.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/doc.h"
#include "base/usual.h"

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

// The name of a field. One that is in nearly every record is a byte, kFirstUsual + its place among
// those; any other is its length (a byte below kLongName, else that and a varint) and its bytes.
inline constexpr std::string_view kUsualFieldList[] = {
#include "base/usual_fields.inc"
};
inline constexpr Usual kUsualFields(kUsualFieldList);
inline constexpr uint8_t kLongName = 0x7f, kFirstUsual = 0x80;
static_assert(kUsualFields.size() <= 0x80);

// The name at the start of `bytes`; the text of a usual one lives for ever, that of another one as
// long as the bytes. `width` is 0 where there is no name.
inline Counted read_name(std::string_view bytes) {
  if (bytes.empty()) return {};
  const auto first = static_cast<uint8_t>(bytes[0]);
  if (first < kLongName)
    return first < bytes.size() ? Counted{bytes.substr(1, first), size_t{1} + first} : Counted{};
  if (first >= kFirstUsual) {
    const size_t place = first - kFirstUsual;
    return place < kUsualFields.size() ? Counted{kUsualFields[place], 1} : Counted{};
  }
  Counted read = read_counted(bytes.substr(1));
  if (read.width > 0) ++read.width;
  return read;
}
// `usual`: its place among the usual ones, or -1.
size_t name_width(std::string_view name, int usual);

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
  int usual = -1;  // set by put_record
};

// Appends the record of `fields`, sorted by key; of equal keys the last wins, and the others leave
// `fields`.
void put_record(std::string& out, std::vector<Field>& fields);

}  // namespace relance::doc_encoding
