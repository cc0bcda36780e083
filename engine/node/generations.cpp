#include "node/generations.h"

#include <algorithm>

#include "base/crash_point.h"
#include "base/log.h"
#include "node/in_flight.h"
#include "node/pauses.h"

namespace relance {
namespace {

constexpr Duration kLookAgain = hours(1);       // into do-not-call files
constexpr Duration kBeginWithin = seconds(15);  // more than the host gives a plugin
constexpr size_t kMostOlder = 32;  // beyond, only what runs and open touches need is kept

LaneLimits limits_of(const PluginEntry& entry, const Channel& channel) {
  const int most = channel.most_in_flight;
  return {entry.at_once > 0 ? std::min(entry.at_once, most) : most, entry.per_second};
}

Result<std::shared_ptr<const DoNotCallLists>> do_not_call_of(const Bundle& bundle) {
  if (bundle.contact.do_not_call.empty()) return std::make_shared<const DoNotCallLists>();
  return read_do_not_call(bundle.contact.do_not_call, bundle.directory);
}

Error not_kept(CommitOutcome outcome) {
  const bool unknown = outcome == CommitOutcome::unknown;
  return {outcome == CommitOutcome::full ? Code::store_full : Code::store_failed,
          "the bundle cannot be kept: " + std::string(commit_outcome_name(outcome)),
          {},
          unknown ? "it may be the next start's; see `relance generations`" : ""};
}

std::shared_ptr<const Bundle> load(const BundleSources& sources, const std::string& directory,
                                   PluginLibrary& library, bool sandbox,
                                   std::vector<Error>& errors) {
  LoadedBundle loaded = load_bundle(sources, directory, load_options(library, sandbox));
  for (Finding& finding : loaded.findings)
    if (!loaded.bundle && finding.severity == Severity::error)
      errors.push_back(std::move(finding.error));
  return loaded.bundle;
}

}  // namespace

HostPorts Generations::host_ports() const {
  const StartPorts& start = ports_.start;
  HostPorts host{start.clock, start.alarms, ports_.node, start.net, start.process};
  host.callbacks = start.callbacks;
  return host;
}

Result<std::unique_ptr<Generations>> Generations::start(const Ports& ports,
                                                        std::shared_ptr<const Bundle> bundle,
                                                        std::vector<Error>& errors) {
  std::unique_ptr<Generations> made(new Generations(ports));
  const size_t before = errors.size();
  if (auto begun = made->begin(std::move(bundle), errors); !begun) {
    if (errors.size() == before) errors.push_back(begun.error());
    return begun.error();
  }
  made->watch_do_not_call();
  return made;
}

Generations::~Generations() { ports_.node.activate({}); }

std::shared_ptr<ActiveGeneration> Generations::live() const {
  const std::lock_guard lock(mutex_);
  return live_;
}

// The same bundle and plugins as at the last start are the same generation.
Status Generations::begin(std::shared_ptr<const Bundle> bundle, std::vector<Error>& errors) {
  NodeCore& node = ports_.node;
  const auto reader = node.store().reader();
  const auto earlier = reader->generations();
  if (!earlier) return earlier.error();
  const relance::Generation* last = earlier->empty() ? nullptr : &earlier->front();
  if (last && !bundle->hash.empty() && set_aside_by(*last) == bundle->hash) {
    log::warn("bundle", "these files are what generation {} went back from; that one goes on",
              last->number);
    auto sources = stored_bundle(*reader, *last);
    if (!sources) return sources.error();
    bundle = load(*sources, bundle->directory, ports_.library, ports_.sandbox.on, errors);
    if (!bundle) return errors.back();
  }
  const std::string manifest = manifest_of(*bundle, ports_.library, ports_.sandbox);
  const bool changed = !last || !same_content(last->manifest, manifest);
  auto made =
      ActiveGeneration::make(std::move(bundle), ports_.library, host_ports(), ports_.sandbox,
                             (last ? last->number : 0) + (changed ? 1 : 0), errors);
  if (!made) return made.error();
  const std::shared_ptr<ActiveGeneration> generation = std::move(*made);
  if (auto added = generation->add_stored_versions(*reader); !added) return added;
  auto lists = do_not_call_of(generation->bundle());
  if (!lists) return lists.error();
  if (changed)
    if (auto kept = keep(*generation, {"start", "", ""}); !kept) return kept;
  node.do_not_call(std::move(*lists));
  swap_in(generation);
  if (auto found = node.recover(); !found) return found;
  if (auto released = finish_releases(node); !released) return released;
  node.begin_searches();
  return {};
}

Result<NextGeneration> Generations::prepare_files(std::vector<Error>& errors) {
  auto sources = read_bundle(live()->bundle().directory);
  if (sources) return prepare(*sources, errors);
  errors.push_back(sources.error());
  return sources.error();
}

Result<NextGeneration> Generations::prepare_stored(uint64_t number, std::vector<Error>& errors) {
  const auto refused = [&](Error error) {
    errors.push_back(error);
    return error;
  };
  const auto reading = ports_.node.read_store();
  if (!reading) return refused(reading.error());
  const auto generations = reading->reader->generations();
  if (!generations) return refused(generations.error());
  const auto wanted = std::find_if(generations->begin(), generations->end(),
                                   [&](const auto& one) { return one.number == number; });
  if (wanted == generations->end())
    return refused({Code::no_generation,
                    "the store has no generation " + std::to_string(number),
                    {},
                    "see `relance generations`"});
  auto sources = stored_bundle(*reading->reader, *wanted);
  if (!sources) return refused(sources.error());
  return prepare(*sources, errors);
}

Result<NextGeneration> Generations::prepare(const BundleSources& sources,
                                            std::vector<Error>& errors) {
  const Duration patience = ports_.node.at_work() ? kBeginWithin : Duration{};
  const auto live = this->live();
  auto bundle = load(sources, live->bundle().directory, ports_.library, ports_.sandbox.on, errors);
  if (!bundle) return errors.back();
  auto made = ActiveGeneration::make(std::move(bundle), ports_.library, host_ports(),
                                     ports_.sandbox, live->number() + 1, errors, live.get());
  if (!made) return made.error();
  NextGeneration next;
  next.generation = std::move(*made);
  next.unchanged = same_content(live->manifest(), next.generation->manifest());
  auto lists = do_not_call_of(next.generation->bundle());
  auto ready = lists ? take_over(next) : Status(lists.error());
  if (ready) ready = next.generation->host().begun_within(patience);
  if (!ready) {
    errors.push_back(ready.error());
    return ready.error();
  }
  next.do_not_call = std::move(*lists);
  return next;
}

// Versions and templates that runs and touches of before are pinned to. Who needs them is looked
// for only where that matters.
Status Generations::take_over(NextGeneration& next) {
  const auto live = this->live();
  BundleRules& rules = next.generation->rules();
  BundleRules::Needed needed;
  InFlight found;
  const bool many = live->rules().older() > kMostOlder;
  if (many) {
    auto looked = find_in_flight(ports_.node);
    if (!looked) return looked.error();
    found = std::move(*looked);
    needed.version = [&](const Key& version) { return found.versions.contains(version); };
    needed.a_template = [&](std::string_view hash) { return found.templates.contains(hash); };
  }
  const auto stranded = rules.take_over(live->rules(), needed);
  if (live->rules().missing() > 0) {  // what could not be loaded before may be loaded now
    const auto reading = ports_.node.read_store();
    if (!reading) return reading.error();
    if (auto added = next.generation->add_stored_versions(*reading->reader); !added) return added;
  }
  if (stranded.empty()) return {};
  if (!many) {
    auto looked = find_in_flight(ports_.node);
    if (!looked) return looked.error();
    found = std::move(*looked);
  }
  for (const BundleRules::Stranded& one : stranded) {
    const auto runs = found.versions.find(one.version);
    if (runs == found.versions.end()) continue;
    return strands_runs(one.version, runs->second, one.why);
  }
  return {};
}

Status Generations::keep(ActiveGeneration& next, const Activation& who) {
  Committer& committer = ports_.node.committer();
  const auto outcome = committer.commit_generation(
      next.sources(),
      next.manifest(committer.engine_time(), who.author, who.reason, who.instead_of));
  crash_point(CrashPoint::generation_kept);
  if (outcome == CommitOutcome::ok) return {};
  return not_kept(outcome);
}

void Generations::swap_in(const std::shared_ptr<ActiveGeneration>& next) {
  NodeCore& node = ports_.node;
  for (const PluginEntry& entry : next->bundle().channels)
    if (const Channel* channel = next->host().channel(entry.name))
      node.limit(entry.name, limits_of(entry, *channel));
  {
    const std::lock_guard lock(mutex_);
    if (live_) retired_.push_back(live_);
    live_ = next;
  }
  node.activate({{next, &next->rules()},
                 {next, &next->host()},
                 [bundle = next->shared_bundle()](std::string_view type, DocView data, Instant at) {
                   return type_event_data(type, data, bundle->events, at);
                 }});
  crash_point(CrashPoint::generation_active);
}

Result<uint64_t> Generations::activate(NextGeneration next, const Activation& who) {
  crash_point(CrashPoint::reload_checked);
  if (auto kept = keep(*next.generation, who); !kept) return kept.error();
  ports_.node.do_not_call(std::move(next.do_not_call));
  swap_in(next.generation);
  ports_.node.begin_searches();
  return next.generation->number();
}

size_t Generations::sweep() {
  std::list<std::shared_ptr<ActiveGeneration>> gone;
  size_t left = 0;
  {
    const std::lock_guard lock(mutex_);
    for (auto at = retired_.begin(); at != retired_.end();) {
      const auto one = at++;
      if (one->use_count() == 1) gone.splice(gone.end(), retired_, one);
    }
    left = retired_.size();
  }
  gone.clear();
  return left + live()->host().sweep();
}

// A list that somebody replaced holds without a restart; one that cannot be read leaves the one of
// before in force.
void Generations::watch_do_not_call() {
  const auto look = [this] {
    const auto live = this->live();
    auto lists = do_not_call_of(live->bundle());
    if (!lists)
      log::error("contact", "{}", lists.error().text());
    else if (!live->bundle().contact.do_not_call.empty())
      ports_.node.do_not_call(std::move(*lists));
    watch_do_not_call();
  };
  ports_.start.alarms.call_at(ports_.start.clock.now() + kLookAgain, look, true);
}

}  // namespace relance
