#include "core/run/table.h"

#include <array>

namespace relance {
namespace {

Error mismatch(const Money& value) {
  return {Code::currency_mismatch,
          "no bound is given for an amount in " + std::string(value.currency.text()),
          {},
          "add one: at_least { eur \"199\", usd \"199\" }"};
}

bool same(DocView a, DocView b) {
  if (a == b) return true;
  const auto x = a.number();
  const auto y = b.number();
  return x && y && *x == *y;
}

// The ordering of `value` to `bound`; nullopt where they cannot be ordered.
std::optional<int> order(DocView value, DocView bound) {
  if (auto x = value.number(), y = bound.number(); x && y) return *x < *y ? -1 : *x > *y;
  if (auto x = value.instant(), y = bound.instant(); x && y) return *x < *y ? -1 : *x > *y;
  if (auto x = value.date(), y = bound.date(); x && y) return *x < *y ? -1 : *x > *y;
  if (auto x = value.money(), y = bound.money(); x && y && x->currency == y->currency)
    return x->minor < y->minor ? -1 : x->minor > y->minor;
  return std::nullopt;
}

// The bounds of a money cell stand once per currency: `at_least { eur "199", usd "199" }`. `stride`
// values make one bound.
Result<size_t> bound_for(const Cell& cell, DocView value, size_t stride) {
  const auto money = value.money();
  for (size_t i = 0; i + stride <= cell.values.size(); i += stride) {
    const auto bound = cell.values[i].view().money();
    if (!money || (bound && bound->currency == money->currency)) return i;
  }
  if (money) return mismatch(*money);
  return size_t{0};
}

// The cell lists amounts, and none in the value's currency.
bool only_other_currencies(const Cell& cell, DocView value) {
  const auto money = value.money();
  bool amounts = false;
  for (const Doc& one : cell.values) {
    const auto amount = one.view().money();
    if (money && amount && amount->currency == money->currency) return false;
    amounts |= amount.has_value();
  }
  return money && amounts;
}

}  // namespace

Result<bool> cell_matches(const Cell& cell, DocView value) {
  if (cell.kind == Cell::Kind::any) return true;
  if (value.is_null()) return false;
  if (cell.kind == Cell::Kind::one_of) {
    for (const Doc& one : cell.values)
      if (same(value, one.view())) return true;
    if (only_other_currencies(cell, value)) return mismatch(*value.money());
    return false;
  }
  const bool range = cell.kind == Cell::Kind::between;
  const auto at = bound_for(cell, value, range ? 2 : 1);
  if (!at) return at.error();
  if (*at >= cell.values.size()) return false;
  const auto low = order(value, cell.values[*at].view());
  if (!low) return false;
  if (cell.kind == Cell::Kind::at_least) return *low >= 0;
  if (cell.kind == Cell::Kind::below) return *low < 0;
  const auto high = order(value, cell.values[*at + 1].view());
  return *low >= 0 && high && *high < 0;
}

Result<TableHit> evaluate_table(const DecideStep& table, const View& view) {
  constexpr size_t kMost = 32;
  std::array<DocView, kMost> values;
  RELANCE_ASSERT(table.paths.size() <= kMost);
  for (size_t i = 0; i < table.paths.size(); ++i) {
    const auto [value, possible] = view.find(table.paths[i]);
    if (!possible)
      return Error{Code::unknown_path,
                   "there is no '" + table.paths[i] + "'",
                   {},
                   "paths begin with event, customer, steps"};
    values[i] = value;
  }
  for (const TableRow& row : table.rows) {
    bool hit = true;
    for (size_t i = 0; hit && i < row.cells.size(); ++i) {
      const auto matches = cell_matches(row.cells[i], values[i]);
      if (!matches) return matches.error();
      hit = *matches;
    }
    if (hit) return TableHit{&row};
  }
  return TableHit{};
}

}  // namespace relance
