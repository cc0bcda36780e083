// Evaluating a decision table: rows over the values of its columns.
#pragma once

#include "base/result.h"
#include "core/run/view.h"

namespace relance {

struct TableHit {
  const TableRow* row = nullptr;  // nullptr: no row matches
};

// The first row of which every cell matches. A cell whose column is null matches only `any`. Fails
// with currency_mismatch where a money cell has no bound in the value's currency, and with
// unknown_path.
Result<TableHit> evaluate_table(const DecideStep& table, const View& view);

// One cell against one value; public for the loader's overlap checks and for segment filters.
Result<bool> cell_matches(const Cell& cell, DocView value);

}  // namespace relance
