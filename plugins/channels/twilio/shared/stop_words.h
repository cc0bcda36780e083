// Words with which people end messages, by country: data with sources in stop_words.inc.
//
// A message is an opt-out when it is nothing but such a word: case, accents, surrounding spaces and
// punctuation do not count. Free wording is for an understanding plugin; where in doubt a person
// rather gets no more messages. Threads: any.
#pragma once

#include <string_view>

namespace twilio {

// `number`: of who wrote, E.164; its country adds that country's words to those of everywhere.
bool is_stop_word(std::string_view text, std::string_view number);

}  // namespace twilio
