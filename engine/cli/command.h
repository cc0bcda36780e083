// The frame of the command line: one file a command, each adds itself to the program. Shared here:
// where plugins lie, output for people or programs, exit codes, loading a bundle with all its
// errors.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>

#include "node/generation.h"

namespace relance::cli {

// 0 done, 1 the work found problems, 2 the call was wrong, 3 a store or plugin could not be opened,
// 4 finished but with rejected input.
enum Exit : int { kDone = 0, kProblems = 1, kWrongCall = 2, kCannotOpen = 3, kRejectedInput = 4 };

// What every command is given.
struct Program {
  CLI::App app{"Relance: rules and workflows for payment recovery and customer lifecycle",
               "relance"};
  std::string executable;  // its own path: shipped plugins lie beside it
  std::vector<std::string> plugin_directories;
  int exit = kDone;  // set by the command that ran
  std::unique_ptr<PluginLibrary> library() const;
};

// Adds a command: name, one line, an example for its --help, and what it does when it was called.
CLI::App* add_command(Program& program, const std::string& name, const std::string& summary,
                      const std::string& example);

// Loads a bundle; prints its findings on stderr (one a line). nullptr: it has errors, and
// program.exit is set.
std::shared_ptr<const Bundle> load(Program& program, PluginLibrary& library,
                                   const std::string& directory, bool sandbox);

void print_error(const Error& error);
void print_errors(const std::vector<Error>& errors);

// --store, else RELANCE_STORE, else relance.db
std::string store_url(const std::string& option);

// On a terminal, and without NO_COLOR.
bool colours();

using AddCommand = void (*)(Program&);
void add_run(Program& program);
void add_inspect(Program& program);  // status, runs, touches, journal, explain
void add_serve(Program& program);
void add_token(Program& program);
void add_settle(Program& program);  // of touches, so after add_inspect
void add_handoff(Program& program);
void add_pause(Program& program);
void add_customer(Program& program);  // export, erase, rectify, supplement, restrict
void add_resume(Program& program);
void add_reload(Program& program);  // reload, rollback
void add_generations(Program& program);
void add_migrate(Program& program);
void add_store(Program& program);  // check, info, backup, restore
void add_talk(Program& program);
void add_check(Program& program);
void add_audit(Program& program);
void add_report(Program& program);
void add_graph(Program& program);
void add_plugin(Program& program);  // list, inspect
void add_new(Program& program);     // bundle, flow
void add_meta(Program& program);
void add_test(Program& program);
void add_manual(Program& program);

}  // namespace relance::cli
