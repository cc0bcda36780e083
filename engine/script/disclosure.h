// What an automated caller says before anything else: that it is one. EU AI Act, art. 50(1), since
// 2 August 2026, and California SB 1001 demand it; it is said to everybody.
#pragma once

#include <string_view>

namespace relance {

// In the language of this locale ("fr-CA"), else in English.
std::string_view disclosure_in(std::string_view locale);

}  // namespace relance
