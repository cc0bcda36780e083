// relance run: the events of a file through a bundle, until nothing is due; then the funnel.
#include <unistd.h>

#include <cstdio>

#include "admin/funnel.h"
#include "cli/command.h"
#include "cli/event_file.h"
#include "cli/run_real.h"
#include "sim/rehearsal.h"

namespace relance::cli {
namespace {

int print_funnel(const RunOptions& options, const RunEndings& ended) {
  auto archive = Archive::open(*ended.store);
  auto book = archive ? make_casebook(**archive) : Result<Casebook>(archive.error());
  if (!book) {
    print_error(book.error());
    return kCannotOpen;
  }
  Funnel funnel = make_funnel(*book);
  funnel.events.duplicate = ended.duplicates;
  funnel.events.rejected = ended.file.rejected;
  const FunnelEnd end{ended.elapsed_s, ended.journal_hash};
  if (options.json)
    std::printf("%s\n", funnel_json(funnel, end).c_str());
  else
    std::printf("%s", funnel_table(funnel, end, colours()).c_str());
  if (ended.file.rejected == 0) return kDone;
  print_error(ended.file.first_rejection);
  const std::string& kept = ended.file.rejected_path;
  std::fprintf(stderr, "%llu events were rejected; they %s%s\n",
               static_cast<unsigned long long>(ended.file.rejected),
               kept.empty() ? "could not be kept" : "are kept in ", kept.c_str());
  return kRejectedInput;
}

int run_virtual(const RunOptions& options, std::shared_ptr<const Bundle> bundle,
                PluginLibrary& library) {
  const SystemClock wall;
  const Duration began = wall.since_boot();
  std::vector<EventInput> events;
  RunEndings ended;
  auto file = read_event_file({options.events, nullptr, {}}, bundle->events, bundle->tenant,
                              [&](EventInput event) { events.push_back(std::move(event)); });
  if (!file) {
    print_error(file.error());
    return kWrongCall;
  }
  ended.file = *file;
  RehearsalOptions rehearsal;
  rehearsal.store = options.store;
  rehearsal.start = events.empty() ? Instant{} : file->first;
  rehearsal.seed = options.seed;
  rehearsal.workers = options.workers;
  rehearsal.sandbox = {true, options.effects, options.seed};
  std::vector<Error> errors;
  auto made = Rehearsal::make(bundle, library, std::move(rehearsal), errors);
  if (!made) {
    print_errors(errors);
    return kCannotOpen;
  }
  Rehearsal& installation = **made;
  for (EventInput& event : events) {
    const Instant at = event.time;
    installation.at(at, std::move(event));
  }
  if (auto done = installation.run(options.until); !done) {
    print_error(done.error());
    return kProblems;
  }
  if (auto closed = installation.node().close(); !closed) print_error(closed.error());
  ended.duplicates = installation.duplicates();
  ended.journal_hash = installation.node().journal_hash().value_or("");
  ended.elapsed_s = static_cast<double>((wall.since_boot() - began).ms) / 1000;
  ended.store = &installation.node().store();
  return print_funnel(options, ended);
}

int run(Program& program, RunOptions options, const std::string& until) {
  options.store = store_url(options.store);
  if (!until.empty()) {
    auto at = parse_instant(until);
    if (!at) {
      print_error(at.error());
      return kWrongCall;
    }
    options.until = *at;
  }
  const bool real = options.clock == "real";
  if (!real && !options.acks.empty()) {
    print_error({Code::usage, "--acks needs a source that waits for them", {}, "--clock real"});
    return kWrongCall;
  }
  if (!real && !options.sandbox) {
    print_error(
        {Code::usage, "on a virtual clock nothing may leave the machine", {}, "add --sandbox"});
    return kWrongCall;
  }
  const auto library = program.library();
  const auto bundle = load(program, *library, options.bundle, options.sandbox);
  if (!bundle) return program.exit;
  if (!real) return run_virtual(options, bundle, *library);
  return run_real(options, bundle, *library, print_funnel);
}

}  // namespace

void add_run(Program& program) {
  auto options = std::make_shared<RunOptions>();
  auto until = std::make_shared<std::string>();
  CLI::App* command = add_command(
      program, "run", "take the events of a file, run until nothing is due, print the funnel",
      "relance run flows --events flows/sample/failed_payments.jsonl --clock virtual --sandbox "
      "--store memory:");
  command->add_option("bundle", options->bundle, "directory with bundle.lua")->required();
  command->add_option("--events", options->events, "file with one CloudEvent a line; -: stdin")
      ->required();
  command->add_option("--acks", options->acks,
                      "file or FIFO that gets a line for each event as soon as it is on disk");
  command->add_option("--store", options->store,
                      "sqlite:PATH, PATH or memory: (default $RELANCE_STORE, else relance.db)");
  command
      ->add_option("--clock", options->clock,
                   "real: as time passes; virtual: weeks in seconds, needs --sandbox")
      ->check(CLI::IsMember({"real", "virtual"}));
  command->add_option("--effects", options->effects, "file in which the sandbox notes each effect");
  command->add_option("--seed", options->seed,
                      "of the sandbox and of a new store's installation id");
  command->add_option("--until", *until, "stop at this instant (RFC 3339)");
  command->add_option("--workers", options->workers, "threads that decide")
      ->check(CLI::Range(1, 256));
  command->add_flag("--sandbox", options->sandbox,
                    "channels and connectors are played; nothing leaves the machine");
  command->add_flag("--json", options->json, "one JSON object instead of a table");
  command->callback([&program, options, until] { program.exit = run(program, *options, *until); });
}

}  // namespace relance::cli
