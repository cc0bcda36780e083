#include "sim/rehearsal.h"

#include "base/log.h"

namespace relance {

Rehearsal::Rehearsal(RehearsalOptions options)
    : options_(std::move(options)), clock_(options_.start), drive_(clock_, options_.workers) {}

Result<std::unique_ptr<Rehearsal>> Rehearsal::make(std::shared_ptr<const Bundle> bundle, PluginLibrary& library,
                                                   RehearsalOptions options, std::vector<Error>& errors) {
  std::unique_ptr<Rehearsal> made(new Rehearsal(std::move(options)));
  Rehearsal* self = made.get();
  const auto refused = [&](Error error) {
    errors.push_back(error);
    return error;
  };
  NodeCore::Ports ports{self->clock_, self->process_,
                        [self] {
                          StoreOptions options;
                          options.installation_seed = std::to_string(self->options_.seed);
                          options.derive = entry_deriver();
                          return open_store(self->options_.store, std::move(options));
                        },
                        self->drive_,
                        [](const Error& error) { log::error("store", "{}", error.text()); },
                        false};
  auto node = NodeCore::make(std::move(ports), self->options_.node);
  if (!node) return refused(node.error());
  self->node_ = std::move(*node);
  const Opened& opened = self->node_->store().opened();
  if (!opened.created) self->clock_.set(opened.last_commit_at);

  auto reader = self->node_->store().reader();
  auto earlier = reader->generations();
  if (!earlier) return refused(earlier.error());
  const uint64_t number = earlier->empty() ? 1 : earlier->front().number + 1;
  const HostPorts host_ports{self->clock_, self->drive_, *self->node_, *self->net_, self->process_};
  auto generation = ActiveGeneration::make(bundle, library, host_ports, self->options_.sandbox, number, errors);
  if (!generation) return generation.error();
  self->generation_ = std::move(*generation);
  if (auto added = self->generation_->add_stored_versions(*reader); !added) return refused(added.error());
  const auto manifest = self->generation_->manifest(self->clock_.now(), "run", "");
  if (earlier->empty() || earlier->front().manifest != manifest.manifest) {
    const auto outcome = self->node_->committer().commit_generation(self->generation_->sources(), manifest);
    if (outcome != CommitOutcome::ok)
      return refused({Code::store_failed, "the bundle cannot be kept: " + std::string(commit_outcome_name(outcome)), {}, ""});
  }
  const EventCatalogue& events = bundle->events;
  self->node_->activate(std::shared_ptr<const Rules>(&self->generation_->rules(), [](const Rules*) {}),
                        self->generation_->host(), [&events](std::string_view type, DocView data) {
                          return type_event_data(type, data, events);
                        });
  self->drive_.attach(*self->node_, self->generation_->host());
  if (auto recovered = self->node_->recover(); !recovered) return refused(recovered.error());
  return made;
}

void Rehearsal::at(Instant when, EventInput event) {
  ++accepted_;
  drive_.call_at(std::max(when, clock_.now()), [this, event = std::move(event)]() mutable {
    node_->accept(std::move(event), {});
  }, false);
}

}  // namespace relance
