#include <filesystem>

#include "cli/command.h"

int main(int argc, char** argv) {
  using namespace relance::cli;
  Program program;
  std::error_code unreadable;
  program.executable = std::filesystem::read_symlink("/proc/self/exe", unreadable).string();
  program.app.require_subcommand(1);
  for (AddCommand add : {add_run, add_inspect, add_settle, add_check, add_graph, add_plugin,
                         add_new, add_meta, add_talk, add_test})
    add(program);
  try {
    program.app.parse(argc, argv);
  } catch (const CLI::ParseError& wrong) {
    const int code = program.app.exit(wrong);
    return code == 0 ? kDone : kWrongCall;
  }
  return program.exit;
}
