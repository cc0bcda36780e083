// A message that is one word about messages: STOP and its like, START. One list for every channel;
// the words and their sources stand in stop_words.inc.
//
// It is one when there is nothing else in it: case, accents, surrounding spaces and punctuation do
// not count. Free wording is for an understanding plugin. Threads: any.
#pragma once

#include <cstdint>
#include <string_view>

namespace relance {

enum class Wish : uint8_t { none, stop, start };

// `number`: of who wrote, E.164; its country's words count beside those of everywhere. Without one
// (an e-mail, a number that nobody told) those of all countries do: where in doubt a person rather
// gets no more messages.
Wish wish_of(std::string_view text, std::string_view number = {});

}  // namespace relance
