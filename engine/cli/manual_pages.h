// Manual pages and shell completion, made from the commands' own descriptions, so that they say
// what --help says.
//
// Threads: any. Pure.
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <string>

namespace relance::cli {

// Pages of section 1, by file name: relance.1, and one for each command (relance-run.1).
std::map<std::string, std::string> manual_pages(const CLI::App& program,
                                                const std::string& version);

// A script that bash reads: it completes commands and their options, and file names.
std::string bash_completion(const CLI::App& program);

}  // namespace relance::cli
