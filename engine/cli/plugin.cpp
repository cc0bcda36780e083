// relance plugin list, inspect: what is installed and what it can do.
#include <fmt/format.h>

#include <cstdio>

#include "base/text.h"
#include "cli/command.h"
#include "cli/plugin_check.h"
#include "cli/plugin_new.h"

namespace relance::cli {
namespace {

std::string info_json(const PluginInfo& info) {
  std::vector<Doc> interfaces;
  for (const std::string& one : info.interfaces) interfaces.push_back(Doc::text(one));
  auto schema = from_json(info.config_schema);
  return to_json(Doc::record({{"id", Doc::text(info.id)},
                              {"version", Doc::text(info.version)},
                              {"title", Doc::text(info.summary)},
                              {"path", Doc::text(info.path)},
                              {"hash", Doc::text(info.hash)},
                              {"interfaces", Doc::list(interfaces)},
                              {"abilities", info.caps},
                              {"config_schema", schema ? *schema : Doc{}}}));
}

void list(Program& program, bool json) {
  std::vector<Error> refused;
  for (const PluginInfo& info : program.library()->list(refused)) {
    if (json)
      fmt::print("{}\n", info_json(info));
    else
      fmt::print("{:<32}{:<9}{:<64}{}\n", info.id, info.version, join(info.interfaces, " "),
                 info.summary);
  }
  print_errors(refused);
  if (!refused.empty()) program.exit = kCannotOpen;
}

void inspect(Program& program, const std::string& what, bool json) {
  const auto library = program.library();
  auto info = what.find('/') != std::string::npos ? library->inspect(what) : library->find(what);
  if (!info) {
    print_error(info.error());
    program.exit = kCannotOpen;
    return;
  }
  if (json) {
    fmt::print("{}\n", info_json(*info));
    return;
  }
  fmt::print(
      "{} {}\n{}\n\nfile        {}\nsha-256     {}\ninterfaces  {}\nabilities   "
      "{}\n\nconfiguration (JSON Schema)\n{}\n",
      info->id, info->version, info->summary, info->path, info->hash, join(info->interfaces, ", "),
      to_json(info->caps), info->config_schema);
}

}  // namespace

void add_plugin(Program& program) {
  CLI::App* command = add_command(
      program, "plugin", "what plugins are installed and what they can do", "relance plugin list");
  command->require_subcommand(1);
  auto json = std::make_shared<bool>(false);
  auto what = std::make_shared<std::string>();
  CLI::App* all = command->add_subcommand("list", "installed plugins, with their interfaces");
  all->add_flag("--json", *json, "one object a line");
  all->callback([&program, json] { list(program, *json); });
  CLI::App* one = command->add_subcommand("inspect", "one plugin's abilities and configuration");
  one->add_option("plugin", *what, "its id, or the path of a .so")->required();
  one->add_flag("--json", *json, "for programs");
  one->callback([&program, what, json] { inspect(program, *what, *json); });
  add_plugin_check(*command, program);
  add_plugin_new(*command, program);
}

}  // namespace relance::cli
