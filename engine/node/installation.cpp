#include "node/installation.h"

#include <cstdlib>

#include "base/log.h"
#include "node/marks.h"

namespace relance {
namespace {

constexpr int kStoreLost = 3;  // exit code, as when it cannot be opened

// What the disk holds is not known any more; whoever goes on would lose or repeat something. The
// committer has said why.
void end_process(const Error&) { std::_Exit(kStoreLost); }

}  // namespace

Installation::Installation(InstallationOptions options)
    : options_(std::move(options)),
      process_(options_.process ? *options_.process : this_process_),
      clock_(machine_clock_, clock_doubt_path(options_.store), process_.boot_id()),
      drive_(clock_, options_.node, options_.failed) {}

Result<std::unique_ptr<Installation>> Installation::make(std::shared_ptr<const Bundle> bundle,
                                                         PluginLibrary& library,
                                                         InstallationOptions options,
                                                         std::vector<Error>& errors) {
  if (options.node.marks_path.empty()) options.node.marks_path = marks_path(options.store);
  options.node.hold_path = hold_path(options.store);
  std::unique_ptr<Installation> made(new Installation(std::move(options)));
  Installation* self = made.get();
  NodeCore::Ports ports{
      self->clock_, self->process_, store_factory(self->options_.store, self->options_.seed),
      self->drive_, end_process,    true,
      &self->drive_};
  auto node = NodeCore::make(std::move(ports), self->options_.node);
  if (!node) {
    errors.push_back(node.error());
    return node.error();
  }
  self->node_ = std::move(*node);
  NodeCore& core = *self->node_;
  self->clock_.start_after(core.store().opened().last_commit_at,
                           [&core] { core.halt(Halt::clock); });
  self->drive_.watch(self->clock_);
  const StartPorts start{self->clock_, self->drive_, *self->net_, self->process_,
                         self->options_.callbacks ? &*self->options_.callbacks : nullptr};
  auto generations =
      Generations::start({core, library, start, self->options_.sandbox}, std::move(bundle), errors);
  if (!generations) return generations.error();
  self->generations_ = std::move(*generations);
  self->drive_.start(core);
  return made;
}

Installation::~Installation() {
  if (auto stopped = drive_.stop({}); !stopped) log::error("node", "{}", stopped.error().text());
}

Status Installation::stop(Duration patience) {
  if (auto stopped = drive_.stop(patience); !stopped) return stopped;
  return node_->close();
}

}  // namespace relance
