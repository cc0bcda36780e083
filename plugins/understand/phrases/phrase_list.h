// The phrase lists as data: one file per language (en.inc, fr.inc, de.inc), a row per phrase. Rows
// are written as `fold` leaves an utterance: lower case, no accents, no punctuation.
#pragma once

#include <span>
#include <string_view>

namespace phrases {

struct Phrase {
  std::string_view word, text;
};

// For a BCP 47 tag; a language without a list gives the English one.
std::span<const Phrase> list_for(std::string_view language);

}  // namespace phrases
