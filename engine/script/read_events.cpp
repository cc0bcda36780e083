#include "script/read_events.h"

#include "base/text.h"
#include "script/returned_place.h"

namespace relance {
namespace {

const std::vector<std::string> kAbout = {"customer", "touch"};

std::vector<std::string> type_names() {
  std::vector<std::string> names;
  for (int i = 0; i <= static_cast<int>(FieldType::record); ++i) {
    names.emplace_back(field_type_name(static_cast<FieldType>(i)));
  }
  return names;
}

// Lower-case words, joined by dots: "loyalty.level_reached".
bool is_event_name(std::string_view name) {
  for (std::string_view part : split(name, '.')) {
    const bool word =
        part.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
    if (part.empty() || !word) return false;
  }
  return name.find('.') != std::string_view::npos;
}

void read_about(const Value& value, const Where& where, EventType& type, Findings& findings) {
  const bool fits = value.is(Value::Kind::text) &&
                    std::find(kAbout.begin(), kAbout.end(), value.text) != kAbout.end();
  if (fits) {
    type.about = value.text;
    return;
  }
  findings.error(
      where, Code::bad_event_catalogue,
      "'about' of event '" + type.name + "' is \"customer\" or \"touch\", not " + describe(value),
      value.is(Value::Kind::text) ? did_you_mean(value.text, kAbout) : std::string());
}

void read_field(const std::string& name, const Value& value, const Where& where, EventType& type,
                Findings& findings) {
  FieldType field{};
  if (value.is(Value::Kind::word) && field_type_from(value.text, field)) {
    type.fields[name] = field;
    return;
  }
  std::string hint;
  if (value.is(Value::Kind::text)) {
    hint = field_type_from(value.text, field) ? "write " + value.text + " without quotes"
                                              : did_you_mean(value.text, type_names());
  }
  findings.error(where, Code::bad_event_catalogue,
                 "field '" + name + "' of event '" + type.name + "' wants a type (" +
                     join(type_names(), ", ") + "), not " + describe(value),
                 std::move(hint));
}

void read_type(const std::string& name, const Value& value, const Place& all,
               EventCatalogue& catalogue, Findings& findings) {
  if (value.is(Value::Kind::spoilt)) return;
  const Where where = all.at(name);
  if (!is_event_name(name)) {
    findings.error(where, Code::bad_event_catalogue, "'" + name + "' is not the name of an event",
                   "write lower-case words with a dot: \"loyalty.reached\"");
    return;
  }
  if (name.starts_with("relance.")) {
    findings.error(where, Code::bad_event_catalogue, "'" + name + "' belongs to Relance itself",
                   "choose another name");
    return;
  }
  if (!value.is(Value::Kind::table) || !value.items.empty()) {
    findings.error(where, Code::bad_event_catalogue,
                   "event '" + name + "' wants a table of fields, not " + describe(value),
                   "for example { order_id = text, amount = money }");
    return;
  }
  EventType type;
  type.name = name;
  const Place inside = all.inside(name);
  for (const auto& [field, said] : value.fields) {
    if (said.is(Value::Kind::spoilt)) continue;
    if (field == "about") {
      read_about(said, inside.at(field), type, findings);
    } else {
      read_field(field, said, inside.at(field), type, findings);
    }
  }
  catalogue.add(std::move(type));
}

}  // namespace

void read_events(const Value& returned, const SourceFile& file, EventCatalogue& catalogue,
                 Findings& findings) {
  if (returned.is(Value::Kind::spoilt)) return;
  if (!returned.is_word("events")) {
    findings.error({file.path, 0}, Code::bad_event_catalogue,
                   "this file returns " + describe(returned) + ", not an event catalogue",
                   "end it with return events { ... }");
    return;
  }
  const Place all = returned_place(returned, file);
  for (const auto& [name, value] : returned.fields)
    read_type(name, value, all, catalogue, findings);
}

}  // namespace relance
