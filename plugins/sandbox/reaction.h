// What the customer does after a message: opens it, clicks its link, pays or gives a new card, or
// asks to be left alone. A plan, made from the seed and the touch's key alone; the provider plays
// it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "behaviour.h"
#include "facts.h"

namespace sandbox {

enum class Move { tell, pay, new_method };

struct Reaction {
  int64_t at = 0;
  Move move = Move::tell;
  std::string type;  // of the event
  std::string data;  // JSON
};

// After a message that was delivered at `sent_at`. In order of time.
std::vector<Reaction> plan_reactions(const Behaviour& behaviour, const Facts& facts,
                                     int64_t sent_at);

// After a call in which she promised to pay. Empty: she does not keep it.
std::vector<Reaction> plan_promise(const Behaviour& behaviour, const Facts& facts, int64_t said_at);

}  // namespace sandbox
