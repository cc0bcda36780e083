// relance plugin list, inspect: what is installed and what it can do.
#include <fmt/format.h>

#include <cstdio>

#include "base/text.h"
#include "cli/command.h"
#include "cli/plugin_check.h"
#include "cli/plugin_new.h"
#include "node/described_instances.h"

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

std::string cost_text(const Channel& channel) {
  if (!channel.cost_currency) return "-";
  return fmt::format("{:.4f} {}", static_cast<double>(channel.cost_micro) / 1e6,
                     channel.cost_currency.text());
}

std::string_view role_name(InstanceSpec::Role role) {
  switch (role) {
    case InstanceSpec::Role::channel: return "channel";
    case InstanceSpec::Role::connector: return "connector";
    case InstanceSpec::Role::policy: return "policy";
    case InstanceSpec::Role::understanding: return "understanding";
    case InstanceSpec::Role::source: return "source";
    case InstanceSpec::Role::content: return "content";
  }
  return "";
}

void print_instance(const DescribedInstance& one) {
  std::string kind(role_name(one.role)), delivery = "-", cost = "-", speaks;
  if (one.channel) {
    kind = one.channel->kind;
    delivery = delivery_class_name(one.channel->delivery);
    cost = cost_text(*one.channel);
    speaks = join(one.channel->languages, " ");
  } else if (one.connector) {
    delivery = delivery_class_name(one.connector->delivery);
  }
  const std::string_view health = one.errors.empty() ? "ready" : "refused";
  fmt::print("{:<16}{:<30}{:<15}{:<12}{:<16}{:<9}{}{}\n", one.name, one.plugin, kind, delivery,
             cost, health, speaks, one.isolated ? " (a process of its own)" : "");
}

// The instances of a bundle: what each can do, and whether it could begin to work.
void list_bundle(Program& program, const std::string& directory) {
  const auto library = program.library();
  const auto bundle = load(program, *library, directory, false);
  if (!bundle) return;
  fmt::print("{:<16}{:<30}{:<15}{:<12}{:<16}{:<9}{}\n", "name", "plugin", "kind", "delivery",
             "cost at most", "health", "languages");
  std::vector<Error> refused;
  for (const DescribedInstance& one : described_instances(*bundle, *library)) {
    print_instance(one);
    refused.insert(refused.end(), one.errors.begin(), one.errors.end());
  }
  print_errors(refused);
  if (!refused.empty()) program.exit = kProblems;
}

// "key_window_ms  86400000"; a list's items side by side.
void print_abilities(const Doc& caps) {
  for (const auto& [name, value] : caps.view().items()) {
    std::string said;
    if (value.type() == DocType::list) {
      for (const auto& [key, item] : value.items()) {
        said += said.empty() ? "" : " ";
        said += item.text().value_or("");
      }
    } else {
      said = value.text() ? std::string(*value.text()) : to_json(value);
    }
    fmt::print("  {:<18}{}\n", name, said.empty() ? "any" : said);
  }
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
  fmt::print("{} {}\n{}\n\nfile        {}\nsha-256     {}\ninterfaces  {}\n", info->id,
             info->version, info->summary, info->path, info->hash, join(info->interfaces, ", "));
  fmt::print("abilities\n");
  print_abilities(info->caps);
  fmt::print("\nconfiguration (JSON Schema)\n{}\n", info->config_schema);
}

}  // namespace

void add_plugin(Program& program) {
  CLI::App* command = add_command(
      program, "plugin", "what plugins are installed and what they can do", "relance plugin list");
  command->require_subcommand(1);
  auto json = std::make_shared<bool>(false);
  auto what = std::make_shared<std::string>();
  auto bundle = std::make_shared<std::string>();
  CLI::App* all = command->add_subcommand(
      "list", "installed plugins; of a bundle: its channels, their abilities, cost and health");
  all->add_option("bundle", *bundle, "list what this bundle uses, as it is configured there");
  all->add_flag("--json", *json, "one object a line");
  all->callback([&program, json, bundle] {
    if (bundle->empty())
      list(program, *json);
    else
      list_bundle(program, *bundle);
  });
  CLI::App* one = command->add_subcommand("inspect", "one plugin's abilities and configuration");
  one->add_option("plugin", *what, "its id, or the path of a .so")->required();
  one->add_flag("--json", *json, "for programs");
  one->callback([&program, what, json] { inspect(program, *what, *json); });
  add_plugin_check(*command, program);
  add_plugin_new(*command, program);
}

}  // namespace relance::cli
