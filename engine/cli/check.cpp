// relance check: every error and warning of a bundle, at its line.
#include <fmt/format.h>

#include <cstdio>
#include <set>

#include "base/clock.h"
#include "cli/check_contact.h"
#include "cli/command.h"
#include "core/graph/worst_case.h"
#include "node/touch_costs.h"
#include "sim/prove.h"
#include "sim/scripted_plugins.h"

namespace relance::cli {
namespace {

std::string finding_json(const Finding& finding) {
  return to_json(Doc::record(
      {{"file", Doc::text(finding.error.where.file)},
       {"line", Doc::integer(finding.error.where.line)},
       {"code", Doc::text(code_text(finding.error.code))},
       {"severity", Doc::text(finding.severity == Severity::error ? "error" : "warning")},
       {"message", Doc::text(finding.error.message)},
       {"hint", Doc::text(finding.error.hint)}}));
}

// "flows/x.lua:23: warning E0113: ..."
std::string finding_text(const Finding& finding) {
  std::string text = finding.error.text();
  if (finding.severity == Severity::warning)
    if (const size_t at = text.find("error "); at != std::string::npos)
      text.replace(at, 5, "warning");
  return text;
}

using Costs = std::map<std::string, TouchCost, std::less<>>;

// ", 4.36 EUR without sms": the dearest path in each currency, and the channels that tell no cost.
std::string dearest(const CompiledFlow& compiled, const WorstCase& worst, const Costs& costs) {
  std::set<Currency> currencies;
  std::string unknown;
  for (const auto& [channel, count] : worst.touches) {
    if (const auto cost = costs.find(channel); cost != costs.end())
      currencies.insert(cost->second.currency);
    else
      unknown += (unknown.empty() ? " without " : ", ") + channel;
  }
  std::string text;
  for (const Currency& currency : currencies) {
    const auto in_it = [&](std::string_view channel) {
      const auto cost = costs.find(channel);
      const bool fits = cost != costs.end() && cost->second.currency == currency;
      return fits ? cost->second.micro : 0;
    };
    const WorstCase dear = worst_case(compiled.flow, compiled.scripts, in_it);
    text += fmt::format(", {:.2f} {}", static_cast<double>(dear.cost_micro) / 1e6, currency.text());
  }
  return text.empty() ? text : text + unknown;
}

void worst(const CompiledFlow& compiled, const Costs& costs) {
  const Flow& flow = compiled.flow;
  const WorstCase worst =
      worst_case(flow, compiled.scripts, [](std::string_view) { return int64_t{0}; });
  std::string touches;
  for (const auto& [channel, count] : worst.touches)
    touches += (touches.empty() ? "" : ", ") + std::to_string(count) + " " + channel;
  std::printf("%s: %zu steps; at worst %d contacts (%s)%s, over after %s at the latest\n",
              flow.name.c_str(), flow.steps.size(), worst.contacts, touches.c_str(),
              dearest(compiled, worst, costs).c_str(), format_duration(worst.time).c_str());
}

void check(Program& program, const std::string& directory, bool json) {
  const auto library = program.library();
  auto sources = read_bundle(directory);
  if (!sources) {
    print_error(sources.error());
    program.exit = kWrongCall;
    return;
  }
  LoadedBundle loaded = load_bundle(*sources, directory, load_options(*library, false));
  if (loaded.bundle)
    for (Finding& finding : check_do_not_call(*loaded.bundle, SystemClock().now(), !json))
      loaded.findings.push_back(std::move(finding));
  size_t errors = 0;
  for (const Finding& finding : loaded.findings) {
    errors += finding.severity == Severity::error ? 1 : 0;
    std::printf("%s\n", json ? finding_json(finding).c_str() : finding_text(finding).c_str());
  }
  program.exit = errors == 0 ? kDone : kProblems;
  if (json) return;
  if (loaded.bundle) {
    const Costs costs = touch_costs(*loaded.bundle, *library);
    for (const CompiledFlow& compiled : loaded.bundle->flows) worst(compiled, costs);
    print_packs(loaded.bundle->contact);
  }
  std::printf("%zu errors, %zu warnings\n", errors, loaded.findings.size() - errors);
}

// Looks for a made-up customer whom the bundle's flows would wrong.
void prove(Program& program, const std::string& directory, const ProofOptions& options) {
  const auto library = program.library();
  const auto bundle = load(program, *library, directory, false);
  if (!bundle) return;
  std::vector<Error> errors;
  auto played = ScriptedPlugins::make(*bundle, *library, errors);
  auto rules = played ? BundleRules::make(bundle, **played, 1)
                      : Result<std::shared_ptr<BundleRules>>(played.error());
  if (!rules) {
    if (errors.empty()) errors.push_back(rules.error());
    print_errors(errors);
    program.exit = kCannotOpen;
    return;
  }
  const Proof proof = relance::prove(*bundle, **rules, options);
  std::printf("%s", proof_text(proof).c_str());
  if (proof.found) program.exit = kProblems;
}

}  // namespace

void add_check(Program& program) {
  auto directory = std::make_shared<std::string>();
  auto json = std::make_shared<bool>(false);
  CLI::App* command =
      add_command(program, "check", "every error and warning of a bundle", "relance check flows");
  command->add_option("bundle", *directory, "directory with bundle.lua")->required();
  command->add_flag("--json", *json,
                    "one object a line: file, line, code, severity, message, hint");
  auto proof = std::make_shared<ProofOptions>();
  auto proves = std::make_shared<bool>(false);
  command->add_flag("--prove", *proves,
                    "then look for a history of events in which a contact breaks a rule");
  command->add_option("--weeks", proof->weeks, "customer-weeks to look through")
      ->capture_default_str();
  command->add_option("--seed", proof->seed, "the first made-up customer")->capture_default_str();
  command->callback([&program, directory, json, proof, proves] {
    check(program, *directory, *json);
    if (*proves && program.exit == kDone) prove(program, *directory, *proof);
  });
}

}  // namespace relance::cli
