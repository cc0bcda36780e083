// People: they take items out of queues, settle charges that nobody can find out about, and say
// what is true. Customers among them ask that their data be kept only, completed, or erased.
//
// Threads: one.
#pragma once

#include "core/graph/flow.h"
#include "core/run/rules.h"
#include "node/node.h"
#include "sim/world/chance.h"
#include "sim/world/durable.h"
#include "sim/world/ledger.h"

namespace relance {

class People {
 public:
  People(uint64_t seed, const Durable& durable, Ledger& ledger, const Rules& rules, Story& story)
      : durable_(durable),
        ledger_(ledger),
        rules_(rules),
        story_(story),
        chance_(seed, "people"),
        asking_(seed, "customers") {}

  // Looks through everything that waits for a person and does so many percent of it. True:
  // something was done.
  bool work(Node& node, int diligence);

 private:
  bool settle(Node& node, const Key& customer, const Touch& touch);
  bool may_move(const Customer& customer, const Lease& lease) const;
  bool work_on(Node& node, const Key& customer, const Lease& lease);
  bool ask(Node& node, const Customer& customer, bool at_the_end);

  const Durable& durable_;
  Ledger& ledger_;
  const Rules& rules_;
  Story& story_;
  Chance chance_, asking_;
};

}  // namespace relance
