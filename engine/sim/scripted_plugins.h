// What the rules of a flow test see of plugins: the bundle's channels and connectors, played, each
// able to do what its kind can; and its policies, which are asked for real, because what they say
// is part of what a test proves.
//
// A channel has the delivery class that its entry asks for, else it is keyed: what a test scripts
// as `unknown` is asked again, looked up or parked as in production. Threads: as PluginSide.
// Lifetime: the library outlives it.
#pragma once

#include <map>
#include <memory>

#include "plugins/plugin_host.h"
#include "script/bundle_rules.h"

namespace relance {

class ScriptedPlugins final : public PluginSide {
 public:
  // Fails with every error of the policies' configuration.
  static Result<std::unique_ptr<ScriptedPlugins>> make(const Bundle& bundle, PluginLibrary& library,
                                                       std::vector<Error>& errors);
  ~ScriptedPlugins() override;

  const Channel* channel(std::string_view name) const override;
  const Connector* connector(std::string_view name) const override;
  Result<Doc> policy(std::string_view name, std::string_view kind,
                     std::string_view ask) const override;

 private:
  struct Surroundings;  // of policies, which have no use for any
  ScriptedPlugins();

  std::map<std::string, Channel, std::less<>> channels_;
  std::map<std::string, Connector, std::less<>> connectors_;
  std::unique_ptr<Surroundings> surroundings_;
  std::unique_ptr<PluginHost> policies_;
};

}  // namespace relance
