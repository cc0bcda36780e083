// The ledger: `f` of a flow and `s` of a script. Assigning a field writes a step down; reading one
// gives the step, and its fields are its outcomes, as edges. Everything is handed to the StepSink
// of the file being loaded.
//
// Threads: as LuaState.
#pragma once

#include "script/lua_state.h"
#include "script/vocabulary.h"

namespace relance {

void open_ledger(LuaState& lua);

// begin("flow", name, header) -> ledger; ignore { edges }. Called by the prelude.
int begin_ledger(lua_State* lua);
int ignore_edges(lua_State* lua);

// Reports at the user's line that runs; outside of loading it ends the call.
void report_slip(LuaState& lua, Code code, std::string message, std::string hint);

}  // namespace relance
