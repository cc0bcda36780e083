#include "script/compilation.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace relance {
namespace {

using Kind = Value::Kind;

constexpr std::array<Field, 2> kEventFields = {{
    {"type", Shape::text, true, "an event of the catalogue"},
    {"where", Shape::function, false, "function(e): true for the events that count"},
}};
constexpr std::array<Field, 4> kBeforeFields = {{
    {"path", Shape::text, true, "a field that holds a moment, such as event.pickup_at"},
    {"days", Shape::integer, false, "calendar days before it, in the customer's zone"},
    {"at", Shape::time_of_day, false, "the time of that day"},
    {"offset", Shape::duration, false, "a span before it"},
}};

std::vector<std::string> names_of(const std::map<std::string, std::string>& map) {
  std::vector<std::string> names;
  for (const auto& [name, kind] : map) names.push_back(name);
  return names;
}

}  // namespace

FunctionRef Compilation::function(const Value& value, std::vector<std::string> event_types) {
  if (!value.is(Kind::function)) return {};
  const FunctionRef ref{static_cast<uint16_t>(build.functions.size())};
  build.functions.push_back(value.function);
  build.flow.function_lines.push_back(value.line);
  function_uses.push_back({value.function, current, std::move(event_types)});
  return ref;
}

void Compilation::use_path(std::string path, const Where& where, bool moment) {
  path_uses.push_back({std::move(path), current, where, moment});
}

FunctionRef Compilation::function(const Fields& fields, std::string_view name) {
  const Value* value = fields.get(name);
  return value == nullptr ? FunctionRef{} : function(*value);
}

DataSource Compilation::data(const Fields& fields, std::string_view name) {
  const Value* value = fields.get(name);
  if (value == nullptr) return {};
  if (value->is(Kind::function)) return {function(*value), {}};
  return {{}, fields.record(name)};
}

EventPattern Compilation::event(const Value& word) {
  const Place place{&file, word.line, {}};
  const Fields fields(word, kEventFields, "event", place, findings);
  EventPattern pattern{fields.text("type"), {}};
  if (context.events->find(pattern.type) == nullptr) {
    incomplete = true;
    findings.error(place.at(), Code::unknown_event,
                   fmt::format("there is no event '{}'", pattern.type),
                   did_you_mean(pattern.type, context.events->names()));
  }
  if (const Value* where = fields.get("where")) pattern.where = function(*where, {pattern.type});
  return pattern;
}

std::vector<EventPattern> Compilation::events(const Fields& fields, std::string_view name) {
  const Value* value = fields.get(name);
  if (value == nullptr) return {};
  if (value->is_word("event")) return {event(*value)};
  std::vector<EventPattern> patterns;
  for (const Value& item : value->items) {
    if (item.is_word("event")) patterns.push_back(event(item));
  }
  return patterns;
}

SendTime Compilation::send_time(const Fields& fields, std::string_view name) {
  const Value* value = fields.get(name);
  if (value == nullptr) return {};
  if (value->is(Kind::text) && value->text.find('.') != std::string::npos) {
    use_path(value->text, fields.place().at(name));
    return {std::nullopt, "", value->text};
  }
  if (value->is(Kind::text)) return {fields.time_of_day(name), "", ""};
  return {std::nullopt, named_policy(fields, name, *value), ""};
}

std::optional<FieldMoment> Compilation::moment(const Fields& fields, std::string_view name) {
  const Value* value = fields.get(name);
  if (value == nullptr || !(value->is_word("before") || value->is_word("since")))
    return std::nullopt;
  const Place place{&file, value->line, {}};
  const Fields parts(*value, kBeforeFields, fmt::format("'{}'", value->text), place, findings);
  FieldMoment moment;
  moment.kind = value->is_word("before") ? FieldMoment::Kind::before : FieldMoment::Kind::since;
  moment.path = parts.text("path");
  moment.calendar_days = parts.whole("days", 0, 0, 366);
  moment.at = parts.time_of_day("at");
  if (parts.has("offset")) moment.offset = parts.duration("offset").value_or(Duration{});
  const bool on_a_day = moment.calendar_days > 0 || moment.at;
  if (moment.kind == FieldMoment::Kind::since && (on_a_day || !parts.has("offset"))) {
    findings.error(place.at(), Code::bad_value, "'since' wants a duration",
                   "since \"event.time\" (minutes(60))");
  }
  if (on_a_day && !moment.at) {
    findings.error(place.at(), Code::missing_field, "'before' with days lacks 'at'",
                   "before \"event.x\" { days = 1, at = \"10:00\" }");
  }
  if (!moment.path.empty()) use_path(moment.path, place.at(), true);
  return moment;
}

std::string Compilation::path(const Fields& fields, std::string_view name) {
  std::string path = fields.text(name);
  const bool of_event = path.find('.') == std::string::npos;
  if (!path.empty()) use_path(of_event ? "event." + path : path, fields.place().at(name));
  return path;
}

void Compilation::check_words(const Fields& fields, std::string_view name,
                              const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    const bool taken = word == "otherwise" || word == "skipped" || word == "unreached";
    const bool plain =
        !word.empty() && word[0] >= 'a' && word[0] <= 'z' &&
        word.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
    if (plain && !taken) continue;
    fields.error(
        name, Code::bad_value, fmt::format("'{}' cannot be an outcome", word),
        taken ? "the word has a meaning of its own" : "words are lower-case letters, digits and _");
  }
}

std::string Compilation::channel(const Fields& fields, std::string_view name) {
  const std::string word = fields.text(name);
  if (word.empty()) return "";
  return fields.known(name, word, names_of(context.channels), Code::unknown_channel, "channel")
             ? word
             : "";
}

std::string Compilation::connector(const Fields& fields, std::string_view name) {
  const std::string word = fields.text(name);
  if (word.empty()) return "";
  return fields.known(name, word, context.connectors, Code::unknown_connector, "connector") ? word
                                                                                            : "";
}

std::string Compilation::named_policy(const Fields& fields, std::string_view name,
                                      const Value& value) {
  const Value* named = value.is(Kind::text) ? &value : value.find("name");
  if (named == nullptr) return "";
  return fields.known(name, named->text, context.policies, Code::unknown_policy, "policy")
             ? named->text
             : "";
}

std::string Compilation::policy(const Fields& fields, std::string_view name) {
  const Value* value = fields.get(name);
  if (value == nullptr) return "";
  if (value->is(Kind::text) || value->is_word("policy")) return named_policy(fields, name, *value);
  fields.error(name, Code::wrong_type,
               fmt::format("'{}' of {} must be policy \"name\", not {}", name, fields.what(),
                           describe(*value)));
  return "";
}

std::string Compilation::queue(const Fields& fields, std::string_view name) {
  const std::string word = fields.text(name);
  if (word.empty()) return "";
  return fields.known(name, word, context.queues, Code::unknown_queue, "queue") ? word : "";
}

std::string Compilation::template_of(const Fields& fields, std::string_view name,
                                     const std::string& channel_kind) {
  const std::string word = fields.text(name);
  if (word.empty() || context.templates == nullptr) return word;
  const std::vector<std::string> names = context.templates->names(channel_kind);
  if (std::find(names.begin(), names.end(), word) != names.end()) return word;
  const std::string near = did_you_mean(word, names);
  fields.error(name, Code::unknown_template,
               fmt::format("there is no template '{}' for {}", word, channel_kind),
               near.empty() ? fmt::format("it stands in templates/{}.{}.LANGUAGE.mustache", word,
                                          channel_kind)
                            : near);
  return word;
}

}  // namespace relance
