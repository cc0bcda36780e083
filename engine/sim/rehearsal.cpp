#include "sim/rehearsal.h"

#include "base/log.h"

namespace relance {

Rehearsal::Rehearsal(RehearsalOptions options)
    : options_(std::move(options)), clock_(Instant{}), drive_(clock_, options_.workers) {}

Result<std::unique_ptr<Rehearsal>> Rehearsal::make(std::shared_ptr<const Bundle> bundle,
                                                   PluginLibrary& library, RehearsalOptions options,
                                                   std::vector<Error>& errors) {
  std::unique_ptr<Rehearsal> made(new Rehearsal(std::move(options)));
  Rehearsal* self = made.get();
  StoreFactory factory = store_factory(self->options_.store, self->options_.seed, true);
  if (self->options_.over) factory = self->options_.over(std::move(factory));
  NodeCore::Ports ports{self->clock_,
                        self->process_,
                        std::move(factory),
                        self->drive_,
                        [](const Error& error) { log::error("store", "{}", error.text()); },
                        false,
                        &self->drive_};
  auto node = NodeCore::make(std::move(ports), self->options_.node);
  if (!node) {
    errors.push_back(node.error());
    return node.error();
  }
  self->node_ = std::move(*node);
  const Opened& opened = self->node_->store().opened();
  self->clock_.set(opened.created ? self->options_.start : opened.last_commit_at);
  const StartPorts start{self->clock_, self->drive_, *self->net_, self->process_};
  auto generations = Generations::start({*self->node_, library, start, self->options_.sandbox},
                                        std::move(bundle), errors);
  if (!generations) return generations.error();
  self->generations_ = std::move(*generations);
  self->drive_.attach(*self->node_);
  return made;
}

void Rehearsal::at(Instant when, EventInput event) {
  ++accepted_;
  drive_.call_at(
      std::max(when, clock_.now()),
      [this, event = std::move(event)]() mutable { node_->accept(std::move(event), {}); }, false);
}

}  // namespace relance
