// Where the searches of flows that start by a segment stand.
//
// Threads: as the archive's.
#pragma once

#include "admin/archive.h"

namespace relance {

// The latest state of each flow's search, by name.
Result<std::map<std::string, Search>> searches_in(Archive& archive);

// flow, round, state (searching, waiting, troubled), began_at, looked_at, found, next_at, trouble.
std::string search_json(const Search& search);
std::string_view search_state(const Search& search);

}  // namespace relance
