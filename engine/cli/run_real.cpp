#include "cli/run_real.h"

#include "cli/acknowledgements.h"
#include "cli/command.h"
#include "node/installation.h"
#include "serve/admin.h"

namespace relance::cli {
namespace {

// For touches under way, when `--until` has come or somebody has asked to stop; and until then
// everything must have ended. What remains is for snapshots, which the next start can do without.
constexpr Duration kPatience = seconds(5), kStopWithin = seconds(10);

// Takes the events as fast as they become durable, works until nothing is left or it is asked to
// stop, writes everything.
Status work(Installation& installation, const RunOptions& options, const Bundle& bundle,
            const StopRequest& stop, Acknowledgements* acks, RunEndings& ended) {
  EventSource source{options.events, &stop, {}};
  if (acks)
    source.rejected = [&](uint64_t line, const Error& error) { acks->rejected(line, error); };
  auto file = read_event_file(source, bundle.events, bundle.tenant, [&](EventInput event) {
    AcceptedBy done = acks ? acks->of(event) : AcceptedBy();
    installation.accept(std::move(event), std::move(done));
  });
  if (!file) return file.error();
  ended.file = *file;
  if (auto done = installation.run_until_idle(options.until); !done) return done;
  return installation.stop(kPatience);
}

int failed(const Error& error) {
  print_error(error);
  switch (error.code) {
    case Code::file_not_found:
    case Code::file_unreadable: return kWrongCall;
    case Code::store_failed:
    case Code::store_in_use:
    case Code::store_went_back:
    case Code::store_full: return kCannotOpen;
    default: return kProblems;
  }
}

int work_and_print(Installation& installation, const RunOptions& options, const Bundle& bundle,
                   const StopRequest& stop, Acknowledgements* acks, const PrintFunnel& print) {
  const Duration began = installation.clock().since_boot();
  RunEndings ended;
  const auto worked = work(installation, options, bundle, stop, acks, ended);
  if (acks && acks->lost() > 0)
    print_error({Code::file_unreadable,
                 "acknowledgements could not be written to " + options.acks,
                 {},
                 "give the events again: those that are kept are duplicates"});
  if (!worked) return failed(worked.error());
  if (stop.asked()) {
    std::fprintf(stderr, "stopped; everything acknowledged is kept, the next start goes on\n");
    return kDone;
  }
  ended.duplicates = installation.duplicates();
  ended.journal_hash = installation.node().journal_hash().value_or("");
  ended.elapsed_s = static_cast<double>((installation.clock().since_boot() - began).ms) / 1000;
  ended.store = &installation.node().store();
  return print(options, ended);
}

}  // namespace

int run_real(const RunOptions& options, std::shared_ptr<const Bundle> bundle,
             PluginLibrary& library, const PrintFunnel& print) {
  StopRequest stop(kStopWithin);
  std::unique_ptr<Acknowledgements> acks;
  if (!options.acks.empty()) {
    auto opened = Acknowledgements::open(options.acks);
    if (!opened) return failed(opened.error());
    acks = std::move(*opened);
  }
  InstallationOptions how;
  how.store = options.store;
  how.seed = options.seed;
  how.sandbox = {options.sandbox, options.effects, options.seed};
  how.node.workers = options.workers;
  how.failed = [&stop] { stop.ask(); };
  std::vector<Error> errors;
  auto made = Installation::make(bundle, library, std::move(how), errors);
  if (!made) {
    print_errors(errors);
    return kCannotOpen;
  }
  stop.then([&installation = **made] { installation.interrupt(); });
  Admin admin({(*made)->generations(), (*made)->node()});
  admin.listen(options.store);
  const int exit = work_and_print(**made, options, *bundle, stop, acks.get(), print);
  stop.then({});
  return exit;
}

}  // namespace relance::cli
