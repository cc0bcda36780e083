// A flow that starts by a segment searches for its customers: round after round, page after page.
//
// Where the search stands belongs to the flow's own actor, a customer whom nobody ever meets
// (subject "flow:NAME"), so it is kept, found again and replayed as every other state is.
//
//   SearchInput -> Page -> PageInput -> Enter -> [FoundInput at each customer] -> EnteredInput ->
//   ...
//
// The cursor moves only once everything that a page led to is durable; a page that is read again
// after a crash finds the same customers, and who was found in a round is not found again in it. A
// page that fails is asked for again, at the same cursor, later and later; the round waits, and
// what is wrong stands in the search (`relance segments`). The first round looks at everyone; later
// ones ask only for those who can have come into the segment since (run/segment.h).
#pragma once

#include "core/run/worker.h"

namespace relance {

// The subject of a flow's own actor.
std::string search_actor(std::string_view flow);

// --- at the flow's own actor
void go_on_searching(Worker& worker, const SearchInput& input);
void take_page(Worker& worker, const PageInput& input);
void take_entered(Worker& worker, const EnteredInput& input);

// --- at a customer whom a search found
void take_found(Worker& worker, const FoundInput& input);

}  // namespace relance
