// What all tests of a bundle share, because none of it changes: the bundle, its rules, its played
// plugins. Each test gets a world of its own from here.
//
// Threads: one. Lifetime: the library outlives it; worlds must not outlive the stage.
#pragma once

#include "plugins/plugin_host.h"
#include "script/load.h"
#include "sim/flow_test_world.h"
#include "sim/scripted_plugins.h"

namespace relance {

class FlowTestStage {
 public:
  // Fails with every error of the policies' plugins.
  static Result<std::unique_ptr<FlowTestStage>> make(std::shared_ptr<const Bundle> bundle,
                                                     PluginLibrary& library, uint64_t seed,
                                                     std::vector<Error>& errors);

  // A fresh installation. `contact`: a table of fields to be laid over those of contact.lua, as
  // they stand in `file`; or nothing. Fails with the first slip in them.
  Result<std::unique_ptr<FlowTestWorld>> open(Instant start, const Value& contact,
                                              const SourceFile& file) const;

  const Bundle& bundle() const { return *bundle_; }

 private:
  FlowTestStage() = default;
  Result<std::shared_ptr<const Bundle>> with_contact(const Value& contact,
                                                     const SourceFile& file) const;

  std::shared_ptr<const Bundle> bundle_;
  std::unique_ptr<ScriptedPlugins> plugins_;
  std::shared_ptr<const Rules> rules_;
  uint64_t seed_ = 1;
};

}  // namespace relance
