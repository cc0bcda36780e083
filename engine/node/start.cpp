#include "node/start.h"

#include "base/crash_point.h"

namespace relance {
namespace {

constexpr uint64_t kReserveBytes = 16u << 20;  // outcomes of all that can be under way, many times

// Kept with its sources, because runs are pinned to it.
Status keep_generation(NodeCore& node, const ActiveGeneration& generation, Instant now) {
  const auto outcome =
      node.committer().commit_generation(generation.sources(), generation.manifest(now, "run", ""));
  crash_point(CrashPoint::generation_kept);
  if (outcome == CommitOutcome::ok) return {};
  return Error{Code::store_failed,
               "the bundle cannot be kept: " + std::string(commit_outcome_name(outcome)),
               {},
               ""};
}

Status bring_up(NodeCore& node, ActiveGeneration& generation, bool changed, StoreReader& reader,
                Instant now) {
  if (auto added = generation.add_stored_versions(reader); !added) return added;
  if (changed)
    if (auto kept = keep_generation(node, generation, now); !kept) return kept;
  for (const PluginEntry& entry : generation.bundle().channels)
    if (const Channel* channel = generation.host().channel(entry.name))
      node.limit(entry.name, {channel->most_in_flight, 0});
  const EventCatalogue& events = generation.bundle().events;
  node.activate(std::shared_ptr<const Rules>(&generation.rules(), [](const Rules*) {}),
                generation.host(), [&events](std::string_view type, DocView data, Instant at) {
                  return type_event_data(type, data, events, at);
                });
  if (auto found = node.recover(); !found) return found;
  node.begin_searches();
  return {};
}

}  // namespace

Result<std::unique_ptr<ActiveGeneration>> start_bundle(
    NodeCore& node, std::shared_ptr<const Bundle> bundle, PluginLibrary& library,
    const StartPorts& ports, const SandboxOptions& sandbox, std::vector<Error>& errors) {
  const auto refused = [&](Error error) {
    errors.push_back(error);
    return error;
  };
  const auto reader = node.store().reader();
  const auto earlier = reader->generations();
  if (!earlier) return refused(earlier.error());
  // The same bundle as at the last start is the same generation.
  const bool changed = earlier->empty() || earlier->front().manifest != manifest_of(*bundle);
  const uint64_t latest = earlier->empty() ? 0 : earlier->front().number;
  HostPorts host{ports.clock, ports.alarms, node, ports.net, ports.process};
  host.callbacks = ports.callbacks;
  auto generation = ActiveGeneration::make(std::move(bundle), library, host, sandbox,
                                           changed ? latest + 1 : latest, errors);
  if (!generation) return generation.error();
  auto up = bring_up(node, **generation, changed, *reader, ports.clock.now());
  if (!up) return refused(up.error());
  return generation;
}

StoreFactory store_factory(const std::string& url, uint64_t seed, bool rehearsal) {
  return [url, seed, rehearsal] {
    StoreOptions options;
    options.installation_seed = std::to_string(seed);
    options.derive = entry_deriver();
    options.rehearsal = rehearsal;
    options.reserve_bytes = kReserveBytes;
    return open_store(url, std::move(options));
  };
}

}  // namespace relance
