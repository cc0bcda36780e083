// Proxies: `run` and what hangs on it, as functions of a flow see them. Thin: each read goes
// straight into the View or the event's bytes; nothing is copied before it is asked for. Read-only;
// of no use after the call they were made for.
//
//   run.event run.latest run.customer run.steps.NAME.outcome|data run.touches.last{...}|count{...}
//   run.said|promised|asked "word" (or .word)   run.now run.failures run.random
// Unknown fields of data are nil; an unknown field of `run` or an unknown step is an error with a
// hint. Threads: as LuaState.
#pragma once

#include <string_view>
#include <vector>

#include "base/doc.h"
#include "script/lua_state.h"

namespace relance {

Proxies open_proxies(LuaState& lua);

// A record becomes a proxy over `doc`, which must live as long as the call; a list a table of its
// own.
void push_data(LuaState& lua, DocView doc);

// The record behind a proxy at `index` of the stack; false: it is no proxy of data, or one of an
// earlier call. Raises nothing.
bool proxy_record(LuaState& lua, int index, DocView& record);

// What stands after `run.`: event, latest ...
std::vector<std::string> run_fields();

}  // namespace relance
