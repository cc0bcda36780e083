// Plays the customers' reactions: waits until each is due, then hands the event to the engine.
//
// With an effect ledger the plans stand in a file beside it (`EFFECTS.reactions`), so that a
// customer still pays after the engine was killed. What was due shortly before the start is told
// again; the engine drops what it has seen, because an event's id is made from the touch's key.
#pragma once

#include <relance/host.h>

#include <memory>
#include <vector>

#include "behaviour.h"
#include "facts.h"
#include "kit/file.h"
#include "kit/timers.h"
#include "reaction.h"
#include "world.h"

namespace sandbox {

class Customers {
 public:
  Customers(const rl_host* host, const Behaviour& behaviour, kit::Timers& timers)
      : host_(host), behaviour_(behaviour), timers_(timers) {}

  // Fails (throws): the file of plans cannot be read or opened.
  void load();

  void expect(const Facts& facts, const std::vector<Reaction>& plan);

  World& world() { return *world_; }

 private:
  struct Waiting;
  void wait_for(std::shared_ptr<const Waiting> waiting);
  void play(const std::shared_ptr<const Waiting>& waiting);

  const rl_host* host_;
  const Behaviour& behaviour_;
  kit::Timers& timers_;
  std::shared_ptr<World> world_;
  kit::LineFile file_;
};

}  // namespace sandbox
