// The bundles of simulations, compiled once for many seeds: the repository's own and made ones.
//
// Threads: one. Lifetime: outlives every simulation that uses it.
#pragma once

#include <map>
#include <memory>

#include "sim/scripted_plugins.h"
#include "sim/world/world_plugins.h"

namespace relance {

class Bundles {
 public:
  // `shipped`: the directory of the repository's bundle; `plugins`: of its policies.
  Bundles(std::string shipped, const std::string& plugins);
  ~Bundles();

  struct Ready {
    std::shared_ptr<const Bundle> bundle;
    std::unique_ptr<ScriptedPlugins> policies;  // nullptr: the bundle has none
    std::unique_ptr<WorldPlugins> plugins;
    std::shared_ptr<BundleRules> rules;
  };
  // What a seed's plan asks for; its plan is played. Good until the next call. Fails with
  // everything the compiler found.
  Result<Ready*> ready(Plan& plan);

 private:
  Status make_shipped();
  Status make_random(uint64_t number);
  Status complete(Ready& ready, std::shared_ptr<const Bundle> bundle);

  std::string directory_;
  std::unique_ptr<PluginLibrary> library_;
  Ready shipped_, made_;
  uint64_t made_number_ = 0;
};

}  // namespace relance
