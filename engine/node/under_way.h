// Commands given to a node of which it is to be known what became.
//
// Threads: one() and wait() from the one that gives them; the answers come on
// any.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>

#include "node/node.h"

namespace relance {

class UnderWay {
 public:
  struct Answers {
    uint64_t kept = 0, refused = 0;
  };

  // For one command more.
  AcceptedBy one() {
    const std::lock_guard lock(state_->mutex);
    ++state_->open;
    return [state = state_](Accepted how) {
      const std::lock_guard one_over(state->mutex);
      state->answers.kept += how == Accepted::kept;
      state->answers.refused += how == Accepted::refused;
      if (--state->open == 0) state->over.notify_all();
    };
  }
  // Blocks: until all are answered, which takes a node that is driven.
  Answers wait() {
    std::unique_lock lock(state_->mutex);
    state_->over.wait(lock, [&] { return state_->open == 0; });
    return state_->answers;
  }

 private:
  struct State {
    std::mutex mutex;
    std::condition_variable over;
    size_t open = 0;
    Answers answers;
  };
  const std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace relance
