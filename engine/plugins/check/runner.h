// Runs the rules, each in a child: this program again, with a hidden command. A child that crashes,
// hangs or ends early fails its own rule and no other.
//
//   parent                         child (judge)
//   run_check                      maps the plugin, makes a Bench, runs one rule
//     fork, exec  ------------->   "doing" lines, then one line with the outcome, on a pipe
//     time limit, SIGKILL
//
// Threads: one. Blocks: run_check until every rule is judged.
#pragma once

#include <string>
#include <vector>

#include "plugins/check/report.h"

namespace relance::conformance {

// What is checked.
struct Subject {
  std::string plugin;  // path of the .so
  std::string config;  // file with the configuration as JSON; empty: {}
  std::string scene;   // file with replies and requests of the provider (scene.h); empty: none
};

struct CheckOptions {
  Subject subject;
  std::string program;            // this program's own path
  std::vector<std::string> only;  // ids of rules; empty: all
  Duration limit = seconds(30);   // for one rule; afterwards it is killed and has failed
  int at_once = 2;                // children
};

// The child is told its rule by these arguments, behind the program's name; the pipe is kPipe.
std::vector<std::string> child_arguments(const Subject& subject, std::string_view rule);
constexpr int kPipe = 3;

// Judges every rule, in the order of their table.
Report run_check(const CheckOptions& options);

// The child's side: judges one rule and writes lines to `pipe`. Ends the process.
[[noreturn]] void judge(const Subject& subject, std::string_view rule, int pipe);

}  // namespace relance::conformance
