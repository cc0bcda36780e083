#include "plugins/instance_pool.h"

#include <algorithm>

#include "plugins/isolation/isolated_plugin.h"
#include "plugins/plugin_config.h"

namespace relance {
namespace {

using Role = InstanceSpec::Role;

constexpr Duration kLinger = seconds(5);  // for answers that pass from hand to hand

bool writes(const rl_generate& generate) { return (generate.kinds & RL_CONTENT) != 0; }

// One that cannot be made has no estimate.
void describe_only(const LoadedPlugin& plugin, Instance& instance) {
  if (plugin.channel && plugin.channel->estimate) static_cast<void>(instance.create().ok());
}

std::string made_from(const LoadedPlugin& plugin, const InstanceSpec& spec,
                      const std::string& config) {
  return derive_key({std::to_string(static_cast<int>(spec.role)), spec.name, plugin.info.hash,
                     spec.isolated ? "isolated" : "", config, spec.identity})
      .text();
}

}  // namespace

Status fits(const LoadedPlugin& plugin, const InstanceSpec& spec) {
  const bool can = spec.role == Role::channel     ? plugin.channel != nullptr
                   : spec.role == Role::connector ? plugin.connector != nullptr
                   : spec.role == Role::policy    ? plugin.policy != nullptr
                   : spec.role == Role::source    ? plugin.inbound != nullptr
                   : spec.role == Role::content   ? plugin.generate && writes(*plugin.generate)
                                                  : plugin.generate != nullptr;
  if (can) return {};
  static constexpr const char* kNames[] = {"channel",       "connector", "policy",
                                           "understanding", "source",    "writer"};
  return Error{Code::plugin_incomplete,
               "plugin '" + spec.plugin + "' is no " + kNames[static_cast<size_t>(spec.role)],
               spec.where, "see `relance plugin inspect " + spec.plugin + "`"};
}

Result<std::shared_ptr<Instance>> InstancePool::get(PluginLibrary& library,
                                                    const InstanceSpec& spec) {
  auto info = library.find(spec.plugin);
  if (!info) {
    Error error = info.error();
    if (error.where.file.empty()) error.where = spec.where;
    return error;
  }
  auto plugin = load_plugin(info->path);
  if (!plugin) return plugin.error();
  if (auto fit = fits(**plugin, spec); !fit) return fit.error();
  if (spec.isolated) plugin = isolated_plugin(**plugin);
  if (!plugin) return plugin.error();
  auto config = prepare_config(**plugin, spec, &ports_.process);
  if (!config) return config.error();
  const std::string key = made_from(**plugin, spec, *config);
  {
    const std::lock_guard lock(mutex_);
    if (auto running = running_[key].lock()) return running;
  }
  auto made = begin(**plugin, spec, std::move(*config));
  if (!made) return made;
  const std::lock_guard lock(mutex_);
  running_[key] = *made;
  return made;
}

Result<std::shared_ptr<Instance>> InstancePool::begin(const LoadedPlugin& plugin,
                                                      const InstanceSpec& spec,
                                                      std::string config) {
  auto instance = std::make_shared<Instance>(plugin, spec, ports_, operations_,
                                             [this](Duration at) { watch(at); });
  instance->configure(std::move(config));
  if (ports_.at_rest && spec.role != Role::policy)
    describe_only(plugin, *instance);
  else if (auto started = instance->start(); !started)
    return started.error();
  return instance;
}

void InstancePool::give_back(std::vector<std::shared_ptr<Instance>> instances) {
  const std::lock_guard lock(mutex_);
  const auto known = [&](const std::shared_ptr<Instance>& instance) {
    return std::any_of(leaving_.begin(), leaving_.end(),
                       [&](const Leaving& one) { return one.instance == instance; });
  };
  std::erase_if(running_, [](const auto& one) {
    const auto instance = one.second.lock();
    return instance && !instance->begun_within({});
  });
  for (auto& instance : instances)
    if (!known(instance)) leaving_.push_back({std::move(instance), ports_.clock.since_boot()});
}

size_t InstancePool::sweep() {
  std::vector<Leaving> gone;  // ended without the lock
  const std::lock_guard lock(mutex_);
  const Duration now = ports_.clock.since_boot();
  const auto stays = [&](Leaving& one) {
    if (operations_.any_of(*one.instance)) one.quiet_since = now;
    return one.instance.use_count() == 1 && one.quiet_since + kLinger > now;
  };
  // Of one that a later generation took again only this claim is dropped.
  const auto first_gone = std::stable_partition(leaving_.begin(), leaving_.end(), stays);
  gone.assign(std::make_move_iterator(first_gone), std::make_move_iterator(leaving_.end()));
  leaving_.erase(first_gone, leaving_.end());
  std::erase_if(running_, [](const auto& one) { return one.second.expired(); });
  return leaving_.size();
}

// One alarm for the next limit; whatever is over by then is answered in the plugin's place.
void InstancePool::watch(Duration at) {
  const Duration now = ports_.clock.since_boot();
  {
    const std::lock_guard lock(mutex_);
    if (watched_ <= at && watched_ > now) return;
    watched_ = at;
  }
  ports_.alarms.call_at(
      ports_.clock.now() + (at - now),
      [pool = weak_from_this()] {
        if (const auto still = pool.lock()) still->end_overdue();
      },
      true);
}

void InstancePool::end_overdue() {
  for (uint64_t id : operations_.over(ports_.clock.since_boot()))
    if (Instance* instance = operations_.instance_of(id)) instance->give_up(id);
  if (const auto next = operations_.next_limit()) watch(*next);
}

}  // namespace relance
