#include "node/start.h"

#include <algorithm>

#include "base/crash_point.h"
#include "base/log.h"

namespace relance {
namespace {

constexpr Duration kLookAgain = hours(1);      // into do-not-call files
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

LaneLimits limits_of(const PluginEntry& entry, const Channel& channel) {
  const int most = channel.most_in_flight;
  return {entry.at_once > 0 ? std::min(entry.at_once, most) : most, entry.per_second};
}

Status take_do_not_call(NodeCore& node, const Bundle& bundle) {
  if (bundle.contact.do_not_call.empty()) return {};
  auto lists = read_do_not_call(bundle.contact.do_not_call, bundle.directory);
  if (!lists) return lists.error();
  node.do_not_call(std::move(*lists));
  return {};
}

// A list that somebody replaced holds without a restart; one that cannot be read leaves the one of
// before in force.
void watch_do_not_call(NodeCore& node, const Bundle& bundle, const StartPorts& ports) {
  if (bundle.contact.do_not_call.empty()) return;
  const auto look = [&node, &bundle, ports] {
    if (auto taken = take_do_not_call(node, bundle); !taken)
      log::error("contact", "{}", taken.error().text());
    watch_do_not_call(node, bundle, ports);
  };
  ports.alarms.call_at(ports.clock.now() + kLookAgain, look, true);
}

Status bring_up(NodeCore& node, ActiveGeneration& generation, bool changed, StoreReader& reader,
                Instant now) {
  if (auto added = generation.add_stored_versions(reader); !added) return added;
  if (changed)
    if (auto kept = keep_generation(node, generation, now); !kept) return kept;
  for (const PluginEntry& entry : generation.bundle().channels)
    if (const Channel* channel = generation.host().channel(entry.name))
      node.limit(entry.name, limits_of(entry, *channel));
  if (auto lists = take_do_not_call(node, generation.bundle()); !lists) return lists;
  const EventCatalogue& events = generation.bundle().events;
  node.activate(std::shared_ptr<const Rules>(&generation.rules(), [](const Rules*) {}),
                generation.host(), [&events](std::string_view type, DocView data, Instant at) {
                  return type_event_data(type, data, events, at);
                });
  return node.recover();
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
  watch_do_not_call(node, (*generation)->bundle(), ports);
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
