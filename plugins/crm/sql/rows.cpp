#include "rows.h"

#include <charconv>
#include <cmath>

#include "kit/utf8.h"

namespace sql {
namespace {

constexpr std::string_view kJson = ":json";

std::string json_of(const kit::Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

Value bound(const kit::Value& value) {
  if (value.IsString()) return {Value::Kind::text, std::string(kit::view(value))};
  if (value.IsBool()) return {Value::Kind::boolean, value.GetBool() ? "true" : "false"};
  const auto kind = value.IsInt64()    ? Value::Kind::integer
                    : value.IsNumber() ? Value::Kind::number
                                       : Value::Kind::text;
  return {kind, json_of(value)};
}

void add_json(kit::Object& record, std::string_view name, const std::string& text) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
  if (!document.HasParseError() && !document.IsNull()) record.raw(name, text);
}

void add(kit::Object& record, std::string_view name, const Value& value) {
  const char* begin = value.text.data();
  const char* end = begin + value.text.size();
  int64_t integer = 0;
  double number = 0;
  if (value.kind == Value::Kind::boolean) {
    record.boolean(name, value.text == "true");
  } else if (value.kind == Value::Kind::integer &&
             std::from_chars(begin, end, integer).ec == std::errc{}) {
    record.integer(name, integer);
  } else if (value.kind == Value::Kind::number &&
             std::from_chars(begin, end, number).ec == std::errc{} && std::isfinite(number)) {
    record.number(name, number);
  } else {
    record.text(name, kit::as_utf8(value.text));  // SQLite keeps any bytes as text
  }
}

}  // namespace

std::vector<Value> values_for(const Statement& statement, const kit::Value* scope,
                              std::string& problem) {
  std::vector<Value> values;
  for (const std::string& name : statement.names) {
    const bool condition = name.starts_with("query.");
    const kit::Value* found = kit::find(scope, name);
    if (condition && found != nullptr && (found->IsObject() || found->IsArray())) found = nullptr;
    if (found == nullptr && !condition) problem = "'" + name + "' is missing";
    values.push_back(found == nullptr ? Value() : bound(*found));
    if (values.back().text.find('\0') != std::string::npos) problem = "'" + name + "' is no text";
  }
  return values;
}

std::string record_of(const Rows& rows, size_t row) {
  kit::Object record;
  for (size_t i = 0; i < rows.columns.size(); ++i) {
    const Value& value = rows.rows[row][i];
    std::string_view name = rows.columns[i];
    if (value.kind == Value::Kind::null || value.text.empty()) continue;
    if (name.ends_with(kJson)) {
      name.remove_suffix(kJson.size());
      add_json(record, name, value.text);
    } else {
      add(record, name, value);
    }
  }
  return record.close();
}

std::string column(const Rows& rows, size_t row, std::string_view name) {
  for (size_t i = 0; i < rows.columns.size(); ++i) {
    if (rows.columns[i] == name) return rows.rows[row][i].text;
  }
  return {};
}

}  // namespace sql
