// relance plugin check: judges a plugin by the rules of the contract (plugins/check/rules.h).
#pragma once

#include "cli/command.h"

namespace relance::cli {

// Adds `check` to the command `plugin`, and the hidden `judge`, which is its child's.
void add_plugin_check(CLI::App& plugin, Program& program);

}  // namespace relance::cli
