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

}  // namespace relance
