// relance plugin new: a vendor's project that builds outside the tree, passes `relance plugin
// check` and runs in a bundle of its own.
//
// The files lie in engine/cli/plugin_new/; in them @ID@, @NAME@ and the like stand for what was
// asked for. Nothing is written where the folder is there already.
#pragma once

#include <span>
#include <string_view>

#include "cli/command.h"

namespace relance::cli {

// Adds `new` to the command `plugin`.
void add_plugin_new(CLI::App& plugin, Program& program);

// One file of engine/cli/plugin_new/, by its path there.
struct StarterFile {
  std::string_view path, text;
};
std::span<const StarterFile> starter_files();

}  // namespace relance::cli
