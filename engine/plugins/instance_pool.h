// The instances of all generations, and what is under way in them. Two generations that want the
// same one (build, configuration, name) share it. One that no generation wants any more goes on
// until nothing of it is under way, and a while longer. Internal to this room.
//
// Threads: any. Blocks: get() and sweep() on what the plugin does when it begins and ends.
// Lifetime: of the last host, and of an alarm that rings.
#pragma once

#include <map>

#include "plugins/instance.h"

namespace relance {

// Does the plugin have the interface that its role needs? Fails with plugin_incomplete.
Status fits(const LoadedPlugin& plugin, const InstanceSpec& spec);

class InstancePool : public std::enable_shared_from_this<InstancePool> {
 public:
  explicit InstancePool(const HostPorts& ports) : ports_(ports) {}

  // One that runs already, or a new one that has begun. Fails with every error of plugin and
  // configuration, each at its place.
  Result<std::shared_ptr<Instance>> get(PluginLibrary& library, const InstanceSpec& spec);
  // Of a host that goes. What did not start is shared with nobody from then on.
  void give_back(std::vector<std::shared_ptr<Instance>> instances);
  // Ends those that nobody wants and in which nothing is under way; how many are left.
  size_t sweep();

  const HostPorts& ports() const { return ports_; }
  Operations& operations() { return operations_; }
  const Operations& operations() const { return operations_; }

 private:
  struct Leaving {
    std::shared_ptr<Instance> instance;
    Duration quiet_since;  // since boot, as all time here
  };
  Result<std::shared_ptr<Instance>> begin(const LoadedPlugin& plugin, const InstanceSpec& spec,
                                          std::string config);
  void watch(Duration at);
  void end_overdue();

  const HostPorts ports_;
  Operations operations_;
  std::mutex mutex_;
  std::map<std::string, std::weak_ptr<Instance>> running_;  // by what they were made from
  std::vector<Leaving> leaving_;
  Duration watched_{INT64_MIN};
};

}  // namespace relance
