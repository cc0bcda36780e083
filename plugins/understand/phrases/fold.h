// Utterances made comparable, and what can be read out of them beside a word.
#pragma once

#include <string>
#include <string_view>

namespace phrases {

// Lower case, accents of the Latin alphabet taken off, everything else but letters and digits
// turned into single blanks. Other scripts are kept as they are.
std::string fold(std::string_view utf8);

// A time of day that was named, as "18:30"; empty: none. Reads "18:30", "18h30", "18 h", "6 pm",
// "18 uhr 30" in the raw utterance.
std::string time_named(std::string_view utterance);

}  // namespace phrases
