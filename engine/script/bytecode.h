// Bytecode: what a compiled Lua function reads and writes, without running it: globals, variables
// outside of it, and the paths it follows from its first parameter.
//
// Reads the output of lua_dump of the one Lua this program is built with (5.4; asserted).
// Threads: as LuaState.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "script/lua_state.h"

namespace relance {

struct NameUse {
  std::string name;
  int line = 0;
  bool operator==(const NameUse&) const = default;
};

struct ChunkFacts {
  std::vector<NameUse> reads, writes;  // globals
  // Variables of the chunk that a function inside it assigns: it would remember from call to call.
  std::vector<NameUse> remembered;
};

// Of the function on top of the stack and of all inside it.
ChunkFacts facts_of_chunk(LuaState& lua);

// The first variable outside of the function on top of the stack that it, or a function inside it,
// assigns.
std::optional<NameUse> first_remembered(LuaState& lua);

// `run.steps.call.data.reason` is the path "steps.call.data.reason"; its beginnings are reads too.
struct PathRead {
  std::string path;
  int line = 0;
  bool tested = false;  // its value is tested at once (and, or, if): its absence is thought of
};

// What a function reads of its first parameter, in order of its code.
std::vector<PathRead> paths_read(LuaState& lua, LuaFunction function);

}  // namespace relance
