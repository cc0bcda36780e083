#include "node/store_at_rest.h"

#include <algorithm>

#include "base/log.h"
#include "core/state/apply.h"
#include "core/state/redact.h"
#include "node/derived.h"
#include "node/in_flight.h"
#include "node/store_at_rest_world.h"
#include "node/stored_customer.h"

namespace relance {
namespace {

Error not_kept(CommitOutcome outcome, const std::string& trouble, const char* look) {
  const bool unknown = outcome == CommitOutcome::unknown;
  return {outcome == CommitOutcome::full ? Code::store_full : Code::store_failed,
          std::string(unknown ? "whether it was kept is not known: " : "it was not kept: ") +
              (trouble.empty() ? std::string(commit_outcome_name(outcome)) : trouble),
          {},
          unknown ? look : ""};
}

}  // namespace

StoreAtRest::StoreAtRest() : world_(std::make_unique<World>()) {}
StoreAtRest::~StoreAtRest() = default;

Result<std::unique_ptr<StoreAtRest>> StoreAtRest::open(const AtRestOptions& options,
                                                       PluginLibrary& library,
                                                       std::vector<Error>& errors) {
  std::unique_ptr<StoreAtRest> made(new StoreAtRest());
  auto opened = made->take_over(options);
  if (!opened) errors.push_back(opened.error());
  if (opened) opened = made->make_rules(options, library, errors);
  if (opened) opened = made->erase_again();
  if (!opened) return opened.error();
  return made;
}

Status StoreAtRest::take_over(const AtRestOptions& options) {
  StoreOptions how;
  how.derive = entry_deriver();
  how.redact = entry_redactor();
  auto store = open_store(options.store, std::move(how));
  if (!store) return store.error();
  store_ = std::move(*store);
  const Opened& opened = store_->opened();
  if (opened.hold) lost_.begin(*opened.hold);
  next_ = opened.next_position;
  now_ = options.virtual_clock ? opened.last_commit_at
                               : std::max(world_->idle.clock.now(), opened.last_commit_at);
  reader_ = store_->reader();
  // Each writer follows the one before it: what a crash left must outlive this one, too.
  const std::string path = options.virtual_clock ? std::string() : marks_path(options.store);
  if (!path.empty()) {
    auto marks = Marks::open({path, SystemProcess().boot_id(), opened.installation, opened.epoch,
                              opened.last_worked, opened.last_commit_at});
    if (marks)
      marks_ = std::move(*marks);
    else
      log::warn("node", "no crash marks: {}", marks.error().message);
  }
  return store_->addresses(
      [&](const Derived::Address& one) { addresses_.set(one.hash, one.state); });
}

// As a node does when it starts.
Status StoreAtRest::erase_again() {
  for (const Key& customer : store_->opened().erase_again) {
    CommandInput command;
    command.command = "erase";
    command.author = "relance";
    if (const auto erased = this->command(customer, command); !erased) return erased.error();
  }
  return {};
}

Status StoreAtRest::make_rules(const AtRestOptions& options, PluginLibrary& library,
                               std::vector<Error>& errors) {
  const auto refused = [&](Error error) {
    errors.push_back(error);
    return error;
  };
  auto generations = reader_->generations();
  if (!generations) return refused(generations.error());
  if (generations->empty())
    return refused({Code::run_no_flow_version, "the store holds no bundle", {}, ""});
  const Generation& latest = generations->front();
  return make_generation(latest, latest.number, options, library, errors);
}

Status StoreAtRest::make_generation(const Generation& from, uint64_t number,
                                    const AtRestOptions& options, PluginLibrary& library,
                                    std::vector<Error>& errors) {
  const auto refused = [&](Error error) {
    errors.push_back(error);
    return error;
  };
  auto sources = stored_bundle(*reader_, from);
  if (!sources) return refused(sources.error());
  LoadedBundle loaded = load_bundle(*sources, "", load_options(library, options.sandbox));
  for (const Finding& finding : loaded.findings)
    if (!loaded.bundle && finding.severity == Severity::error) errors.push_back(finding.error);
  if (!loaded.bundle) return errors.front();
  const HostPorts ports = world_->idle.ports();
  const SandboxOptions sandbox{options.sandbox, "", 1};
  auto generation = ActiveGeneration::make(loaded.bundle, library, ports, sandbox, number, errors);
  if (!generation) return generation.error();
  generation_ = std::move(*generation);
  if (auto added = generation_->add_stored_versions(*reader_); !added)
    return refused(added.error());
  return {};
}

Result<uint64_t> StoreAtRest::roll_back(const AtRestOptions& options, PluginLibrary& library,
                                        uint64_t number, const Activation& who,
                                        std::vector<Error>& errors) {
  StoreAtRest store;
  const auto refused = [&](Error error) {
    errors.push_back(error);
    return error;
  };
  if (auto opened = store.take_over(options); !opened) return refused(opened.error());
  const auto all = store.reader_->generations();
  if (!all) return refused(all.error());
  const bool one_before = number == 0;
  if (one_before && all->size() > 1) number = all->at(1).number;
  const auto wanted =
      std::find_if(all->begin(), all->end(), [&](const auto& one) { return one.number == number; });
  if (number == 0 || wanted == all->end())
    return refused({Code::no_generation,
                    one_before ? "the store has no generation before the active one"
                               : "the store has no generation " + std::to_string(number),
                    {},
                    "see `relance generations`"});
  const Generation& latest = all->front();
  if (auto made = store.make_generation(*wanted, latest.number + 1, options, library, errors);
      !made)
    return made.error();
  if (auto stays = store.strands_nobody(); !stays) return refused(stays.error());
  Activation how = who;
  how.instead_of = bundle_hash_of(latest);
  if (auto kept = store.keep_generation(how); !kept) return refused(kept.error());
  return latest.number + 1;
}

Status StoreAtRest::strands_nobody() {
  const BundleRules& rules = generation_->rules();
  if (rules.missing() == 0) return {};
  const auto found = find_in_flight(*reader_, store_->opened().horizon);
  if (!found) return found.error();
  for (const auto& [version, runs] : found->versions)
    if (runs.count > 0 && !rules.flow(version))
      return strands_runs(version, runs,
                          {Code::run_no_flow_version, rules.why_missing(version), {}, {}});
  return {};
}

Status StoreAtRest::keep_generation(const Activation& who) {
  Batch batch;
  batch.epoch = store_->opened().epoch;
  batch.at = now_;
  batch.sources = generation_->sources();
  batch.generation = generation_->manifest(now_, who.author, who.reason, who.instead_of);
  const CommitOutcome outcome = store_->commit(batch);
  if (outcome != CommitOutcome::ok)
    return not_kept(outcome, store_->trouble(), "see `relance generations`");
  return {};
}

// His snapshot and the entries since.
Result<StoreAtRest::Known> StoreAtRest::load(const Key& id) {
  auto stored = reader_->load(std::span<const Key>(&id, 1));
  if (!stored) return stored.error();
  auto loaded = complete(*reader_, id, stored->front());
  if (!loaded) return loaded.error();
  Known known{std::move(loaded->customer), loaded->last};
  Status applied;
  auto read = reader_->entries(store_->opened().horizon, next_, [&](const StoredEntry& one) {
    if (one.customer != id || one.position <= known.last) return true;
    auto entry = decode_entry(one.body);
    if (!entry) {
      applied = entry.error();
      return false;
    }
    apply_entry(known.customer, *entry, one.body);
    known.last = one.position;
    return true;
  });
  if (!read) return read.error();
  if (!applied) return applied.error();
  return known;
}

Status StoreAtRest::commit(const Known& known, const Entry& entry) {
  NewEntry fresh;
  fresh.customer = known.customer.id;
  fresh.position = next_;
  fresh.previous = known.last;
  fresh.body = encode_entry(entry);
  fresh.derived = derived_of(known.customer.id, entry);
  fresh.erases = erases(entry);
  Batch batch;
  batch.epoch = store_->opened().epoch;
  batch.at = now_;
  batch.entries.push_back(std::move(fresh));
  const CommitOutcome outcome = store_->commit(batch);
  if (outcome != CommitOutcome::ok)
    return not_kept(outcome, store_->trouble(), "see `relance touches`");
  ++next_;
  return {};
}

Result<Entry> StoreAtRest::command(const Key& customer, const CommandInput& command) {
  auto known = load(customer);
  if (!known) return known.error();
  const std::string installation = store_->opened().installation;
  auto paused = pauses();
  if (!paused) return paused.error();
  const Pauses standing(std::move(*paused), 1);
  const Context context{now_,         world_->idle.clock.since_boot().ms,
                        installation, generation_->rules(),
                        addresses_,   world_->slots,
                        false,        lost_.time(),
                        &standing};
  Decision decision;
  decide(known->customer, command, context, decision);
  if (!decision.entry.records.empty())
    if (auto kept = commit(*known, decision.entry); !kept) return kept.error();
  return std::move(decision.entry);
}

}  // namespace relance
