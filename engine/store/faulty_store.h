// A store that fails as planned, over any other: for tests and simulations.
//
// The plan outlives the stores that follow it: commits are counted over all openings, so that a
// fault can strike after the caller has opened again. What a real store can do after a fault, this
// one does too: after `unknown`, `fenced`, `went_back` and `failed` nothing more is committed until
// it is opened again.
// Threads: as store.h; a plan serves one store at a time.
#pragma once

#include <deque>
#include <functional>
#include <memory>

#include "store/store.h"

namespace relance {

struct Fault {
  enum class Kind : uint8_t {
    unknown_kept,  // answers unknown; the batch is durable
    unknown_lost,  // answers unknown; nothing of it is
    fenced,
    went_back,  // takes FaultPlan::go_back if there is one
    full,       // this commit only
    failed,
  };
  uint64_t at_commit = 1;  // the n-th commit counted by the plan, from 1
  Kind kind = Kind::full;
};

struct FaultPlan {
  std::deque<Fault> faults;       // rising by at_commit
  std::function<void()> go_back;  // puts what lies below the store back to an earlier state
  uint64_t commits = 0;           // counted so far, failed ones among them
};

// Owns `inner`. Everything but commit() is passed on.
std::unique_ptr<Store> make_faulty_store(std::unique_ptr<Store> inner,
                                         std::shared_ptr<FaultPlan> plan);

}  // namespace relance
