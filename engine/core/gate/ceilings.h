// What the card networks tolerate: attempts at one charged key in a rolling span. Which network a
// card belongs to is not known here, so all of them hold. Internal to the gate.
#pragma once

#include <array>
#include <string_view>

#include "base/instant.h"

namespace relance {

struct Ceiling {
  std::string_view name;
  int attempts;
  Duration per;
};

// Each stays below the network's own figure, because customers and other systems try as well.
constexpr std::array kCeilings = std::to_array<Ceiling>({
    {"relance", 8, days(14)},      // our own hard cap for each bill
    {"visa", 15, days(30)},        // Visa Core Rules of April 2026, table 7-2: 20 in 30 days
    {"mastercard", 9, hours(24)},  // Mastercard excessive attempts: fees above 10 in 24 hours
    {"mastercard", 30, days(30)},  // the same programme: fees above 35 in 30 days
});

}  // namespace relance
