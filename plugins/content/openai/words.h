// What the policy looks for in a text: links, numbers, words without case and punctuation.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace openai {

// Whatever a mail or phone program would make a link of: "https://a.example/x", "a.example",
// "ann@a.example". Case counts.
std::set<std::string> links_in(std::string_view text);

// Runs of digits: of "1,299.00" they are 1, 299 and 00.
std::set<std::string> numbers_in(std::string_view text);

// Lower case, everything but letters and digits one space.
std::u32string folded(std::string_view text);

}  // namespace openai
