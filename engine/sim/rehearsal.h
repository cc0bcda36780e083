// A rehearsal: a whole installation on a virtual clock. Store, node, generation and drive in one,
// for `relance run --clock virtual`, flow tests, benches and scenarios alike.
//
// Threads: one; it starts workers of its own.
#pragma once

#include "node/generations.h"
#include "sim/virtual_drive.h"

namespace relance {

struct RehearsalOptions {
  std::string store = "memory:";
  Instant start;  // of the clock, in a new store; else it goes on from the store's last commit
  uint64_t seed = 1;
  int workers = 1;
  SandboxOptions sandbox;
  NodeOptions node;
  std::function<StoreFactory(StoreFactory)> over;  // what tests put around the store
};

class Rehearsal {
 public:
  // Fails with every error of the bundle's plugins or of the store.
  static Result<std::unique_ptr<Rehearsal>> make(std::shared_ptr<const Bundle> bundle,
                                                 PluginLibrary& library, RehearsalOptions options,
                                                 std::vector<Error>& errors);

  // Hands an event in; it is worked at its own instant, or now where that is past.
  void at(Instant when, EventInput event);
  Status run(Instant until = Instant::never()) { return drive_.run(until); }

  VirtualClock& clock() { return clock_; }
  NodeCore& node() { return *node_; }
  Generations& generations() { return *generations_; }
  uint64_t accepted() const { return accepted_; }
  uint64_t duplicates() const { return node_->duplicates(); }

 private:
  explicit Rehearsal(RehearsalOptions options);

  RehearsalOptions options_;
  VirtualClock clock_;
  SimulatedProcess process_;
  std::unique_ptr<Net> net_ = make_no_net();
  VirtualDrive drive_;
  std::unique_ptr<NodeCore> node_;
  std::unique_ptr<Generations> generations_;
  uint64_t accepted_ = 0;
};

}  // namespace relance
