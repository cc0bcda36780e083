// relance graph: a flow, drawn.
#include <cstdio>

#include "base/text.h"
#include "cli/command.h"
#include "core/graph/draw.h"

namespace relance::cli {
namespace {

void graph(Program& program, const std::string& directory, const std::string& name,
           const std::string& as) {
  const auto library = program.library();
  const auto bundle = load(program, *library, directory, true);
  if (!bundle) return;
  std::vector<std::string> names;
  for (const CompiledFlow& compiled : bundle->flows) {
    names.push_back(compiled.flow.name);
    if (compiled.flow.name != name) continue;
    const DrawAs how = as == "dot"       ? DrawAs::dot
                       : as == "mermaid" ? DrawAs::mermaid
                       : as == "svg"     ? DrawAs::svg
                                         : DrawAs::text;
    std::printf("%s", draw(compiled.flow, how).c_str());
    return;
  }
  print_error(
      {Code::unknown_flow, "the bundle has no flow '" + name + "'", {}, did_you_mean(name, names)});
  program.exit = kWrongCall;
}

}  // namespace

void add_graph(Program& program) {
  struct Options {
    std::string bundle, flow, as = "text";
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = add_command(program, "graph", "a flow, drawn",
                                  "relance graph flows payment_recovery --as svg > flow.svg");
  command->add_option("bundle", options->bundle, "directory with bundle.lua")->required();
  command->add_option("flow", options->flow, "name of the flow")->required();
  command->add_option("--as", options->as, "how")
      ->check(CLI::IsMember({"dot", "mermaid", "svg", "text"}));
  command->callback(
      [&program, options] { graph(program, options->bundle, options->flow, options->as); });
}

}  // namespace relance::cli
