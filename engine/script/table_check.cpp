// check_table of decision_table.h. Each column falls into finitely many cases: the values its cells
// name, the intervals between its bounds, and anything else (a missing field among it). Rows are
// followed through the columns as sets, so the cost is that of the different sets, not of the
// product of the cases.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "base/text.h"
#include "script/decision_table.h"

namespace relance {
namespace {

using Bound = long double;         // holds every int64 and every double
using Rows = std::vector<size_t>;  // ascending

constexpr Bound kInfinite = std::numeric_limits<Bound>::infinity();
constexpr size_t kMostWork = 5'000'000;  // values looked at

// Values that have an order among themselves: numbers, money of one currency, instants, dates.
// Empty: none.
std::string class_of(DocView value) {
  switch (value.type()) {
    case DocType::integer:
    case DocType::number: return "number";
    case DocType::money: return fmt::format("money {}", value.money()->currency.text());
    case DocType::instant: return "instant";
    case DocType::date: return "date";
    default: return "";
  }
}

Bound bound_of(DocView value) {
  if (const auto integer = value.integer()) return static_cast<Bound>(*integer);
  if (const auto number = value.number()) return static_cast<Bound>(*number);
  if (const auto money = value.money()) return static_cast<Bound>(money->minor);
  if (const auto instant = value.instant()) return static_cast<Bound>(instant->ms);
  return static_cast<Bound>(value.date()->days);
}

// One case of a column: a value, an open interval or a point of a class, or anything else.
struct Case {
  std::string value;       // encoded; of values without order
  std::string class_name;  // of intervals and points
  Bound from = 0, to = 0;  // a point: equal; else both are outside
  std::string text;

  bool is_point() const { return from == to; }
  bool is_rest() const { return value.empty() && class_name.empty(); }
};

class Column {
 public:
  Column(const DecideStep& table, size_t index) {
    std::map<std::string, std::map<Bound, std::string>> bounds;  // class -> bound -> how it reads
    std::set<std::string> values;
    for (const TableRow& row : table.rows) {
      for (const Doc& value : row.cells[index].values) {
        const std::string name = class_of(value);
        if (name.empty())
          values.insert(value.bytes());
        else
          bounds[name][bound_of(value)] = text_of(value);
      }
    }
    for (const std::string& value : values)
      cases.push_back({value, "", 0, 0, text_of(DocView(value))});
    for (const auto& [name, points] : bounds) add_intervals(name, points);
    cases.push_back({"", "", 0, 0, "anything else"});
  }

  std::vector<Case> cases;

 private:
  static std::string text_of(DocView value) {
    if (const auto text = value.text()) return fmt::format("'{}'", *text);
    if (const auto money = value.money()) return money->text();
    return to_json(value);
  }

  void add_intervals(const std::string& name, const std::map<Bound, std::string>& points) {
    Bound before = -kInfinite;
    std::string before_text;
    for (const auto& [point, text] : points) {
      const bool whole = name != "number";
      if (!whole || point - before > 1) {
        const std::string between = before_text.empty()
                                        ? fmt::format("below {}", text)
                                        : fmt::format("between {} and {}", before_text, text);
        cases.push_back({"", name, before, point, between});
      }
      cases.push_back({"", name, point, point, text});
      before = point;
      before_text = text;
    }
    cases.push_back({"", name, before, kInfinite, fmt::format("above {}", before_text)});
  }
};

// The bounds of the case's class in a cell: first and, of between, second.
std::optional<std::pair<Bound, Bound>> bounds_for(const Cell& cell, const Case& one) {
  const size_t stride = cell.kind == Cell::Kind::between ? 2 : 1;
  for (size_t i = 0; i + stride <= cell.values.size(); i += stride) {
    if (class_of(cell.values[i]) == one.class_name)
      return {{bound_of(cell.values[i]), bound_of(cell.values[i + stride - 1])}};
  }
  return std::nullopt;
}

bool takes(const Cell& cell, const Case& one) {
  if (cell.kind == Cell::Kind::any) return true;
  if (one.is_rest()) return false;
  if (cell.kind == Cell::Kind::one_of) {
    return std::any_of(cell.values.begin(), cell.values.end(), [&](const Doc& value) {
      if (one.class_name.empty()) return value.bytes() == one.value;
      return one.is_point() && class_of(value) == one.class_name && bound_of(value) == one.from;
    });
  }
  const auto bounds = bounds_for(cell, one);
  if (!bounds) return false;
  const bool reaches = one.from >= bounds->first;
  const auto is_below = [&](Bound bound) {
    return one.is_point() ? one.from < bound : one.to <= bound;
  };
  if (cell.kind == Cell::Kind::at_least) return reaches;
  if (cell.kind == Cell::Kind::below) return is_below(bounds->first);
  return reaches && is_below(bounds->second);
}

class TableCheck {
 public:
  TableCheck(const DecideStep& table, const std::string& what, const Where& where,
             Findings& findings)
      : table_(table),
        what_(what),
        where_(where),
        findings_(findings),
        decides_(table.rows.size(), false) {
    for (size_t i = 0; i < table.columns.size(); ++i) columns_.emplace_back(table, i);
  }

  void run() {
    Rows all;
    for (size_t i = 0; i < table_.rows.size(); ++i) all.push_back(i);
    follow(0, all);
    if (work_ > kMostWork) return;  // too many to be exact
    for (size_t i = 0; i < decides_.size(); ++i) {
      if (!decides_[i]) report_dead(i);
    }
  }

 private:
  void follow(size_t column, const Rows& rows) {
    if (work_ > kMostWork || !seen_.emplace(column, rows).second) return;
    if (rows.empty()) return report_gap();
    if (column == columns_.size()) return settle(rows);
    for (const Case& one : columns_[column].cases) {
      if (work_ > kMostWork) return;
      Rows left;
      for (const size_t row : rows) {
        work_ += 1 + table_.rows[row].cells[column].values.size();
        if (takes(table_.rows[row].cells[column], one)) left.push_back(row);
      }
      way_.push_back(&one);
      follow(column + 1, left);
      way_.pop_back();
    }
  }

  void settle(const Rows& rows) {
    decides_[rows[0]] = true;
    if (table_.first_hit) return;
    for (const size_t row : rows) decides_[row] = true;
    for (size_t i = 1; i < rows.size(); ++i) report_overlap(rows[0], rows[i]);
  }

  // "action = 'retry_now' and amount = below 49.00 EUR"
  std::string case_text() const {
    std::vector<std::string> parts;
    for (size_t i = 0; i < way_.size(); ++i)
      parts.push_back(fmt::format("{} = {}", table_.columns[i], way_[i]->text));
    return parts.empty() ? "any case" : join(parts, " and ");
  }

  void report_gap() {
    if (!table_.otherwise.empty() || gap_) return;
    gap_ = true;
    findings_.error(where_, Code::table_gap,
                    fmt::format("no row of {} takes {}", what_, case_text()),
                    "add a row, or otherwise = \"word\"");
  }

  void report_overlap(size_t first, size_t second) {
    if (!overlaps_.emplace(first, second).second) return;
    findings_.error(
        {where_.file, table_.rows[second].line}, Code::table_overlap,
        fmt::format("rows {} and {} of {} both take {}", first + 1, second + 1, what_, case_text()),
        "say hit = \"first\" if the order of the rows shall decide");
  }

  void report_dead(size_t row) {
    findings_.error(
        {where_.file, table_.rows[row].line}, Code::table_dead_row,
        fmt::format("row {} of {} never decides anything", row + 1, what_),
        table_.first_hit ? "the rows before it take all of its cases" : "no value fits its cells");
  }

  const DecideStep& table_;
  const std::string& what_;
  const Where& where_;
  Findings& findings_;
  std::vector<Column> columns_;
  std::vector<const Case*> way_;
  std::set<std::pair<size_t, Rows>> seen_;
  std::set<std::pair<size_t, size_t>> overlaps_;
  std::vector<bool> decides_;
  bool gap_ = false;
  size_t work_ = 0;
};

}  // namespace

void check_table(const DecideStep& table, const std::string& what, const Where& where,
                 Findings& findings) {
  TableCheck(table, what, where, findings).run();
}

}  // namespace relance
