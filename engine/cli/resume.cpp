// relance resume: a person says that the machine's clock is right, or that a store which lost time
// may send again.
#include <cstdio>
#include <filesystem>

#include "base/clock.h"
#include "cli/command.h"
#include "node/watched_clock.h"
#include "store/hold.h"

namespace relance::cli {
namespace {

int failed(const Error& error) {
  print_error(error);
  return kCannotOpen;
}

// A running engine sees within a second that the file is gone; one that starts does not find it.
int resume_clock(const std::string& store) {
  const std::string path = clock_doubt_path(store);
  std::error_code failure;
  const bool doubted = !path.empty() && std::filesystem::remove(path, failure);
  if (failure) return failed({Code::file_unreadable, path + ": " + failure.message(), {}, ""});
  std::printf("%s\n", doubted ? "the clock is believed again; touches begin again"
                              : "the clock is believed; nothing waits for it");
  return kDone;
}

// The note stays, released: it says for how long what leaves is asked for first.
int resume_sends(const std::string& store) {
  const std::string path = hold_path(store);
  auto hold = path.empty() ? std::nullopt : read_hold(path);
  if (!hold || hold->released()) {
    std::printf("no sends are held\n");
    return kDone;
  }
  hold->released_at = SystemClock().now();
  if (Status written = write_hold(path, *hold); !written) return failed(written.error());
  std::printf(
      "touches begin again; what may have left in the lost time is asked for first, and what\n"
      "nobody can tell is parked: see `relance touches --outcome parked`\n");
  return kDone;
}

int resume(const std::string& option, bool clock, bool sends) {
  const std::string store = store_url(option);
  if (!clock && !sends) {
    print_error({Code::usage, "what is to be resumed?", {}, "--clock or --sends"});
    return kWrongCall;
  }
  const int clock_done = clock ? resume_clock(store) : kDone;
  return clock_done == kDone && sends ? resume_sends(store) : clock_done;
}

}  // namespace

void add_resume(Program& program) {
  auto store = std::make_shared<std::string>();
  auto clock = std::make_shared<bool>(false), sends = std::make_shared<bool>(false);
  CLI::App* command =
      add_command(program, "resume", "let touches begin again that wait for a person's word",
                  "relance resume --clock --store sqlite:shop.db");
  command->add_option("--store", *store, "sqlite:PATH, PATH (default $RELANCE_STORE)");
  command->add_flag("--clock", *clock, "the machine's clock was set, and is right now");
  command->add_flag("--sends", *sends, "the store was restored, or lost commits: it may send now");
  command->callback(
      [&program, store, clock, sends] { program.exit = resume(*store, *clock, *sends); });
}

}  // namespace relance::cli
