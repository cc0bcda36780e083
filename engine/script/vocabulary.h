// Vocabulary: the C++ side of lua/prelude.lua. Words, steps, edges and the ledger as Lua values,
// and how to read them back.
//
// Words, steps, edges, the ledger and the spoilt value are userdata: no script can make or change
// one but by the vocabulary. Threads: as LuaState.
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
// Pushes the table of what stood in the braces of the word at `index`.
void push_fields_of_word(lua_State* lua, int index);

struct EdgeHead {
  Edge edge;
  int line = 0;
};
std::optional<EdgeHead> edge_at(LuaState& lua, int index);  // a step counts as a bare edge
bool ledger_at(LuaState& lua, int index);
bool spoilt_at(LuaState& lua, int index);
void push_spoilt(LuaState& lua);

}  // namespace relance
