// Cells, of decision tables and of segments: a value, a list, at_least(x), below(x), between(x, y).
//
// Threads: one.
#pragma once

#include <optional>

#include "core/graph/step.h"
#include "script/fields.h"

namespace relance {

// nullopt: what is wrong was reported. `relative`: bounds may count back from now,
// below(ago(days(90))); they stand in the cell as a record {ago_ms}.
std::optional<Cell> read_cell(const Value& value, const Where& where, const std::string& column,
                              Findings& findings, bool relative = false);

}  // namespace relance
