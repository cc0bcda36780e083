// `relance reload` and `relance rollback`: another generation on the engine that runs.
#include <fmt/format.h>

#include "cli/moves.h"
#include "cli/operator.h"

namespace relance::cli {
namespace {

constexpr int64_t kFiles = 0, kOneBefore = -1;

struct Options {
  OperatorOptions by;
  bool dry_run = false;
  int64_t generation = kFiles;
};

void print_difference(DocView told) {
  for (const auto& [key, one] : told.find("difference").items())
    fmt::print("  {:<8} {:<7} {}\n", one.find("how").text().value_or(""),
               one.find("kind").text().value_or(""), one.find("name").text().value_or(""));
}

void print(DocView told, bool dry_run) {
  const int64_t number = told.find("generation").integer().value_or(0);
  if (told.find("unchanged").boolean().value_or(false))
    return fmt::print("nothing differs from generation {}, which goes on\n", number);
  print_difference(told);
  print_moves(told.find("runs"));
  if (dry_run)
    fmt::print("generation {} goes on; this was a dry run\n", number);
  else
    fmt::print("generation {} is active\n", number);
}

int reload(const Options& options) {
  const Doc asked = Doc::record({{"author", Doc::text(author_of(options.by))},
                                 {"reason", Doc::text(options.by.reason)},
                                 {"dry_run", Doc::boolean(options.dry_run)},
                                 {"generation", Doc::integer(options.generation)}});
  int exit = kDone;
  const auto told = ask_engine(options.by, "POST", "/v1/admin/reload", asked, exit);
  if (!told) return exit;
  if (options.by.json)
    fmt::print("{}\n", to_json(*told));
  else
    print(*told, options.dry_run);
  return kDone;
}

}  // namespace

void add_reload(Program& program) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      add_command(program, "reload", "let the engine that runs take the bundle's files of now",
                  "relance reload --store relance.db --reason \"calmer evenings\"");
  add_operator_options(*command, options->by);
  command->add_flag("--dry-run", options->dry_run, "check and compare only");
  command->callback([&program, options] { program.exit = reload(*options); });

  auto back = std::make_shared<Options>();
  back->generation = kOneBefore;
  CLI::App* rollback = add_command(
      program, "rollback", "go back to what the store holds of the generation before, or of --to",
      "relance rollback --store relance.db --reason \"too many calls\"");
  add_operator_options(*rollback, back->by);
  rollback->add_option("--to", back->generation, "a generation's number")
      ->check(CLI::PositiveNumber);
  rollback->add_flag("--dry-run", back->dry_run, "check and compare only");
  rollback->callback([&program, back] { program.exit = reload(*back); });
}

}  // namespace relance::cli
