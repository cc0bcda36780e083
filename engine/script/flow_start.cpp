#include "script/flow_start.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "core/run/kept_facts.h"
#include "script/cell.h"

namespace relance {
namespace {

using Kind = Value::Kind;

constexpr Duration kShortest = minutes(1), kLongest = days(3650);
constexpr int kMostPace = 1'000'000;

constexpr std::array<Field, 2> kAbsenceFields = {{
    {"type", Shape::text, true, "an event of the catalogue"},
    {"after", Shape::duration, true, "how long it must not have come"},
}};
constexpr std::array<Field, 5> kSegmentFields = {{
    {"from", Shape::text, true, "\"crm\""},
    {"where", Shape::record, true,
     "{ field = cell }, as in a decision table; \"facts.NAME\": what the engine keeps itself"},
    {"changed", Shape::text, false,
     "the field that tells when a record was changed: later searches look at those only"},
    {"every", Shape::duration, false, "from the beginning of one search to the next (1 day)"},
    {"pace", Shape::integer, false, "touches a minute; without it as the channels let them go"},
}};

Duration span_within(const Fields& fields, std::string_view name, Duration otherwise) {
  const Duration span = fields.duration(name).value_or(otherwise);
  if (span >= kShortest && span <= kLongest) return span;
  fields.error(name, Code::bad_value,
               fmt::format("'{}' must lie between a minute and ten years", name));
  return otherwise;
}

void read_absence(Compilation& compilation, const Value& value) {
  const Place place{&compilation.file, value.line, {}};
  const Fields fields(value, kAbsenceFields, "absence_of", place, compilation.findings);
  Absence absence{fields.text("type"), span_within(fields, "after", days(90))};
  const EventCatalogue& events = *compilation.context.events;
  if (!absence.type.empty() && events.find(absence.type) == nullptr) {
    compilation.incomplete = true;
    compilation.findings.error(place.at(), Code::unknown_event,
                               fmt::format("there is no event '{}'", absence.type),
                               did_you_mean(absence.type, events.names()));
  }
  compilation.build.flow.absence = std::move(absence);
}

// "facts.last_order_at" must be one; of a CRM's fields only its connector knows.
void check_column(const std::string& column, const Where& where, Findings& findings) {
  if (!column.starts_with(kFactsPrefix)) return;
  const std::string name = column.substr(kFactsPrefix.size());
  std::vector<std::string> names;
  for (const FactField& fact : fact_fields()) names.emplace_back(fact.name);
  if (std::find(names.begin(), names.end(), name) != names.end()) return;
  findings.error(where, Code::unknown_path, fmt::format("there is no fact '{}'", name),
                 did_you_mean(name, names));
}

void read_segment(Compilation& compilation, const Value& value) {
  const Place place{&compilation.file, value.line, {}};
  const Fields fields(value, kSegmentFields, "segment", place, compilation.findings);
  Segment segment;
  segment.from = compilation.connector(fields, "from");
  if (!segment.from.empty() && segment.from != "crm") {
    fields.error("from", Code::bad_value, "a segment is searched in the crm",
                 "it is read again just before a touch leaves, as the customer's profile is");
  }
  segment.line = value.line;
  segment.changed = fields.text("changed");
  segment.every = span_within(fields, "every", days(1));
  segment.pace = fields.whole("pace", 0, 1, kMostPace);
  const Value* where = fields.get("where");
  const Place columns = place.inside("where");
  for (const auto& [column, cell] : where ? where->fields : decltype(value.fields){}) {
    check_column(column, columns.at(column), compilation.findings);
    auto read = read_cell(cell, columns.at(column), column, compilation.findings, true);
    if (!read) continue;
    segment.columns.push_back(column);
    segment.cells.push_back(std::move(*read));
  }
  if (where && where->fields.empty())
    fields.error("where", Code::bad_value, "'where' holds no cell", "where = { country = \"FR\" }");
  compilation.build.flow.segment = std::move(segment);
}

}  // namespace

std::span<const Field> segment_fields() { return kSegmentFields; }

void read_start(Compilation& compilation, const Fields& header) {
  const Value* value = header.get("start");
  if (value == nullptr) return;
  if (value->is_word("absence_of")) return read_absence(compilation, *value);
  if (value->is_word("segment")) return read_segment(compilation, *value);
  compilation.build.flow.start = compilation.events(header, "start");
}

std::map<std::string, FieldType> fields_at_start(const Flow& flow, const EventCatalogue& events) {
  std::map<std::string, FieldType> fields;
  std::vector<std::string> types;
  for (const EventPattern& start : flow.start) types.push_back(start.type);
  if (flow.absence) types.push_back(flow.absence->type);
  for (const std::string& name : types) {
    const EventType* type = events.find(name);
    if (type == nullptr) return {};
    fields.insert(type->fields.begin(), type->fields.end());
  }
  if (flow.absence) fields.emplace(kSinceField, FieldType::instant);
  if (flow.segment) fields.emplace(kRoundField, FieldType::number);
  if (!fields.empty()) fields.emplace("time", FieldType::instant);
  return fields;
}

}  // namespace relance
