// relance resume: a person says how what a pause held goes on, that the machine's clock is right,
// or that a store which lost time may send again.
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "base/clock.h"
#include "cli/pausing.h"
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

// Without a word on how, what it holds is shown, and nothing changes.
int resume_pause(Program& program, const PausingOptions& options) {
  int exit = kDone;
  const auto told = ask_about_pauses(program, options, "resume", exit);
  if (!told) return exit;
  if (options.by.json) {
    fmt::print("{}\n", to_json(*told));
    return kDone;
  }
  print_held(*told);
  const DocView view = *told;
  if (view.find("release").is_null())
    fmt::print("nothing was resumed: say how with --as send, shift, merge or drop\n");
  else if (const auto released = view.find("released").integer())
    fmt::print("resumed ({}): {} customers go on\n", options.release, *released);
  else
    fmt::print("resumed ({}): they go on with the next start\n", options.release);
  return kDone;
}

int resume(Program& program, const PausingOptions& options, bool clock, bool sends) {
  const std::string store = store_url(options.by.store);
  if (names_a_pause(options)) return resume_pause(program, options);
  if (!clock && !sends) {
    print_error({Code::usage,
                 "what is to be resumed?",
                 {},
                 "--pause N or what it names, --clock or --sends"});
    return kWrongCall;
  }
  const int clock_done = clock ? resume_clock(store) : kDone;
  return clock_done == kDone && sends ? resume_sends(store) : clock_done;
}

}  // namespace

void add_resume(Program& program) {
  auto options = std::make_shared<PausingOptions>();
  auto clock = std::make_shared<bool>(false), sends = std::make_shared<bool>(false);
  CLI::App* command =
      add_command(program, "resume", "let touches begin again that wait for a person's word",
                  "relance resume --pause 3 --as merge --store sqlite:shop.db");
  add_scope_options(*command, *options);
  command->add_option("--pause", options->number, "its number, see `relance status`")
      ->check(CLI::PositiveNumber);
  command->add_option("--as", options->release, "how what it held goes on; without, it is shown")
      ->check(CLI::IsMember({"send", "shift", "merge", "drop"}));
  command->add_flag("--dry-run", options->dry_run, "show what it holds, resume nothing");
  command->add_flag("--clock", *clock, "the machine's clock was set, and is right now");
  command->add_flag("--sends", *sends, "the store was restored, or lost commits: it may send now");
  command->callback([&program, options, clock, sends] {
    program.exit = resume(program, *options, *clock, *sends);
  });
}

}  // namespace relance::cli
