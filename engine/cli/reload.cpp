// `relance reload` and `relance rollback`: another generation on the engine that runs.
#include <fmt/format.h>

#include "cli/moves.h"
#include "cli/operator.h"
#include "node/store_at_rest.h"
#include "sim/flow_test.h"

namespace relance::cli {
namespace {

constexpr int64_t kFiles = 0, kOneBefore = -1;

struct Options {
  OperatorOptions by;
  bool dry_run = false, sandbox = false, no_tests = false;
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

// No engine runs: the next start takes it.
int roll_back_at_rest(Program& program, const Options& options) {
  const AtRestOptions how{store_url(options.by.store), options.sandbox, false};
  const uint64_t wanted = options.generation > 0 ? static_cast<uint64_t>(options.generation) : 0;
  std::vector<Error> errors;
  const auto number = StoreAtRest::roll_back(
      how, *program.library(), wanted, {author_of(options.by), options.by.reason, {}}, errors);
  if (!number) {
    print_errors(errors);
    return errors.front().code == Code::no_generation ? kWrongCall : kCannotOpen;
  }
  if (options.by.json)
    fmt::print("{{\"generation\": {}}}\n", *number);
  else
    fmt::print("no engine runs on this store; generation {} is the next start's\n", *number);
  return kDone;
}

// The bundle's own tests, in this process: the engine has other work. False: one failed, which was
// printed.
bool tests_pass(Program& program, const Options& options, int& exit) {
  const auto live = ask_engine(options.by, "GET", "/v1/admin/generation", {}, exit);
  if (!live) return false;
  const auto library = program.library();
  const std::string directory(live->view().find("directory").text().value_or(""));
  const auto bundle = load(program, *library, directory, false);
  exit = program.exit;
  if (!bundle) return false;
  const auto summary =
      run_flow_tests(bundle, *library, {}, SystemClock(), [](const FlowTestResult& result) {
        if (!result.passed)
          fmt::print(stderr, "{}: {}: {}\n", result.file, result.name, result.error.text());
      });
  print_errors(summary.errors);
  if (summary.ok()) return true;
  print_error({Code::reload_refused,
               fmt::format("{} of the bundle's tests failed", summary.failed),
               {},
               "see `relance test`; --no-tests reloads all the same"});
  exit = kProblems;
  return false;
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
  command->add_flag("--no-tests", options->no_tests, "do not run the bundle's own tests before");
  command->callback([&program, options] {
    int exit = kDone;
    const bool go_on = options->no_tests || tests_pass(program, *options, exit);
    program.exit = go_on ? reload(*options) : exit;
  });

  auto back = std::make_shared<Options>();
  back->generation = kOneBefore;
  CLI::App* rollback = add_command(
      program, "rollback", "go back to what the store holds of the generation before, or of --to",
      "relance rollback --store relance.db --reason \"too many calls\"");
  add_operator_options(*rollback, back->by);
  rollback->add_option("--to", back->generation, "a generation's number")
      ->check(CLI::PositiveNumber);
  rollback->add_flag("--dry-run", back->dry_run, "check and compare only");
  rollback->add_flag("--sandbox", back->sandbox, "as `serve` has it, where none runs");
  rollback->callback([&program, back] {
    const bool at_rest = !back->dry_run && !engine_runs(back->by);
    program.exit = at_rest ? roll_back_at_rest(program, *back) : reload(*back);
  });
}

}  // namespace relance::cli
