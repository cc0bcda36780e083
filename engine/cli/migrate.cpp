// `relance migrate`: runs of earlier versions of a flow go on with the active one.
#include <fmt/format.h>

#include "cli/moves.h"
#include "cli/operator.h"

namespace relance::cli {
namespace {

struct Options {
  OperatorOptions by;
  std::string flow;
  std::vector<std::string> also;
  bool dry_run = false, undo = false;
};

int migrate(const Options& options) {
  std::vector<Doc> also;
  for (const std::string& name : options.also) also.push_back(Doc::text(name));
  const Doc asked = Doc::record({{"author", Doc::text(author_of(options.by))},
                                 {"flow", Doc::text(options.flow)},
                                 {"also", Doc::list(also)},
                                 {"undo", Doc::boolean(options.undo)},
                                 {"dry_run", Doc::boolean(options.dry_run)}});
  int exit = kDone;
  const auto told = ask_engine(options.by, "POST", "/v1/admin/migrate", asked, exit);
  if (!told) return exit;
  if (options.by.json) {
    fmt::print("{}\n", to_json(*told));
    return kDone;
  }
  print_moves(told->view().find("runs"));
  if (const auto moved = told->view().find("moved").integer())
    fmt::print("{} runs {}\n", *moved, options.undo ? "are back on their version" : "were moved");
  return kDone;
}

}  // namespace

void add_migrate(Program& program) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      add_command(program, "migrate", "let runs of earlier versions go on with the active one",
                  "relance migrate payment_recovery --dry-run");
  command->add_option("flow", options->flow, "whose runs")->required();
  add_operator_options(*command, options->by);
  command->add_flag("--dry-run", options->dry_run, "say what would become of them, move none");
  command->add_option("--also", options->also, "beside those that move cleanly")
      ->check(CLI::IsMember({"would_skip", "would_lose"}));
  command->add_flag("--undo", options->undo,
                    "back to the version they came from, where nothing has left since");
  command->callback([&program, options] { program.exit = migrate(*options); });
}

}  // namespace relance::cli
