// Vocabulary: the C++ side of lua/prelude.lua. Words, steps, edges and the ledger as Lua values,
// and how to read them back.
//
// A word is a table with a metatable of ours; step, edge, ledger and the spoilt value are userdata.
// No script can make one but by the vocabulary. Threads: as LuaState.
#pragma once

#include <optional>
#include <string>

#include "core/graph/step.h"
#include "script/lua_state.h"

namespace relance {

// Pushes the table `native` that the prelude is called with; the sandbox adds its libraries to it.
void push_native(LuaState& lua);

struct WordHead {
  std::string name;
  int line = 0;
};
std::optional<WordHead> word_at(LuaState& lua, int index);
// Field names that hold a word's own parts begin with this byte.
inline constexpr char kOwnPart = '\0';

struct EdgeHead {
  Edge edge;
  int line = 0;
};
std::optional<EdgeHead> edge_at(LuaState& lua, int index);  // a step counts as a bare edge
bool ledger_at(LuaState& lua, int index);
bool spoilt_at(LuaState& lua, int index);
void push_spoilt(LuaState& lua);

}  // namespace relance
