#include "sim/flow_test_stage.h"

#include "script/read_contact.h"

namespace relance {
namespace {

constexpr uint64_t kGeneration = 1;

// Only the fields that were said replace those of the bundle.
void lay_over(ContactRules& rules, const ContactRules& said, const Value& contact) {
  if (contact.find("windows")) rules.windows = said.windows;
  if (contact.find("caps")) rules.caps = said.caps;
  if (contact.find("gap")) rules.gap = said.gap;
  Exclusions& exclusions = rules.exclusions;
  if (contact.find("markers")) exclusions.markers = said.exclusions.markers;
  if (contact.find("exclusions")) {
    exclusions.never = said.exclusions.never;
    exclusions.mutex = said.exclusions.mutex;
    exclusions.max = said.exclusions.max;
  }
  if (contact.find("losers")) exclusions.losers_drop = said.exclusions.losers_drop;
  if (contact.find("suppress")) {
    rules.suppress_on = said.suppress_on;
    exclusions.responded_leaves = said.exclusions.responded_leaves;
  }
  if (contact.find("priority")) rules.priority = said.priority;
  if (contact.find("quiet_days")) rules.quiet_days = said.quiet_days;
  if (contact.find("self_cure")) rules.self_cure = said.self_cure;
  if (contact.find("opening")) rules.opening = said.opening;
  if (contact.find("packs")) {
    rules.packs = said.packs;
    rules.packs_look_back = said.packs_look_back;
  }
  if (contact.find("recovery_needs_consent"))
    rules.consent_needed_for_recovery = said.consent_needed_for_recovery;
}

}  // namespace

Result<std::unique_ptr<FlowTestStage>> FlowTestStage::make(std::shared_ptr<const Bundle> bundle,
                                                           PluginLibrary& library, uint64_t seed,
                                                           std::vector<Error>& errors) {
  std::unique_ptr<FlowTestStage> made(new FlowTestStage());
  made->bundle_ = std::move(bundle);
  made->seed_ = seed;
  auto plugins = ScriptedPlugins::make(*made->bundle_, library, errors);
  if (!plugins) return plugins.error();
  made->plugins_ = std::move(*plugins);
  auto rules = BundleRules::make(made->bundle_, *made->plugins_, kGeneration);
  if (!rules) {
    errors.push_back(rules.error());
    return rules.error();
  }
  made->rules_ = std::move(*rules);
  return made;
}

Result<std::shared_ptr<const Bundle>> FlowTestStage::with_contact(const Value& contact,
                                                                  const SourceFile& file) const {
  Value word = contact;
  word.kind = Value::Kind::word;
  word.text = "contact";
  ContactContext names{&bundle_->events, {}, {}};
  for (const MarkerRule& marker : bundle_->contact.exclusions.markers)
    names.markers.push_back(marker.name);
  for (const CompiledFlow& flow : bundle_->flows) names.flows.push_back(flow.flow.name);
  Findings findings;
  const ContactRules said = read_contact(word, file, names, findings);
  for (const Finding& finding : findings.take_sorted())
    if (finding.severity == Severity::error) return finding.error;
  auto changed = std::make_shared<Bundle>(*bundle_);
  lay_over(changed->contact, said, contact);
  return std::shared_ptr<const Bundle>(std::move(changed));
}

Result<std::unique_ptr<FlowTestWorld>> FlowTestStage::open(Instant start, const Value& contact,
                                                           const SourceFile& file) const {
  FlowTestSetting setting{bundle_, rules_, start, seed_};
  if (contact.is(Value::Kind::nothing)) return FlowTestWorld::make(std::move(setting));
  auto changed = with_contact(contact, file);
  if (!changed) return changed.error();
  auto rules = BundleRules::make(*changed, *plugins_, kGeneration);
  if (!rules) return rules.error();
  setting.bundle = *changed;
  setting.rules = *rules;
  return FlowTestWorld::make(std::move(setting));
}

}  // namespace relance
