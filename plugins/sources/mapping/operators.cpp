#include "sources/mapping/operators.h"

#include <algorithm>
#include <charconv>

#include "kit/inbound.h"
#include "sources/mapping/clock.h"

namespace sources {
namespace {

constexpr rapidjson::SizeType kMostItems = 200;  // of a cart: an event holds 256 KiB

const Value& of(const Value& call, const char* name) { return call[name]; }

Value argument(const Value& call, const char* name, const Scope& scope) {
  const auto found = call.FindMember(name);
  return found == call.MemberEnd() ? Value() : evaluate(found->value, scope);
}

std::optional<std::string> text_argument(const Value& call, const char* name, const Scope& scope) {
  return text_of(argument(call, name, scope));
}

std::optional<int64_t> integer_of(const Value& value) {
  if (value.IsInt64()) return value.GetInt64();
  if (!value.IsString()) return std::nullopt;
  int64_t number = 0;
  const char* end = value.GetString() + value.GetStringLength();
  const auto [stop, error] = std::from_chars(value.GetString(), end, number);
  return error == std::errc{} && stop == end ? std::optional(number) : std::nullopt;
}

std::string small(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

// "eur" -> "EUR"; nullopt: three letters it is not.
std::optional<std::string> currency_of(const Value& call, const Scope& scope) {
  auto text = text_argument(call, "currency", scope);
  if (!text || text->size() != 3) return std::nullopt;
  for (char& c : *text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    if (c < 'A' || c > 'Z') return std::nullopt;
  }
  return text;
}

Value money(const char* name, Value amount, const std::string& currency, Pool& pool) {
  Value made(rapidjson::kObjectType);
  made.AddMember(Value(name, pool), amount, pool);
  made.AddMember("currency", text_value(currency, pool), pool);
  return made;
}

// "49.00" -> "49", so that a provider may write more zeros than the currency has digits.
std::optional<std::string> plain_decimal(std::string text) {
  const std::string_view digits = std::string_view(text).substr(text.starts_with('-') ? 1 : 0);
  const size_t point = digits.find('.');
  const bool only_digits =
      digits.find_first_not_of("0123456789.") == std::string_view::npos && !digits.empty();
  if (!only_digits || point == 0 || digits.find('.', point + 1) != std::string_view::npos)
    return std::nullopt;
  if (point == std::string_view::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

Value constant(const Value& call, const Scope& scope) {
  return Value(of(call, "constant"), *scope.pool);
}

Value header(const Value& call, const Scope& scope) {
  if (scope.request == nullptr) return Value();
  return text_value(kit::header(*scope.request, kit::view(of(call, "header"))), *scope.pool);
}

Value text(const Value& call, const Scope& scope) {
  const auto written = text_argument(call, "text", scope);
  return written ? text_value(*written, *scope.pool) : Value();
}

Value lower(const Value& call, const Scope& scope) {
  const auto written = text_argument(call, "lower", scope);
  return written ? text_value(small(*written), *scope.pool) : Value();
}

Value tail(const Value& call, const Scope& scope) {
  const auto written = text_argument(call, "tail", scope);
  return written
             ? text_value(std::string_view(*written).substr(written->rfind('/') + 1), *scope.pool)
             : Value();
}

Value number(const Value& call, const Scope& scope) {
  Value value = argument(call, "number", scope);
  if (value.IsNumber()) return value;
  const auto integer = integer_of(value);
  return integer ? Value(*integer) : Value();
}

Value minor(const Value& call, const Scope& scope) {
  const auto units = integer_of(argument(call, "minor", scope));
  const auto currency = currency_of(call, scope);
  return units && currency ? money("minor", Value(*units), *currency, *scope.pool) : Value();
}

Value amount(const Value& call, const Scope& scope) {
  const auto written = text_argument(call, "amount", scope);
  const auto decimal = written ? plain_decimal(*written) : std::nullopt;
  const auto currency = currency_of(call, scope);
  if (!decimal || !currency) return Value();
  return money("amount", text_value(*decimal, *scope.pool), *currency, *scope.pool);
}

Value instant(std::optional<Instant> at, const Scope& scope) {
  return at ? text_value(to_rfc3339(*at), *scope.pool) : Value();
}

Value unix_seconds(const Value& call, const Scope& scope) {
  const auto seconds = integer_of(argument(call, "unix", scope));
  return instant(seconds ? from_unix_seconds(*seconds) : std::nullopt, scope);
}

Value rfc3339(const Value& call, const Scope& scope) {
  const auto written = text_argument(call, "time", scope);
  return instant(written ? from_rfc3339(*written) : std::nullopt, scope);
}

Value utc(const Value& call, const Scope& scope) {
  const auto written = text_argument(call, "utc", scope);
  return instant(written ? from_rfc3339(*written, true) : std::nullopt, scope);
}

Value date(const Value& call, const Scope& scope) {
  const auto written = text_argument(call, "date", scope);
  if (!written || !begins_with_date(*written)) return Value();
  return text_value(written->substr(0, 10), *scope.pool);
}

Value map(const Value& call, const Scope& scope) {
  const auto key = text_argument(call, "map", scope);
  if (key) {
    const Value& to = of(call, "to");
    const auto found = to.FindMember(text_value(*key, *scope.pool));
    if (found != to.MemberEnd()) return Value(found->value, *scope.pool);
  }
  return argument(call, "otherwise", scope);
}

Value join(const Value& call, const Scope& scope) {
  const auto with = call.FindMember("with");
  std::string joined;
  bool first = true;
  for (const Value& part : of(call, "join").GetArray()) {
    const auto written = evaluate_text(part, scope);
    if (!written) return Value();
    if (!first && with != call.MemberEnd()) joined += kit::view(with->value);
    joined += *written;
    first = false;
  }
  return text_value(joined, *scope.pool);
}

Value fields_of(const Value& fields, const Scope& scope) {
  Value record(rapidjson::kObjectType);
  for (const auto& field : fields.GetObject()) {
    Value value = evaluate(field.value, scope);
    if (!value.IsNull()) record.AddMember(Value(field.name, *scope.pool), value, *scope.pool);
  }
  return record;
}

Value record(const Value& call, const Scope& scope) {
  Scope inside = scope;
  if (const auto in = call.FindMember("in"); in != call.MemberEnd())
    inside.payload = look_up(scope.payload, kit::view(in->value));
  return inside.payload == nullptr ? Value() : fields_of(of(call, "record"), inside);
}

Value each(const Value& call, const Scope& scope) {
  const Value list = argument(call, "each", scope);
  if (!list.IsArray()) return Value();
  Value items(rapidjson::kArrayType);
  for (const Value& element : list.GetArray()) {
    if (items.Size() == kMostItems) break;
    Scope inside = scope;
    inside.payload = &element;
    items.PushBack(fields_of(of(call, "item"), inside), *scope.pool);
  }
  return items;
}

// --- checks

bool names(std::string_view list, std::string_view name) {
  return (" " + std::string(list) + " ").find(" " + std::string(name) + " ") != std::string::npos;
}

void check_members(const Operator& self, const Value& call, const std::string& place,
                   std::string& problems) {
  for (const auto& member : call.GetObject()) {
    const std::string_view name = kit::view(member.name);
    if (name != self.name && !names(self.also, name) && !names(self.optional, name))
      problems += place + ": '" + std::string(self.name) + "' has no '" + std::string(name) + "'\n";
  }
  if (!self.also.empty() && !call.HasMember(std::string(self.also).c_str()))
    problems +=
        place + ": '" + std::string(self.name) + "' lacks '" + std::string(self.also) + "'\n";
}

void check_member(const Value& call, const char* name, const std::string& place,
                  std::string& problems) {
  const auto found = call.FindMember(name);
  if (found != call.MemberEnd()) check_expression(found->value, place + "." + name, problems);
}

// Of those whose arguments are all expressions.
void plain(const Operator& self, const Value& call, const std::string& place,
           std::string& problems) {
  check_members(self, call, place, problems);
  check_member(call, std::string(self.name).c_str(), place, problems);
  check_member(call, "currency", place, problems);
}

void literal(const Operator& self, const Value& call, const std::string& place,
             std::string& problems) {
  check_members(self, call, place, problems);
}

void check_header(const Operator& self, const Value& call, const std::string& place,
                  std::string& problems) {
  check_members(self, call, place, problems);
  if (!call["header"].IsString()) problems += place + ": 'header' wants a name\n";
}

void check_map(const Operator& self, const Value& call, const std::string& place,
               std::string& problems) {
  plain(self, call, place, problems);
  check_member(call, "otherwise", place, problems);
  if (call.HasMember("to") && !call["to"].IsObject())
    problems += place + ": 'to' wants names and what they become\n";
}

void check_join(const Operator& self, const Value& call, const std::string& place,
                std::string& problems) {
  plain(self, call, place, problems);
  if (!call["join"].IsArray()) problems += place + ": 'join' wants a list\n";
  if (call.HasMember("with") && !call["with"].IsString())
    problems += place + ": 'with' wants a text\n";
}

void check_fields(const Value& call, const char* name, const std::string& place,
                  std::string& problems) {
  const auto found = call.FindMember(name);
  if (found == call.MemberEnd()) return;
  if (!found->value.IsObject()) {
    problems += place + ": '" + name + "' wants names\n";
    return;
  }
  for (const auto& field : found->value.GetObject())
    check_expression(field.value, place + "." + field.name.GetString(), problems);
}

void check_each(const Operator& self, const Value& call, const std::string& place,
                std::string& problems) {
  plain(self, call, place, problems);
  check_fields(call, "item", place, problems);
}

void check_record(const Operator& self, const Value& call, const std::string& place,
                  std::string& problems) {
  check_members(self, call, place, problems);
  if (call.HasMember("in") && !is_path(call["in"])) problems += place + ": 'in' wants a path\n";
  check_fields(call, "record", place, problems);
}

constexpr Operator kOperators[] = {
    {"constant", constant, literal, "", ""},
    {"header", header, check_header, "", ""},
    {"text", text, plain, "", ""},
    {"lower", lower, plain, "", ""},
    {"tail", tail, plain, "", ""},
    {"number", number, plain, "", ""},
    {"minor", minor, plain, "currency", ""},
    {"amount", amount, plain, "currency", ""},
    {"unix", unix_seconds, plain, "", ""},
    {"time", rfc3339, plain, "", ""},
    {"utc", utc, plain, "", ""},
    {"date", date, plain, "", ""},
    {"map", map, check_map, "to", "otherwise"},
    {"join", join, check_join, "", "with"},
    {"each", each, check_each, "item", ""},
    {"record", record, check_record, "", "in"},
};

}  // namespace

const Operator* operator_of(const Value& call) {
  for (const Operator& one : kOperators) {
    if (kit::member(&call, one.name) != nullptr) return &one;
  }
  return nullptr;
}

std::optional<std::string> text_of(const Value& value) {
  if (value.IsString())
    return value.GetStringLength() == 0 ? std::nullopt
                                        : std::optional(std::string(kit::view(value)));
  if (value.IsBool()) return value.GetBool() ? "true" : "false";
  if (!value.IsNumber()) return std::nullopt;
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value.Accept(writer);
  return std::string(buffer.GetString(), buffer.GetSize());
}

Value text_value(std::string_view text, Pool& pool) {
  if (text.empty()) return Value();
  return Value(text.data(), static_cast<rapidjson::SizeType>(text.size()), pool);
}

}  // namespace sources
