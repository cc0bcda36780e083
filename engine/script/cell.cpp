#include "script/cell.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/graph/flow_start.h"

namespace relance {
namespace {

using Kind = Value::Kind;

bool is_bound(const Doc& doc) {
  const DocView view = doc;
  const DocType type = view.type();
  return type == DocType::integer || type == DocType::number || type == DocType::money ||
         type == DocType::instant || type == DocType::date || !view.find(kAgoField).is_null();
}

bool has_right_bounds(const Cell& cell) {
  const bool between = cell.kind == Cell::Kind::between;
  return std::all_of(cell.values.begin(), cell.values.end(), is_bound) && !cell.values.empty() &&
         (!between || (cell.values.size() == 2 &&
                       cell.values[0].view().type() == cell.values[1].view().type()));
}

std::optional<Cell::Kind> kind_of(const Value& value) {
  if (!value.is(Kind::word)) return Cell::Kind::one_of;
  if (value.text == "at_least") return Cell::Kind::at_least;
  if (value.text == "below") return Cell::Kind::below;
  if (value.text == "between") return Cell::Kind::between;
  return std::nullopt;
}

// Null: it is no value of a cell.
Doc value_of(const Value& item, bool relative) {
  const bool ago =
      relative && item.is_word("ago") && item.items.size() == 1 && item.items[0].is(Kind::duration);
  if (ago) return Doc::record({{kAgoField, Doc::integer(item.items[0].integer)}});
  if (item.is(Kind::word)) return {};
  auto doc = doc_of(item);
  return doc ? std::move(*doc) : Doc{};
}

}  // namespace

std::optional<Cell> read_cell(const Value& value, const Where& where, const std::string& column,
                              Findings& findings, bool relative) {
  const auto wrong = [&](Code code, std::string message, std::string hint = {}) {
    findings.error(where, code, std::move(message), std::move(hint));
    return std::nullopt;
  };
  if (value.is(Kind::spoilt)) return std::nullopt;
  const auto kind = kind_of(value);
  if (!kind) {
    return wrong(Code::wrong_type,
                 fmt::format("'{}' is no cell of column '{}'", value.text, column),
                 "a cell is a value, a list, at_least(x), below(x) or between(x, y)");
  }
  Cell cell;
  cell.kind = *kind;
  const std::vector<Value> alone = {value};
  for (const Value& item : value.is(Kind::table) || value.is(Kind::word) ? value.items : alone) {
    Doc one = value_of(item, relative);
    if (one.is_null()) {
      return wrong(Code::wrong_type,
                   fmt::format("{} is no value of column '{}'", describe(item), column));
    }
    cell.values.push_back(std::move(one));
  }
  if (cell.kind == Cell::Kind::one_of) {
    if (!cell.values.empty()) return cell;
    return wrong(Code::bad_value, fmt::format("a cell of column '{}' is empty", column));
  }
  if (has_right_bounds(cell)) return cell;
  return wrong(Code::wrong_type,
               fmt::format("the bounds of column '{}' must be numbers, money or times", column));
}

}  // namespace relance
