#include "cli/run_real.h"

#include "cli/command.h"

namespace relance::cli {

int run_real(const RunOptions&, std::shared_ptr<const Bundle>, PluginLibrary&,
             const std::function<int(const RunOptions&, const RunEndings&)>&) {
  print_error({Code::usage, "the real clock is not wired yet", {}, ""});
  return kCannotOpen;
}

}  // namespace relance::cli
