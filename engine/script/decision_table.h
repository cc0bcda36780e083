// Decision tables: `decide { by = { action = "event.decline.action" }, rows = { ... } }` read and
// checked.
//
// Threads: one.
#pragma once

#include "script/compilation.h"

namespace relance {

// Fills columns, paths, rows and first_hit of `body`. False: rows were wrong, so its outcomes
// cannot be known. What is wrong is reported, the checks of check_table among it.
bool read_table(Compilation& compilation, const Fields& fields, DecideStep& body);

// Says for every case which rows match, exactly for texts, numbers, money and times (a finite
// number of intervals a column). Reports a case that no row takes (E0117, where there is no
// `otherwise`), two rows for one case (E0118, unless hit is "first"), and rows that never decide
// anything (E0119).
void check_table(const DecideStep& table, const std::string& what, const Where& where,
                 Findings& findings);

}  // namespace relance
