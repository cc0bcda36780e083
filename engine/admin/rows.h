// Rows of the casebook and of a run's journal as JSON, in the shapes of docs/reference/cli.md.
#pragma once

#include "admin/casebook.h"

namespace relance {

std::string run_json(const RunRow& row);
std::string touch_json(const TouchRow& row, const Archive& archive);

// One line a record of a run: {at, run, step, what, facts, generation}.
Result<std::vector<std::string>> journal_of(Archive& archive, const Key& run);

}  // namespace relance
