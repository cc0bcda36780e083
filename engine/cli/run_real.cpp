#include "cli/run_real.h"

#include "cli/command.h"
#include "node/installation.h"

namespace relance::cli {
namespace {

constexpr Duration kPatience = seconds(10);  // for touches under way when `--until` has come

// Takes the events as fast as they become durable, works until nothing is left, writes everything.
Status work(Installation& installation, const RunOptions& options, const Bundle& bundle,
            RunEndings& ended) {
  auto file = read_event_file(options.events, bundle.events, bundle.tenant,
                              [&](EventInput event) { installation.accept(std::move(event), {}); });
  if (!file) return file.error();
  ended.file = *file;
  if (auto done = installation.run_until_idle(options.until); !done) return done;
  return installation.stop(kPatience);
}

}  // namespace

int run_real(const RunOptions& options, std::shared_ptr<const Bundle> bundle,
             PluginLibrary& library,
             const std::function<int(const RunOptions&, const RunEndings&)>& print) {
  InstallationOptions how;
  how.store = options.store;
  how.seed = options.seed;
  how.sandbox = {options.sandbox, options.effects, options.seed};
  how.node.workers = options.workers;
  std::vector<Error> errors;
  auto made = Installation::make(bundle, library, std::move(how), errors);
  if (!made) {
    print_errors(errors);
    return kCannotOpen;
  }
  Installation& installation = **made;
  const Duration began = installation.clock().since_boot();
  RunEndings ended;
  if (auto worked = work(installation, options, *bundle, ended); !worked) {
    print_error(worked.error());
    const Code code = worked.error().code;
    return code == Code::file_not_found || code == Code::file_unreadable ? kWrongCall : kProblems;
  }
  ended.duplicates = installation.duplicates();
  ended.journal_hash = installation.node().journal_hash().value_or("");
  ended.elapsed_s = static_cast<double>((installation.clock().since_boot() - began).ms) / 1000;
  ended.store = &installation.node().store();
  return print(options, ended);
}

}  // namespace relance::cli
