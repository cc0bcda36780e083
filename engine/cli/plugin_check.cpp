// relance plugin check: the conformance kit, as vendors run it in their own CI.
#include "cli/plugin_check.h"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>

#include "plugins/check/runner.h"

namespace relance::cli {
namespace {

struct Options {
  conformance::CheckOptions check;
  std::string what, junit;
  int limit_s = 30;
  bool json = false, rules = false;
};

void tell_rules() {
  for (const conformance::Rule& rule : conformance::rules())
    fmt::print("{:<21}{}\n{:21}{}\n", rule.id, rule.name, "", rule.why);
}

bool write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file.fail()) return true;
  print_error({Code::file_unreadable, "cannot be written", {path, 0}, ""});
  return false;
}

// Wrong names must not pass for rules that hold.
bool options_hold(const Options& options) {
  for (const std::string& id : options.check.only) {
    if (conformance::find_rule(id)) continue;
    print_error({Code::usage, "there is no rule '" + id + "'", {}, "relance plugin check --rules"});
    return false;
  }
  for (const std::string& path : {options.check.subject.config, options.check.subject.scene}) {
    if (path.empty() || std::ifstream(path).good()) continue;
    print_error({Code::file_not_found, "there is no such file", {path, 0}, ""});
    return false;
  }
  return true;
}

void check(Program& program, Options options) {
  if (options.rules) return tell_rules();
  program.exit = kWrongCall;
  if (options.what.empty()) {
    print_error({Code::usage, "name a plugin: its id, or the path of a .so", {}, ""});
    return;
  }
  if (!options_hold(options)) return;
  options.check.subject.plugin = options.what;
  if (!std::ifstream(options.what).good()) {
    const auto found = program.library()->find(options.what);
    if (!found) {
      print_error(found.error());
      program.exit = kCannotOpen;
      return;
    }
    options.check.subject.plugin = found->path;
  }
  options.check.program = program.executable;
  options.check.limit = seconds(options.limit_s);
  const conformance::Report report = conformance::run_check(options.check);
  if (options.json)
    fmt::print("{}\n", json_of(report));
  else
    fmt::print("{}", table_of(report, colours()));
  if (!options.junit.empty() && !write_file(options.junit, junit_of(report))) return;
  program.exit = report.ok() ? kDone : kProblems;
}

}  // namespace

void add_plugin_check(CLI::App& plugin, Program& program) {
  auto options = std::make_shared<Options>();
  CLI::App* command = plugin.add_subcommand("check", "tests a plugin against the contract's rules");
  command->footer(
      "Example:\n  relance plugin check ./acme.sms.fast.so --config acme.json --junit out.xml");
  command->add_option("plugin", options->what, "its id, or the path of a .so");
  command->add_option("--config", options->check.subject.config,
                      "file with its configuration as JSON; without it {}");
  command->add_option("--scene", options->check.subject.scene,
                      "file with the provider's replies and webhooks (docs/plugins/check.md)");
  command->add_option("--rule", options->check.only, "only this one; as often as you like");
  command->add_option("--limit", options->limit_s, "seconds for one rule")
      ->check(CLI::Range(1, 3600));
  command->add_option("--junit", options->junit, "file for the results as JUnit XML");
  command->add_flag("--json", options->json, "one object for programs");
  command->add_flag("--rules", options->rules, "lists the rules, and why they are there");
  command->callback([&program, options] { check(program, *options); });

  // The child of a check; not for people.
  auto subject = std::make_shared<conformance::Subject>();
  auto rule = std::make_shared<std::string>();
  CLI::App* child = plugin.add_subcommand("judge", "")->group("");
  child->add_option("plugin", subject->plugin)->required();
  child->add_option("rule", *rule)->required();
  child->add_option("--config", subject->config);
  child->add_option("--scene", subject->scene);
  child->callback([subject, rule] { conformance::judge(*subject, *rule, conformance::kPipe); });
}

}  // namespace relance::cli
