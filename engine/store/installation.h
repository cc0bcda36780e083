// The id of an installation: 32 hex digits, made once for a new store.
#pragma once

#include <string>

namespace relance {

// The same for the same seed; drawn by chance where there is none.
std::string make_installation(const std::string& seed);

}  // namespace relance
