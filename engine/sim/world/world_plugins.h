// What the rules of a simulation see of plugins: the providers of its plan. Policies of the
// repository's bundle are asked for real.
//
// Threads: as PluginSide; play() while nobody asks.
#pragma once

#include <map>

#include "script/bundle_rules.h"
#include "sim/world/plan.h"

namespace relance {

class WorldPlugins final : public PluginSide {
 public:
  // `policies` may be nullptr: there are none.
  explicit WorldPlugins(const PluginSide* policies) : policies_(policies) {}

  // From now on these are the providers. Another `build` of the plugins may not repeat what an
  // earlier one began.
  void play(const Plan& plan, int build);

  const Channel* channel(std::string_view name) const override;
  const Connector* connector(std::string_view name) const override;
  Result<Doc> policy(std::string_view name, std::string_view kind,
                     std::string_view ask) const override;

 private:
  const PluginSide* policies_;
  std::map<std::string, Channel, std::less<>> channels_;
  std::map<std::string, Connector, std::less<>> connectors_;
};

}  // namespace relance
