#include "sim/world/bundles.h"

#include "node/generation.h"
#include "sim/world/flow_maker.h"

namespace relance {
namespace {

Error refused(const std::vector<Finding>& findings, const std::string& what) {
  std::string text = what + " does not load:";
  for (const Finding& finding : findings)
    if (finding.severity == Severity::error) text += "\n  " + finding.error.text();
  return {Code::internal, text, {}, ""};
}

std::string as_text(const PluginEntry& entry, const char* field) {
  return std::string(entry.config.view().find(field).text().value_or(""));
}

// The providers that the bundle's entries ask for.
void add_providers(Plan& plan, const Bundle& bundle) {
  Chance chance(plan.seed, "providers");
  for (const PluginEntry& entry : bundle.channels)
    plan.channels.push_back(
        make_provider(chance, entry.name, as_text(entry, "as"), as_text(entry, "class")));
  plan.connectors.push_back(make_provider(chance, "crm", "connector", "keyed"));
  for (const PluginEntry& entry : bundle.connectors)
    plan.connectors.push_back(make_provider(chance, entry.name, "connector", ""));
}

}  // namespace

Bundles::Bundles(std::string shipped, const std::string& plugins)
    : directory_(std::move(shipped)), library_(open_plugin_library({plugins})) {}
Bundles::~Bundles() = default;

Status Bundles::complete(Ready& ready, std::shared_ptr<const Bundle> bundle) {
  ready = {};
  if (!bundle->policies.empty()) {
    std::vector<Error> errors;
    auto policies = ScriptedPlugins::make(*bundle, *library_, errors);
    if (!policies) return policies.error();
    ready.policies = std::move(*policies);
  }
  ready.plugins = std::make_unique<WorldPlugins>(ready.policies.get());
  auto rules = BundleRules::make(bundle, *ready.plugins, 1);
  if (!rules) return rules.error();
  ready.rules = std::move(*rules);
  ready.bundle = std::move(bundle);
  return {};
}

Status Bundles::make_shipped() {
  auto sources = read_bundle(directory_);
  if (!sources) return sources.error();
  const LoadedBundle loaded = load_bundle(*sources, directory_, load_options(*library_, false));
  if (!loaded.bundle) return refused(loaded.findings, directory_);
  return complete(shipped_, loaded.bundle);
}

Status Bundles::make_random(uint64_t number) {
  LoadOptions options;
  options.sandbox = true;
  options.channel_kind = [](const PluginEntry& entry) { return as_text(entry, "as"); };
  const std::string name = "made bundle " + std::to_string(number);
  const LoadedBundle loaded = load_bundle(make_random_bundle(number), "made", options);
  if (!loaded.bundle) return refused(loaded.findings, name);
  made_number_ = number;
  return complete(made_, loaded.bundle);
}

Result<Bundles::Ready*> Bundles::ready(Plan& plan) {
  Ready& ready = plan.shipped ? shipped_ : made_;
  if (!ready.bundle || (!plan.shipped && made_number_ != plan.bundle)) {
    ready = {};
    const Status made = plan.shipped ? make_shipped() : make_random(plan.bundle);
    if (!made) return made.error();
  }
  add_providers(plan, *ready.bundle);
  ready.plugins->play(plan, 1);
  return &ready;
}

}  // namespace relance
