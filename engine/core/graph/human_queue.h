// A queue of the bundle in which items wait for a person.
#pragma once

#include <string>

#include "base/instant.h"

namespace relance {

struct HumanQueue {
  Duration lease = minutes(30);  // how long a person has an item before it counts as lost
  std::string desk;              // channel over which its items are offered; empty: none
  Duration accept = minutes(5);  // how long the desk may take to accept one
};

}  // namespace relance
