#include "core/graph/flow_json_doc.h"

#include <cmath>

namespace relance {
namespace {

using rapidjson::Value;
using Memory = rapidjson::MemoryPoolAllocator<>;

constexpr int kDeepest = 32;  // the limit of Doc

Value text_value(std::string_view text, Memory& memory) {
  return Value(text.data(), static_cast<rapidjson::SizeType>(text.size()), memory);
}

std::string_view text_of(const Value& value) {
  return {value.GetString(), value.GetStringLength()};
}

Value tagged(const char* tag, std::string_view text, Memory& memory) {
  Value out(rapidjson::kObjectType);
  out.AddMember(rapidjson::StringRef(tag), text_value(text, memory), memory);
  return out;
}

Value number_value(double number, Memory& memory) {
  if (std::isfinite(number)) return Value(number);
  return tagged("$number", std::isnan(number) ? "nan" : number > 0 ? "inf" : "-inf", memory);
}

Value money_value(const Money& money, Memory& memory) {
  Value out(rapidjson::kObjectType);
  out.AddMember("$minor", Value(money.minor), memory);
  out.AddMember("currency", text_value(money.currency.text(), memory), memory);
  return out;
}

Value list_value(DocView view, Memory& memory) {
  Value out(rapidjson::kArrayType);
  for (auto [key, item] : view.items()) out.PushBack(doc_to_value(item, memory), memory);
  return out;
}

Value record_value(DocView view, Memory& memory) {
  Value out(rapidjson::kObjectType);
  for (auto [key, item] : view.items()) {
    std::string name(key);
    if (name.starts_with('$')) name.insert(0, 1, '$');
    out.AddMember(text_value(name, memory), doc_to_value(item, memory), memory);
  }
  return out;
}

template <class T, class Make>
std::optional<Doc> made(const Result<T>& parsed, Make make) {
  if (!parsed.ok()) return std::nullopt;
  return make(*parsed);
}

std::optional<Doc> number_from(std::string_view text) {
  if (text == "nan") return Doc::number(std::nan(""));
  if (text == "inf") return Doc::number(HUGE_VAL);
  if (text == "-inf") return Doc::number(-HUGE_VAL);
  return std::nullopt;
}

std::optional<Doc> money_from(const Value& value) {
  const auto minor = value.FindMember("$minor"), currency = value.FindMember("currency");
  if (value.MemberCount() != 2 || currency == value.MemberEnd()) return std::nullopt;
  if (!minor->value.IsInt64() || !currency->value.IsString()) return std::nullopt;
  return made(Currency::parse(text_of(currency->value)), [&](Currency unit) {
    return Doc::money({minor->value.GetInt64(), unit});
  });
}

bool is_tagged(const Value& value) {
  if (value.MemberCount() == 0) return false;
  const std::string_view first = text_of(value.MemberBegin()->name);
  return first.starts_with('$') && !first.starts_with("$$");
}

std::optional<Doc> tagged_from(const Value& value) {
  const auto first = value.MemberBegin();
  const std::string_view tag = text_of(first->name);
  if (tag == "$minor") return money_from(value);
  if (value.MemberCount() != 1 || !first->value.IsString()) return std::nullopt;
  const std::string_view text = text_of(first->value);
  if (tag == "$instant") return made(parse_instant(text), Doc::instant);
  if (tag == "$date") return made(parse_date(text), Doc::date);
  return tag == "$number" ? number_from(text) : std::nullopt;
}

std::optional<Doc> record_from(const Value& value, int depth) {
  if (is_tagged(value)) return tagged_from(value);
  std::vector<std::pair<std::string, Doc>> fields;
  for (const auto& member : value.GetObject()) {
    auto item = doc_from_value(member.value, depth + 1);
    if (!item) return std::nullopt;
    std::string_view name = text_of(member.name);
    if (name.starts_with('$')) name.remove_prefix(1);
    fields.emplace_back(name, std::move(*item));
  }
  return Doc::record(fields);
}

std::optional<Doc> list_from(const Value& value, int depth) {
  std::vector<Doc> items;
  for (const Value& entry : value.GetArray()) {
    auto item = doc_from_value(entry, depth + 1);
    if (!item) return std::nullopt;
    items.push_back(std::move(*item));
  }
  return Doc::list(items);
}

}  // namespace

Value doc_to_value(DocView view, Memory& memory) {
  switch (view.type()) {
    case DocType::null: break;
    case DocType::boolean: return Value(*view.boolean());
    case DocType::integer: return Value(*view.integer());
    case DocType::number: return number_value(*view.number(), memory);
    case DocType::text: return text_value(*view.text(), memory);
    case DocType::money: return money_value(*view.money(), memory);
    case DocType::instant: return tagged("$instant", format_instant(*view.instant()), memory);
    case DocType::date: return tagged("$date", format_date(*view.date()), memory);
    case DocType::list: return list_value(view, memory);
    case DocType::record: return record_value(view, memory);
  }
  return Value();
}

std::optional<Doc> doc_from_value(const Value& value, int depth) {
  if (depth > kDeepest) return std::nullopt;
  switch (value.GetType()) {
    case rapidjson::kNullType: return Doc();
    case rapidjson::kFalseType: return Doc::boolean(false);
    case rapidjson::kTrueType: return Doc::boolean(true);
    case rapidjson::kStringType: return Doc::text(text_of(value));
    case rapidjson::kArrayType: return list_from(value, depth);
    case rapidjson::kObjectType: return record_from(value, depth);
    case rapidjson::kNumberType: break;
  }
  if (value.IsInt64()) return Doc::integer(value.GetInt64());
  return value.IsDouble() ? std::optional(Doc::number(value.GetDouble())) : std::nullopt;
}

}  // namespace relance
