#include "script/decision_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "script/cell.h"

namespace relance {
namespace {

using Kind = Value::Kind;

constexpr size_t kMostColumns = 32;  // as core/run/table.cpp has room for

class TableReader {
 public:
  TableReader(Compilation& compilation, const Fields& fields, DecideStep& body)
      : compilation_(compilation), fields_(fields), body_(body) {}

  bool read() {
    read_columns();
    const std::string hit = fields_.text("hit");
    body_.first_hit = hit == "first";
    if (!hit.empty()) fields_.known("hit", hit, {"first", "unique"}, Code::bad_value, "hit");
    const Value* rows = fields_.get("rows");
    if (rows == nullptr) {
      if (!fields_.written("rows")) {
        fields_.findings().error(fields_.place().at(), Code::missing_field,
                                 fmt::format("{} lacks 'rows'", fields_.what()));
      }
      return false;
    }
    for (size_t i = 0; i < rows->items.size(); ++i) read_row(rows->items[i], i + 1);
    return sound_;
  }

 private:
  void read_columns() {
    const Value& by = *fields_.get("by");
    if (!by.is(Kind::table) || !by.items.empty() || by.fields.empty()) {
      fields_.error("by", Code::wrong_type,
                    fmt::format("'by' of {} must be a table of columns or a function, not {}",
                                fields_.what(), describe(by)),
                    "by = { action = \"event.decline.action\" }");
      sound_ = false;
      return;
    }
    if (by.fields.size() > kMostColumns) {
      wrong(fields_.place().at("by"), Code::bad_value,
            fmt::format("a table has at most {} columns", kMostColumns));
      return;
    }
    const Place columns = fields_.place().inside("by");
    for (const auto& [column, path] : by.fields) {
      if (!path.is(Kind::text)) {
        compilation_.findings.error(
            columns.at(column), Code::wrong_type,
            fmt::format("column '{}' must be a path such as \"event.amount\"", column));
        sound_ = false;
        continue;
      }
      body_.columns.push_back(column);
      body_.paths.push_back(path.text);
      compilation_.use_path(path.text, columns.at(column));
    }
  }

  void wrong(const Where& where, Code code, std::string message, std::string hint = {}) {
    compilation_.findings.error(where, code, std::move(message), std::move(hint));
    sound_ = false;
  }

  void read_row(const Value& value, size_t number) {
    const Place place = fields_.place().inside("rows").inside(std::to_string(number));
    if (value.is(Kind::spoilt)) {
      sound_ = false;
      return;
    }
    if (!value.is(Kind::table) || !value.items.empty()) {
      return wrong(place.at(), Code::wrong_type,
                   fmt::format("row {} must be a table of columns and an outcome", number));
    }
    TableRow row;
    row.line = place.at().line;
    row.cells.resize(body_.columns.size());
    std::vector<std::pair<std::string, Doc>> data;
    for (const auto& [name, cell] : value.fields) {
      const auto column = std::find(body_.columns.begin(), body_.columns.end(), name);
      if (name == "outcome") {
        row.outcome = cell.is(Kind::text) ? cell.text : "";
      } else if (column != body_.columns.end()) {
        row.cells[static_cast<size_t>(column - body_.columns.begin())] =
            cell_of(cell, place.at(name), name);
      } else if (const auto doc = doc_of(cell); doc.ok()) {
        data.emplace_back(name, *doc);
        warn_near_column(name, place.at(name));
      } else {
        wrong(place.at(name), doc.error().code,
              fmt::format("'{}' of row {}: {}", name, number, doc.error().message));
      }
    }
    if (row.outcome.empty())
      wrong(place.at(), Code::missing_field, fmt::format("row {} lacks 'outcome'", number));
    if (!data.empty()) row.data = Doc::record(data);
    body_.rows.push_back(std::move(row));
  }

  // A free column is data of the row; a slip in a column's name would be silent.
  void warn_near_column(const std::string& name, const Where& where) {
    const std::string near = did_you_mean(name, body_.columns);
    if (near.empty()) return;
    compilation_.findings.warning(where, Code::unknown_field,
                                  fmt::format("'{}' is no column of this table", name), near);
  }

  Cell cell_of(const Value& value, const Where& where, const std::string& column) {
    const auto cell = read_cell(value, where, column, compilation_.findings);
    sound_ = sound_ && cell.has_value();
    return cell.value_or(Cell{});
  }

  Compilation& compilation_;
  const Fields& fields_;
  DecideStep& body_;
  bool sound_ = true;
};

}  // namespace

bool read_table(Compilation& compilation, const Fields& fields, DecideStep& body) {
  if (!TableReader(compilation, fields, body).read()) return false;
  check_table(body, fields.what(), fields.place().at(), compilation.findings);
  return true;
}

}  // namespace relance
