#include "base/doc_encoding.h"

#include <bit>
#include <cmath>

#include "base/codec.h"

namespace relance::doc_encoding {
namespace {

size_t varint_width(size_t v) {
  size_t width = 1;
  for (; v >= 0x80; v >>= 7) ++width;
  return width;
}

// Into room that is there; they return where they stopped.
char* write_varint(char* to, size_t v) {
  for (; v >= 0x80; v >>= 7) *to++ = static_cast<char>(v | 0x80);
  *to++ = static_cast<char>(v);
  return to;
}
char* write_bytes(char* to, std::string_view bytes) { return to + bytes.copy(to, bytes.size()); }

char* write_name(char* to, std::string_view name, int usual) {
  if (usual >= 0) {
    *to++ = static_cast<char>(kFirstUsual + usual);
    return to;
  }
  if (name.size() >= kLongName) *to++ = static_cast<char>(kLongName);
  return write_bytes(write_varint(to, name.size()), name);
}

}  // namespace

size_t name_width(std::string_view name, int usual) {
  if (usual >= 0) return 1;
  return (name.size() >= kLongName ? 1 : 0) + varint_width(name.size()) + name.size();
}

size_t value_width(std::string_view bytes) {
  if (bytes.empty()) return 0;
  const std::string_view rest = bytes.substr(1);
  size_t width = 0;
  switch (static_cast<DocType>(bytes[0])) {
    case DocType::null: return 1;
    case DocType::boolean: width = 1; break;
    case DocType::number: width = 8; break;
    case DocType::integer:
    case DocType::instant:
    case DocType::date: width = read_varint(rest).width; break;
    case DocType::money:
      width = read_varint(rest).width;
      if (width > 0) width += 3;
      break;
    case DocType::text:
    case DocType::list:
    case DocType::record: width = read_counted(rest).width; break;
  }
  return width == 0 || width > rest.size() ? 0 : width + 1;
}

std::string_view payload(std::string_view value) {
  if (value.empty()) return {};
  const auto type = static_cast<DocType>(value[0]);
  if (type != DocType::list && type != DocType::record) return {};
  return read_counted(value.substr(1)).content;
}

namespace {

Writer begin(std::string& out, DocType type) {
  Writer writer(out);
  writer.byte(static_cast<uint8_t>(type));
  return writer;
}

}  // namespace

void put_boolean(std::string& out, bool v) { begin(out, DocType::boolean).boolean(v); }

void put_integer(std::string& out, int64_t v) { begin(out, DocType::integer).zigzag(v); }

void put_number(std::string& out, double v) {
  if (!std::isfinite(v)) {
    begin(out, DocType::null);
    return;
  }
  if (v == 0) v = 0;  // drops the sign of -0.0
  begin(out, DocType::number).fixed64(std::bit_cast<uint64_t>(v));
}

void put_text(std::string& out, std::string_view v) { begin(out, DocType::text).text(v); }

void put_money(std::string& out, const Money& v) {
  Writer writer = begin(out, DocType::money);
  writer.zigzag(v.minor);
  writer.raw({v.currency.letters, 3});
}

void put_container(std::string& out, DocType type, std::string_view payload) {
  begin(out, type).text(payload);
}

namespace {

// Stable. Few fields, mostly in order already: no buffer, no calls.
void sort_by_key(std::vector<Field>& fields) {
  for (size_t i = 1; i < fields.size(); ++i) {
    const Field moved = fields[i];
    size_t at = i;
    for (; at > 0 && moved.key < fields[at - 1].key; --at) fields[at] = fields[at - 1];
    fields[at] = moved;
  }
}

}  // namespace

void put_record(std::string& out, std::vector<Field>& fields) {
  constexpr size_t kFew = 64;
  if (fields.size() <= kFew)
    sort_by_key(fields);
  else
    std::stable_sort(fields.begin(), fields.end(),
                     [](const Field& a, const Field& b) { return a.key < b.key; });
  const auto last = std::unique(fields.rbegin(), fields.rend(),
                                [](const Field& a, const Field& b) { return a.key == b.key; });
  fields.erase(fields.begin(), last.base());  // of equal keys the last stays
  size_t payload = 0;
  for (Field& field : fields) {
    field.usual = kUsualFields.find(field.key);
    payload += name_width(field.key, field.usual) + std::max<size_t>(1, field.value.size());
  }
  const size_t begin = out.size();
  out.resize(begin + 1 + varint_width(payload) + payload);
  char* to = out.data() + begin;
  *to++ = static_cast<char>(DocType::record);
  to = write_varint(to, payload);
  for (const Field& field : fields) {
    to = write_name(to, field.key, field.usual);
    if (field.value.empty())
      *to++ = static_cast<char>(DocType::null);
    else
      to = write_bytes(to, field.value);
  }
  RELANCE_ASSERT(to == out.data() + out.size());
}

}  // namespace relance::doc_encoding
