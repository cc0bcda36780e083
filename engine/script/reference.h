// The reference page of the language and the editor's annotations, made from the field registry, so
// that neither can say other than the checks.
//
// Threads: any.
#pragma once

#include <string>

namespace relance {

// docs/reference/flow-kinds.md.
std::string flow_kinds_page();

// A LuaLS file (---@meta) with the vocabulary of flows and scripts: what `relance meta` writes.
std::string meta_files();

}  // namespace relance
