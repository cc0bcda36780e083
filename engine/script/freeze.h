// Read-only tables. Libraries and environments are read-only from the start; the tables that a
// flow's functions can see outside of themselves become so when the file has run, because functions
// are pure: what one call writes, no other sees.
//
// Threads: as LuaState.
#pragma once

#include "script/lua_state.h"

namespace relance {

// Replaces the table on top of the stack by an empty one in front of it that cannot be written:
// `on_write` is its __newindex, without one an error.
void seal_table(LuaState& lua, int (*on_write)(lua_State*) = nullptr);

// Pushes the table behind a sealed one; false: it is none, nothing is pushed.
bool push_behind_seal(LuaState& lua, int index);

// Seals every table that the function, or a function it can call, holds as a variable outside of
// it. Fails with bad_value where tables and functions hold each other too deeply.
Status freeze(LuaState& lua, LuaFunction function);

}  // namespace relance
