// What the provider answers to a touch: a pure function of the seed, the key and what the touch
// says, so that it is the same on every thread, on a repeat and in a look-up.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "behaviour.h"
#include "facts.h"

namespace sandbox {

struct Answer {
  uint32_t status = 0;
  std::string word, reason, data;
};

// For e-mail, SMS and calls ("picked_up" stands for an answered call); `new_method` for charges:
// the customer has given a new card since the decline.
Answer answer_to(const Behaviour& behaviour, const Facts& facts, bool new_method);

// One of the words by their shares; the first word takes what is left over.
std::string pick(const std::map<std::string, double>& shares, const std::string& rest, double u);

}  // namespace sandbox
