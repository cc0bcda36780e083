// Public holidays by place and year, as data (holidays.inc). A place is a country ("FR") or one of
// its regions ("FR-57"); a region keeps its country's holidays and its own.
//
// Threads: any; the table is read at first use and never changes. Blocks: never.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/zone.h"

namespace relance {

// The name of the holiday on that date; empty: none, or a place of which nothing is known.
std::string_view holiday_at(std::string_view place, Date date);

// Is there any holiday of this place or of its country in the table?
bool knows_holidays_of(std::string_view place);

// All places of the table, sorted.
std::vector<std::string> holiday_places();

}  // namespace relance
