// Small helpers on text: suggestions, UTF-8, files.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace relance {

// The candidate nearest to `word` by edit distance (at most a third of its length), or empty.
std::string closest(std::string_view word, std::span<const std::string_view> candidates);
std::string closest(std::string_view word, const std::vector<std::string>& candidates);
// "did you mean 'x'?" or empty.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

// At most `most` bytes and " ..." where there was more; a letter of several bytes is not cut.
std::string shortened(std::string text, size_t most);

bool valid_utf8(std::string_view bytes);
// Each byte that belongs to no character becomes U+FFFD.
std::string repaired_utf8(std::string_view bytes);
// Are they the same but for the case of ASCII letters?
bool same_ignoring_case(std::string_view a, std::string_view b);
std::vector<std::string_view> split(std::string_view text, char at);
std::string join(const std::vector<std::string>& parts, std::string_view between);

// Fails with file_not_found or file_unreadable.
Result<std::string> read_file(const std::string& path);

}  // namespace relance
