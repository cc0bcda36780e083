#include "script/fields.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace relance {
namespace {

using Kind = Value::Kind;

struct ShapeWords {
  Shape shape;
  std::string_view name, type;
};

constexpr std::array<ShapeWords, 20> kShapes = {{
    {Shape::any, "a value", "any"},
    {Shape::text, "a text", "string"},
    {Shape::texts, "a list of texts", "string|string[]"},
    {Shape::integer, "a whole number", "integer"},
    {Shape::boolean, "true or false", "boolean"},
    {Shape::duration, "a duration, such as hours(2)", "relance.duration"},
    {Shape::time_of_day, "a time of day, such as \"09:00\"", "string"},
    {Shape::function, "a function", "function"},
    {Shape::record, "a table of fields", "table<string, any>"},
    {Shape::table, "a table", "table"},
    {Shape::money, "money, such as eur \"49.00\"", "relance.money"},
    {Shape::number, "a number", "number"},
    {Shape::events, "an event, or any { event ... }", "relance.events"},
    {Shape::start,
     "an event, any { event ... }, absence_of \"event\" (days(90)) or segment { ... }",
     "relance.events"},
    {Shape::after, "an edge, any { ... }, all { ... } or ended { ... }", "relance.after"},
    {Shape::data, "a function of the run, or a table of fields", "relance.data"},
    {Shape::step, "a step", "relance.step"},
    {Shape::send_time,
     "a time of day, such as \"18:30\", a path to one, such as \"steps.plan.data.at\", or policy "
     "\"name\"",
     "string|relance.policy"},
    {Shape::moment, "before \"event.field\" { ... } or since \"event.field\" (minutes(60))",
     "relance.moment"},
    {Shape::when_length, "a duration, before \"event.field\" { ... } or until_local \"09:00\"",
     "relance.duration|relance.moment"},
}};

bool all_texts(const Value& value) {
  const auto is_text = [](const Value& item) {
    return item.is(Kind::text) || item.is(Kind::spoilt);
  };
  return value.is(Kind::table) && value.fields.empty() &&
         std::all_of(value.items.begin(), value.items.end(), is_text);
}

bool is_record(const Value& value) { return value.is(Kind::table) && value.items.empty(); }

bool is_events(const Value& value) {
  if (value.is_word("event")) return true;
  const auto fits = [](const Value& item) {
    return item.is_word("event") || item.is(Kind::spoilt);
  };
  return value.is_word("any") && !value.items.empty() &&
         std::all_of(value.items.begin(), value.items.end(), fits);
}

bool is_after(const Value& value) {
  return value.is(Kind::step) || value.is(Kind::edge) || value.is_word("any") ||
         value.is_word("all") || value.is_word("ended");
}

bool is_time(const Value& value) {
  return value.is(Kind::text) && parse_time_of_day(value.text).ok();
}

bool fits(Shape shape, const Value& value) {
  switch (shape) {
    case Shape::any: return true;
    case Shape::text: return value.is(Kind::text);
    case Shape::texts: return value.is(Kind::text) || all_texts(value);
    case Shape::integer: return value.is(Kind::integer);
    case Shape::number: return value.is(Kind::integer) || value.is(Kind::number);
    case Shape::boolean: return value.is(Kind::boolean);
    case Shape::duration: return value.is(Kind::duration);
    case Shape::time_of_day: return is_time(value);
    case Shape::function: return value.is(Kind::function);
    case Shape::record: return is_record(value);
    case Shape::table: return value.is(Kind::table);
    case Shape::money: return value.is(Kind::money);
    case Shape::events: return is_events(value);
    case Shape::start:
      return is_events(value) || value.is_word("absence_of") || value.is_word("segment");
    case Shape::after: return is_after(value);
    case Shape::data: return value.is(Kind::function) || is_record(value);
    case Shape::step: return value.is(Kind::step);
    case Shape::send_time:
      return is_time(value) || value.is_word("policy") ||
             (value.is(Kind::text) && value.text.find('.') != std::string::npos);
    case Shape::moment: return value.is_word("before") || value.is_word("since");
    case Shape::when_length:
      return value.is(Kind::duration) || value.is_word("before") || value.is_word("until_local");
  }
  return false;
}

const ShapeWords& words_of(Shape shape) {
  return *std::find_if(kShapes.begin(), kShapes.end(),
                       [&](const ShapeWords& one) { return one.shape == shape; });
}

bool is_item(std::string_view name) { return !name.empty() && name[0] >= '0' && name[0] <= '9'; }

std::string called(std::string_view name) {
  return is_item(name) ? "the first item" : fmt::format("'{}'", name);
}

}  // namespace

std::string_view shape_name(Shape shape) { return words_of(shape).name; }
std::string_view shape_type(Shape shape) { return words_of(shape).type; }

Fields::Fields(const Value& table, std::span<const Field> known, std::string what, Place place,
               Findings& findings)
    : table_(&table),
      known_(known),
      what_(std::move(what)),
      place_(std::move(place)),
      findings_(&findings) {
  std::vector<std::string> names;
  size_t items = 0;
  for (const Field& field : known_) {
    if (is_item(field.name))
      ++items;
    else
      names.emplace_back(field.name);
  }
  for (const auto& [name, value] : table.fields) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    const std::string near = did_you_mean(name, names);
    error(name, Code::unknown_field, fmt::format("{} has no field '{}'", what_, name),
          near.empty() ? fmt::format("it has {}", join(names, ", ")) : near);
  }
  for (size_t i = items; i < table.items.size(); ++i) {
    if (table.items[i].is(Kind::spoilt)) continue;
    error(std::to_string(i + 1), Code::unknown_field,
          fmt::format("{} has no place for {} without a name", what_, describe(table.items[i])),
          "write name = value");
  }
  for (const Field& field : known_) {
    const Value* value = raw(field.name);
    if (value != nullptr)
      check_shape(field, *value);
    else if (field.required) {
      findings.error(place_.at(), Code::missing_field,
                     fmt::format("{} lacks {}", what_, called(field.name)),
                     fmt::format("it is {}: {}", shape_name(field.shape), field.help));
    }
  }
}

void Fields::check_shape(const Field& field, const Value& value) {
  if (value.is(Kind::spoilt)) {
    wrong_.push_back(field.name);
  } else if (!fits(field.shape, value)) {
    wrong_.push_back(field.name);
    error(field.name, Code::wrong_type,
          fmt::format("{} of {} must be {}, not {}", called(field.name), what_,
                      shape_name(field.shape), describe(value)));
  }
}

const Value* Fields::raw(std::string_view name) const {
  if (!is_item(name)) return table_->find(name);
  const size_t at = static_cast<size_t>(name[0] - '1');
  return at < table_->items.size() ? &table_->items[at] : nullptr;
}

bool Fields::written(std::string_view name) const { return raw(name) != nullptr; }

const Value* Fields::get(std::string_view name) const {
  if (std::find(wrong_.begin(), wrong_.end(), name) != wrong_.end()) return nullptr;
  return raw(name);
}

std::string Fields::text(std::string_view name) const {
  const Value* value = get(name);
  return value == nullptr ? "" : value->text;
}

std::vector<std::string> Fields::texts(std::string_view name) const {
  const Value* value = get(name);
  if (value == nullptr) return {};
  if (value->is(Kind::text)) return {value->text};
  std::vector<std::string> texts;
  for (const Value& item : value->items) {
    if (item.is(Kind::text)) texts.push_back(item.text);
  }
  return texts;
}

std::optional<int64_t> Fields::integer(std::string_view name) const {
  const Value* value = get(name);
  return value == nullptr ? std::nullopt : std::optional(value->integer);
}

bool Fields::boolean(std::string_view name, bool otherwise) const {
  const Value* value = get(name);
  return value == nullptr ? otherwise : value->boolean;
}

std::optional<Duration> Fields::duration(std::string_view name) const {
  const Value* value = get(name);
  if (value == nullptr) return std::nullopt;
  if (value->integer > 0) return Duration{value->integer};
  error(name, Code::bad_value,
        fmt::format("{} of {} must be longer than nothing", called(name), what_));
  return std::nullopt;
}

std::optional<TimeOfDay> Fields::time_of_day(std::string_view name) const {
  const Value* value = get(name);
  return value == nullptr ? std::nullopt : std::optional(*parse_time_of_day(value->text));
}

Doc Fields::record(std::string_view name) const {
  const Value* value = get(name);
  if (value == nullptr) return {};
  Result<Doc> doc = doc_of(*value);
  if (doc.ok()) return std::move(*doc);
  error(name, doc.error().code,
        fmt::format("{} of {}: {}", called(name), what_, doc.error().message));
  return {};
}

int Fields::whole(std::string_view name, int otherwise, int least, int most) const {
  const auto given = integer(name);
  if (!given) return otherwise;
  if (*given >= least && *given <= most) return static_cast<int>(*given);
  error(name, Code::bad_value,
        fmt::format("{} of {} must lie from {} to {}", called(name), what_, least, most));
  return otherwise;
}

void Fields::error(std::string_view name, Code code, std::string message, std::string hint) const {
  findings_->error(place_.at(name), code, std::move(message), std::move(hint));
}

void Fields::warning(std::string_view name, Code code, std::string message,
                     std::string hint) const {
  findings_->warning(place_.at(name), code, std::move(message), std::move(hint));
}

bool Fields::known(std::string_view name, std::string_view word,
                   const std::vector<std::string>& candidates, Code code,
                   std::string_view noun) const {
  if (std::find(candidates.begin(), candidates.end(), word) != candidates.end()) return true;
  error(name, code, fmt::format("there is no {} '{}'", noun, word), did_you_mean(word, candidates));
  return false;
}

}  // namespace relance
