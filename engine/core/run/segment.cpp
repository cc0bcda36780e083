#include "core/run/segment.h"

#include <algorithm>
#include <charconv>

#include "core/run/table.h"

namespace relance {
namespace {

// Clocks of other machines, and records that show late what was written before.
constexpr Duration kMargin = minutes(10);

bool is_fact(std::string_view column) { return column.starts_with(kFactsPrefix); }

std::optional<Duration> ago_of(DocView value) {
  const auto ms = value.find(kAgoField).integer();
  return ms ? std::optional(Duration{*ms}) : std::nullopt;
}

std::optional<Instant> instant_in(std::string_view text) {
  if (const auto date = parse_date(text)) return Zone::utc().instant(*date, TimeOfDay{});
  const auto at = parse_instant(text);
  return at ? std::optional(*at) : std::nullopt;
}

std::optional<double> number_in(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// The value as what it is compared with.
Doc alike(DocView value, DocView other) {
  const auto text = value.text();
  switch (other.type()) {
    case DocType::integer:
    case DocType::number:
      if (const auto number = text ? number_in(*text) : std::nullopt) return Doc::number(*number);
      break;
    case DocType::boolean:
      if (text && (*text == "true" || *text == "false")) return Doc::boolean(*text == "true");
      break;
    case DocType::instant:
      if (const auto date = value.date())
        return Doc::instant(Zone::utc().instant(*date, TimeOfDay{}));
      if (const auto at = text ? instant_in(*text) : std::nullopt) return Doc::instant(*at);
      break;
    case DocType::date:
      if (const auto date = parse_date(text.value_or("").substr(0, 10))) return Doc::date(*date);
      break;
    case DocType::text:
      if (value.integer()) return Doc::text(std::to_string(*value.integer()));
      break;
    default: break;
  }
  return Doc(value);
}

bool takes(const Cell& cell, DocView value) {
  if (cell.kind == Cell::Kind::any || value.is_null() || cell.values.empty())
    return cell.kind == Cell::Kind::any;
  const DocView other = cell.values.front();
  const auto fits = value.type() == other.type() ? cell_matches(cell, value)
                                                 : cell_matches(cell, alike(value, other));
  return fits && *fits;
}

Doc condition(const Cell& cell) {
  const Doc& first = cell.values.front();
  switch (cell.kind) {
    case Cell::Kind::any: return {};
    case Cell::Kind::one_of: return cell.values.size() == 1 ? first : Doc::list(cell.values);
    case Cell::Kind::at_least: return Doc::record({{"at_least", first}});
    case Cell::Kind::below: return Doc::record({{"below", first}});
    case Cell::Kind::between: break;
  }
  return Doc::record({{"at_least", first}, {"below", cell.values.back()}});
}

using Conditions = std::vector<std::pair<std::string, Doc>>;

Conditions conditions(const Segment& segment, const std::vector<Cell>& cells) {
  Conditions where;
  for (size_t i = 0; i < cells.size(); ++i)
    if (!is_fact(segment.columns[i]) && cells[i].kind != Cell::Kind::any)
      where.emplace_back(segment.columns[i], condition(cells[i]));
  return where;
}

// The bound below which values come into the cell as time passes; nullopt: it does not move.
std::optional<Duration> moving_bound(const Cell& cell) {
  const bool has = cell.kind == Cell::Kind::below || cell.kind == Cell::Kind::between;
  return has && !cell.values.empty() ? ago_of(cell.values.back()) : std::nullopt;
}

}  // namespace

Cell cell_at(const Cell& cell, Instant now) {
  Cell at = cell;
  for (Doc& value : at.values)
    if (const auto ago = ago_of(value)) value = Doc::instant(now - *ago);
  return at;
}

SegmentTest::SegmentTest(const Segment& segment, Instant now) : segment_(segment) {
  for (const Cell& cell : segment.cells) cells_.push_back(cell_at(cell, now));
}

bool SegmentTest::fits(DocView record, bool facts) const {
  for (size_t i = 0; i < cells_.size(); ++i) {
    std::string_view column = segment_.columns[i];
    if (is_fact(column) != facts) continue;
    if (facts) column.remove_prefix(kFactsPrefix.size());
    if (!takes(cells_[i], record.find_path(column))) return false;
  }
  return true;
}

bool SegmentTest::record_fits(DocView record) const { return fits(record, false); }
bool SegmentTest::facts_fit(DocView facts) const { return fits(facts, true); }

bool asks_facts(const Segment& segment) {
  return std::any_of(segment.columns.begin(), segment.columns.end(),
                     [](const std::string& column) { return is_fact(column); });
}

std::vector<Doc> segment_queries(const Segment& segment, Instant now, Instant since) {
  std::vector<Cell> cells;
  for (const Cell& cell : segment.cells) cells.push_back(cell_at(cell, now));
  Conditions where = conditions(segment, cells);
  const bool everyone =
      since == Instant::beginning() || segment.changed.empty() || asks_facts(segment);
  if (everyone) return {Doc::record(where)};
  const Instant from = since - kMargin;
  std::vector<Doc> queries;
  for (size_t i = 0; i < cells.size(); ++i) {
    const auto ago = moving_bound(segment.cells[i]);
    if (!ago) continue;
    std::vector<Cell> moved = cells;
    moved[i].kind = Cell::Kind::between;
    moved[i].values = {Doc::instant(from - *ago), Doc::instant(now - *ago)};
    queries.push_back(Doc::record(conditions(segment, moved)));
  }
  where.emplace_back(segment.changed, Doc::record({{"at_least", Doc::instant(from)}}));
  queries.push_back(Doc::record(where));
  return queries;
}

Doc example_of(const Cell& cell, Instant now) {
  const Cell at = cell_at(cell, now);
  if (at.values.empty()) return {};
  const DocView value = at.values.front();
  if (at.kind != Cell::Kind::below) return Doc(value);
  if (const auto instant = value.instant()) return Doc::instant(*instant - days(1));
  if (const auto date = value.date()) return Doc::date({date->days - 1});
  if (const auto money = value.money()) return Doc::money({money->minor - 1, money->currency});
  return Doc::number(value.number().value_or(0) - 1);
}

}  // namespace relance
