// The text library of the sandbox: string functions that pay for their work, with our own patterns.
//
// Threads: as LuaState.
#pragma once

#include "script/lua_state.h"

namespace relance {

// Pushes the table `string`: byte char find format gmatch gsub len lower match rep reverse sub
// upper.
void push_text_library(LuaState& lua);

// Wraps the C function on top of the stack: it pays for the lengths of its texts and tables first.
void push_paid(LuaState& lua);

// What a function of a library may give at once: each value is copied wherever it is handed on.
inline constexpr int kMostValues = 250;
// The same for a function that gives as many values as its text is long.
void push_few(LuaState& lua);

// Is what lies at `index` an iterator of gmatch, which remembers how far it came?
bool is_text_iterator(lua_State* lua, int index);

}  // namespace relance
