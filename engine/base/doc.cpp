#include "base/doc.h"

#include <array>
#include <bit>
#include <cmath>

#include "base/codec.h"
#include "base/doc_encoding.h"

namespace relance {
namespace {

using namespace doc_encoding;

// A null has one form outside a list or record: no bytes. So equal values have equal bytes wherever
// they were found.
DocView alone(std::string_view value) {
  return value.empty() || value[0] == static_cast<char>(DocType::null) ? DocView() : DocView(value);
}

// What follows the type byte when `bytes` has that type.
std::optional<std::string_view> content(std::string_view bytes, DocType type) {
  if (bytes.empty() || static_cast<DocType>(bytes[0]) != type) return std::nullopt;
  return bytes.substr(1);
}

std::optional<int64_t> zigzag(std::string_view bytes, DocType type) {
  const auto encoded = content(bytes, type);
  if (!encoded) return std::nullopt;
  const Varint read = read_varint(*encoded);
  if (read.width == 0) return std::nullopt;
  return from_zigzag(read.value);
}

}  // namespace

std::string_view doc_type_name(DocType type) {
  static constexpr std::array<std::string_view, 10> kNames = {
      "null", "boolean", "integer", "number", "text", "money", "instant", "date", "list", "record"};
  const auto index = static_cast<size_t>(type);
  return index < kNames.size() ? kNames[index] : "unknown";
}

std::optional<bool> DocView::boolean() const {
  const auto encoded = content(bytes_, DocType::boolean);
  if (!encoded || encoded->empty()) return std::nullopt;
  return encoded->front() != 0;
}

std::optional<int64_t> DocView::integer() const { return zigzag(bytes_, DocType::integer); }

std::optional<double> DocView::number() const {
  if (const auto whole = integer()) return static_cast<double>(*whole);
  const auto encoded = content(bytes_, DocType::number);
  if (!encoded || encoded->size() < 8) return std::nullopt;
  return std::bit_cast<double>(Reader(*encoded).fixed64());
}

std::optional<std::string_view> DocView::text() const {
  const auto encoded = content(bytes_, DocType::text);
  if (!encoded) return std::nullopt;
  return read_counted(*encoded).content;
}

std::optional<Money> DocView::money() const {
  const auto encoded = content(bytes_, DocType::money);
  if (!encoded) return std::nullopt;
  const Varint minor = read_varint(*encoded);
  const std::string_view code = encoded->substr(minor.width);
  if (minor.width == 0 || code.size() < 3) return std::nullopt;
  return Money{from_zigzag(minor.value), Currency{{code[0], code[1], code[2]}}};
}

std::optional<Instant> DocView::instant() const {
  if (const auto ms = zigzag(bytes_, DocType::instant)) return Instant{*ms};
  return std::nullopt;
}

std::optional<Date> DocView::date() const {
  if (const auto days = zigzag(bytes_, DocType::date)) return Date{static_cast<int32_t>(*days)};
  return std::nullopt;
}

DocView DocView::find(std::string_view key) const {
  if (type() != DocType::record) return {};
  std::string_view rest = payload(bytes_);
  while (!rest.empty()) {
    const Counted found = read_name(rest);
    if (found.width == 0) return {};
    rest.remove_prefix(found.width);
    const size_t width = value_width(rest);
    if (width == 0) return {};
    if (found.content == key) return alone(rest.substr(0, width));
    rest.remove_prefix(width);
  }
  return {};
}

DocView DocView::find_path(std::string_view dotted) const {
  DocView here = *this;
  for (;;) {
    const size_t dot = dotted.find('.');
    here = here.find(dotted.substr(0, dot));
    if (dot == std::string_view::npos || here.is_null()) return here;
    dotted.remove_prefix(dot + 1);
  }
}

size_t DocView::size() const {
  size_t count = 0;
  const Range all = items();
  for (Iterator at = all.begin(); at != all.end(); ++at) ++count;
  return count;
}

DocView::Range DocView::items() const {
  const bool keyed = type() == DocType::record;
  const std::string_view all = payload(bytes_);
  return {Iterator(all, keyed), Iterator(all.substr(all.size()), keyed)};
}

DocView::Iterator& DocView::Iterator::operator++() {
  rest_.remove_prefix(width_);
  load();
  return *this;
}

// Whatever is malformed ends the iteration, as the end of the bytes does.
void DocView::Iterator::load() {
  item_ = {};
  width_ = 0;
  if (rest_.empty()) return;
  const Counted key = keyed_ ? read_name(rest_) : Counted{};
  const size_t value = keyed_ && key.width == 0 ? 0 : value_width(rest_.substr(key.width));
  if (value == 0) {
    rest_.remove_prefix(rest_.size());
    return;
  }
  item_ = {key.content, alone(rest_.substr(key.width, value))};
  width_ = key.width + value;
}

Doc Doc::boolean(bool v) {
  Doc doc;
  put_boolean(doc.bytes_, v);
  return doc;
}

Doc Doc::integer(int64_t v) {
  Doc doc;
  put_integer(doc.bytes_, v);
  return doc;
}

Doc Doc::number(double v) {
  Doc doc;
  if (std::isfinite(v)) put_number(doc.bytes_, v);
  return doc;
}

Doc Doc::text(std::string_view v) {
  Doc doc;
  put_text(doc.bytes_, v);
  return doc;
}

Doc Doc::money(const Money& v) {
  RELANCE_ASSERT(v.currency);
  Doc doc;
  put_money(doc.bytes_, v);
  return doc;
}

Doc Doc::instant(Instant v) {
  Doc doc;
  Writer writer(doc.bytes_);
  writer.byte(static_cast<uint8_t>(DocType::instant));
  writer.instant(v);
  return doc;
}

Doc Doc::date(Date v) {
  Doc doc;
  Writer writer(doc.bytes_);
  writer.byte(static_cast<uint8_t>(DocType::date));
  writer.zigzag(v.days);
  return doc;
}

Doc Doc::list(const std::vector<Doc>& items) {
  std::string payload;
  for (const Doc& item : items) {
    if (item.bytes_.empty()) {
      payload.push_back(static_cast<char>(DocType::null));
    } else {
      payload += item.bytes_;
    }
  }
  Doc doc;
  put_container(doc.bytes_, DocType::list, payload);
  return doc;
}

Doc Doc::record(const std::vector<std::pair<std::string, Doc>>& fields) {
  std::vector<Field> views;
  views.reserve(fields.size());
  for (const auto& [key, value] : fields) views.push_back({key, value.bytes_});
  Doc doc;
  put_record(doc.bytes_, views);
  return doc;
}

Doc Doc::record(std::initializer_list<Named> fields) {
  std::vector<Field> views;
  views.reserve(fields.size());
  for (const Named& field : fields) views.push_back({field.key, field.value.bytes_});
  Doc doc;
  put_record(doc.bytes_, views);
  return doc;
}

Doc Doc::merged(DocView base, DocView over) {
  std::vector<Field> fields;
  for (DocView side : {base, over}) {
    if (side.type() != DocType::record) continue;
    for (const auto& [key, value] : side.items()) fields.push_back({key, value.bytes()});
  }
  Doc doc;
  put_record(doc.bytes_, fields);
  return doc;
}

}  // namespace relance
