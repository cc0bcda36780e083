// Doc::from_bytes: what comes from the store is believed only after a look at every byte.
#include <bit>
#include <cmath>

#include "base/codec.h"
#include "base/doc_encoding.h"

namespace relance {
namespace {

// True when `reader` stands on one well-formed value in its only form; moves behind it. `depth` is
// the number of lists and records around it, which bounds the recursion.
bool check_value(Reader& reader, int depth);

bool check_list(std::string_view payload, int depth) {
  Reader items(payload);
  while (!items.at_end()) {
    if (!check_value(items, depth)) return false;
  }
  return items.ok();
}

bool in_only_form(const doc_encoding::Counted& name, std::string_view bytes) {
  if (name.width == 0) return false;
  if (static_cast<uint8_t>(bytes[0]) >= doc_encoding::kFirstUsual) return true;
  return doc_encoding::kUsualFields.find(name.content) < 0 &&
         name.width == doc_encoding::name_width(name.content, -1);
}

bool check_record(std::string_view payload, int depth) {
  Reader fields(payload);
  std::string_view previous;
  for (bool first = true; !fields.at_end(); first = false) {
    const auto name = doc_encoding::read_name(fields.rest());
    const bool good = in_only_form(name, fields.rest());
    const bool rising = first || previous < name.content;
    fields.raw(name.width);
    if (!good || !rising || !check_value(fields, depth)) return false;
    previous = name.content;
  }
  return fields.ok();
}

bool canonical_number(uint64_t bits) {
  const auto value = std::bit_cast<double>(bits);
  return std::isfinite(value) && !(value == 0 && std::signbit(value));
}

bool check_value(Reader& reader, int depth) {
  const auto type = static_cast<DocType>(reader.byte());
  if (!reader.ok()) return false;
  switch (type) {
    case DocType::null: return true;
    case DocType::boolean: return reader.byte() <= 1 && reader.ok();
    case DocType::integer:
    case DocType::instant: reader.zigzag(); return reader.ok();
    case DocType::date: {
      const int64_t days = reader.zigzag();
      return reader.ok() && days >= INT32_MIN && days <= INT32_MAX;
    }
    case DocType::number: return canonical_number(reader.fixed64()) && reader.ok();
    case DocType::text: reader.text(); return reader.ok();
    case DocType::money: reader.zigzag(); return Currency::parse(reader.raw(3)).ok();
    case DocType::list:
      return depth < kMaxDepth && check_list(reader.text(), depth + 1) && reader.ok();
    case DocType::record:
      return depth < kMaxDepth && check_record(reader.text(), depth + 1) && reader.ok();
  }
  return false;  // a type byte that no version wrote
}

}  // namespace

Result<Doc> Doc::from_bytes(std::string bytes) {
  Doc doc;
  const bool null = bytes.empty() || bytes == std::string_view("\0", 1);
  if (null) return doc;
  Reader reader(bytes);
  if (!check_value(reader, 0) || !reader.at_end()) {
    return Error{Code::store_corrupt, "stored data cannot be read", {}, {}};
  }
  doc.bytes_ = std::move(bytes);
  return doc;
}

}  // namespace relance
