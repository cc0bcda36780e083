// relance resume --clock: a person says that the machine's clock is right.
#include <cstdio>
#include <filesystem>

#include "cli/command.h"
#include "node/watched_clock.h"

namespace relance::cli {
namespace {

// A running engine sees within a second that the file is gone; one that starts does not find it.
int resume(const std::string& store, bool clock) {
  if (!clock) {
    print_error({Code::usage, "what is to be resumed?", {}, "relance resume --clock"});
    return kWrongCall;
  }
  const std::string path = clock_doubt_path(store_url(store));
  std::error_code failed;
  const bool doubted = !path.empty() && std::filesystem::remove(path, failed);
  if (failed) {
    print_error({Code::file_unreadable, path + ": " + failed.message(), {}, ""});
    return kCannotOpen;
  }
  std::printf("%s\n", doubted ? "the clock is believed again; touches begin again"
                              : "the clock is believed; nothing waits for it");
  return kDone;
}

}  // namespace

void add_resume(Program& program) {
  auto store = std::make_shared<std::string>();
  auto clock = std::make_shared<bool>(false);
  CLI::App* command =
      add_command(program, "resume", "let touches begin again that wait for a person's word",
                  "relance resume --clock --store sqlite:shop.db");
  command->add_option("--store", *store, "sqlite:PATH, PATH (default $RELANCE_STORE)");
  command->add_flag("--clock", *clock, "the machine's clock was set, and is right now");
  command->callback([&program, store, clock] { program.exit = resume(*store, *clock); });
}

}  // namespace relance::cli
