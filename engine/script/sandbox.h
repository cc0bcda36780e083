// The sandbox: what a file of the user's can reach, which is the vocabulary of its sheet and a few
// pure library functions, and the check of its chunk for names that are not among them.
//
// Library tables and environments are read-only. `pairs` goes in sorted order, `tostring` shows no
// addresses, text functions and patterns pay for their work (LuaState::charge): nothing depends on
// the machine, and nothing outruns the budget.
// Threads: as LuaState.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "script/load.h"

namespace relance {

struct Sandbox {
  std::array<LuaFunction, kSheets> words;         // the tables in which names are looked up
  std::array<LuaFunction, kSheets> environments;  // read-only, in front of them
};

// Builds the libraries, runs the prelude, makes one environment a sheet.
Sandbox open_sandbox(LuaState& lua);

// The names of a sheet, sorted.
std::vector<std::string> sheet_names(LuaState& lua, Sheet sheet);

// Reports every global of the function on top of the stack (and of those inside it) that its sheet
// does not know, and every assignment to a global or to a variable outside the function: functions
// are pure.
void check_names(LuaState& lua, Sheet sheet, const SourceFile& file, Findings& findings);

}  // namespace relance
