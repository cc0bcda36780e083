// relance pause: touches of a flow, over a channel or to a segment wait until
// `relance resume`.
#include <fmt/format.h>

#include "cli/pausing.h"
#include "serve/pause_desk.h"

namespace relance::cli {
namespace {

int pause(Program& program, const PausingOptions& options) {
  if (!names_a_pause(options)) {
    print_error({Code::usage, "what is to be paused?", {}, "--flow, --channel or --segment"});
    return kWrongCall;
  }
  int exit = kDone;
  const auto told = ask_about_pauses(program, options, "pause", exit);
  if (!told) return exit;
  if (options.by.json) {
    fmt::print("{}\n", to_json(*told));
    return kDone;
  }
  const Pause set = pause_asked(*told);
  fmt::print("pause {}: {} is {}; `relance resume --pause {}` ends it\n",
             told->view().find("number").integer().value_or(0), scope_words(set),
             set.off ? "off" : "held", told->view().find("number").integer().value_or(0));
  return kDone;
}

}  // namespace

void add_pause(Program& program) {
  auto options = std::make_shared<PausingOptions>();
  CLI::App* command =
      add_command(program, "pause",
                  "hold touches of a flow, a channel or a segment, before the next one "
                  "leaves",
                  "relance pause --flow win_back --channel sms --reason \"complaints\"");
  add_scope_options(*command, *options);
  command->callback([&program, options] { program.exit = pause(program, *options); });
}

}  // namespace relance::cli
