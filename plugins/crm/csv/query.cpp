#include "query.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>

namespace csv {
namespace {

std::optional<double> number_in(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Days since 1970 of a text that begins with 2026-01-05.
std::optional<int64_t> day_in(std::string_view text) {
  int year = 0;
  unsigned month = 0, day = 0;
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto digits = [&](size_t at, size_t count, auto& number) {
    const char* end = text.data() + at + count;
    return std::from_chars(text.data() + at, end, number).ptr == end;
  };
  if (!digits(0, 4, year) || !digits(5, 2, month) || !digits(8, 2, day)) return std::nullopt;
  const auto date = std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day);
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count();
}

// One value, as a text of the file would have it; nullopt: it has no such form.
std::optional<std::string> written(const kit::Value& value) {
  if (value.IsString()) return std::string(kit::view(value));
  if (value.IsBool()) return value.GetBool() ? "true" : "false";
  return std::nullopt;
}

bool is(const kit::Value& value, const std::string& field) {
  if (value.IsNumber()) return number_in(field) == value.GetDouble();
  const auto text = written(value);
  return !text || *text == field;
}

enum class Side : uint8_t { at_least, below };

bool is_within(const kit::Value& bound, Side side, const std::string& field) {
  if (bound.IsNumber()) {
    const auto number = number_in(field);
    if (!number) return false;
    return side == Side::at_least ? *number >= bound.GetDouble() : *number < bound.GetDouble();
  }
  const auto limit = bound.IsString() ? day_in(kit::view(bound)) : std::nullopt;
  if (!limit) return true;
  const auto day = day_in(field);
  if (!day) return false;
  return side == Side::at_least ? *day >= *limit - 1 : *day <= *limit + 1;
}

}  // namespace

Query::Test Query::test_of(const kit::Value& condition) {
  if (condition.IsArray()) {
    return [&condition](const std::string& field) {
      return std::any_of(condition.Begin(), condition.End(),
                         [&](const kit::Value& one) { return is(one, field); });
    };
  }
  if (!condition.IsObject())
    return [&condition](const std::string& field) { return is(condition, field); };
  const kit::Value* from = kit::member(&condition, "at_least");
  const kit::Value* to = kit::member(&condition, "below");
  return [from, to](const std::string& field) {
    return (from == nullptr || is_within(*from, Side::at_least, field)) &&
           (to == nullptr || is_within(*to, Side::below, field));
  };
}

Query::Query(const kit::Value& query, const std::vector<std::string>& columns) {
  for (const auto& [name, condition] : query.GetObject()) {
    const auto at = std::find(columns.begin(), columns.end(), kit::view(name));
    if (at == columns.end())
      throw std::invalid_argument("there is no column '" + std::string(kit::view(name)) + "'");
    tests_.emplace_back(static_cast<size_t>(at - columns.begin()), test_of(condition));
  }
}

bool Query::matches(const std::vector<std::string>& row) const {
  return std::all_of(tests_.begin(), tests_.end(), [&](const auto& test) {
    const std::string& field = row[test.first];
    return !field.empty() && test.second(field);
  });
}

}  // namespace csv
