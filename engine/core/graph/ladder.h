// A send over several channels names them as a ladder, from the cheapest to the dearest: policies
// climb it in this order. One that goes down is a warning (E0143).
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "core/graph/check.h"

namespace relance {

struct ChannelCost {
  int64_t micro = 0;  // of one touch at most, millionths of the currency
  Currency currency;
};

// `cost_of(channel)`: what its plugin estimates; nullopt: it tells nothing, and is not compared.
std::vector<Finding> check_ladders(
    const Flow& flow, const std::function<std::optional<ChannelCost>(std::string_view)>& cost_of);

}  // namespace relance
