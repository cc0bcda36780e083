// How an instance of a plugin does since it was made, for operators.
//
// Threads: InstanceCounts any; InstanceHealth is a copy.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>

#include "base/instant.h"

namespace relance {

inline constexpr size_t kOperationStatuses = 7;  // of OperationStatus

struct InstanceCounts {
  std::array<std::atomic<uint64_t>, kOperationStatuses> ended{};
  std::atomic<uint64_t> overdue = 0;  // of these, ended by the host: there was no answer in time
  std::atomic<uint64_t> threw = 0;    // exceptions across the contract
  std::atomic<uint64_t> begun = 0;    // more than once: its process ended and was started again
};

struct InstanceHealth {
  std::string name, plugin;
  std::array<uint64_t, kOperationStatuses> ended{};
  uint64_t overdue = 0, threw = 0, begun = 0;
  size_t open = 0;    // operations under way
  Duration oldest{};  // age of the oldest of them
};

}  // namespace relance
