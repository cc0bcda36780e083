// What `pause` and `resume` share: whom they ask (the engine that runs, or the
// store at rest), and what a pause names.
#pragma once

#include "cli/operator.h"
#include "node/store_at_rest.h"

namespace relance::cli {

struct PausingOptions {
  OperatorOptions by;
  std::string flow, channel, segment;
  bool off = false, sandbox = false, virtual_clock = false;
  int64_t number = 0;
  std::string release;
  bool dry_run = false;
};
void add_scope_options(CLI::App& command, PausingOptions& options);
bool names_a_pause(const PausingOptions& options);

// `pause` or `resume`, as serve/pause_desk.h answers it; nullopt: refused,
// which was printed, and `exit` is set.
std::optional<Doc> ask_about_pauses(Program& program, const PausingOptions& options,
                                    const std::string& command, int& exit);

// Of an answer to `resume`, for people.
void print_held(DocView told);

}  // namespace relance::cli
