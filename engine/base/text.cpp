#include "base/text.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace relance {
namespace {

// Edits that turn `a` into `b`; two neighbours swapped, the commonest slip of the fingers, count as
// one edit.
size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> before(b.size() + 1);
  std::vector<size_t> above(b.size() + 1);
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

constexpr size_t kLongestWord = 64;  // longer ones are no slips of the fingers

bool continues(std::string_view bytes, size_t at) {
  return at < bytes.size() && (static_cast<uint8_t>(bytes[at]) & 0xc0) == 0x80;
}

// Most text is ASCII: eight bytes at once.
bool eight_ascii(std::string_view bytes, size_t at) {
  if (bytes.size() - at < 8) return false;
  uint64_t eight = 0;
  std::memcpy(&eight, bytes.data() + at, sizeof eight);
  return (eight & 0x8080808080808080u) == 0;
}

// Bytes of the well-formed UTF-8 sequence at `at` (no overlong forms, no surrogates, at most
// U+10FFFF), or 0.
size_t sequence_length(std::string_view bytes, size_t at) {
  const auto lead = static_cast<uint8_t>(bytes[at]);
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4 || !continues(bytes, at + 1)) return 0;
  if (lead < 0xe0) return 2;
  const auto second = static_cast<uint8_t>(bytes[at + 1]);
  const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
  const bool surrogate = lead == 0xed && second > 0x9f;
  const bool too_large = lead == 0xf4 && second > 0x8f;
  if (overlong || surrogate || too_large || !continues(bytes, at + 2)) return 0;
  if (lead < 0xf0) return 3;
  return continues(bytes, at + 3) ? 4 : 0;
}

}  // namespace

std::string closest(std::string_view word, std::span<const std::string_view> candidates) {
  if (word.size() > kLongestWord) return "";
  std::string_view best;
  size_t best_distance = word.size() / 3 + 1;
  for (std::string_view candidate : candidates) {
    // The difference of lengths bounds the distance from below and spares most of the work.
    const size_t longer = std::max(word.size(), candidate.size());
    const size_t shorter = std::min(word.size(), candidate.size());
    if (longer - shorter >= best_distance) continue;
    const size_t distance = edit_distance(word, candidate);
    if (distance >= best_distance) continue;
    best = candidate;
    best_distance = distance;
  }
  return std::string(best);
}

std::string closest(std::string_view word, const std::vector<std::string>& candidates) {
  const std::vector<std::string_view> views(candidates.begin(), candidates.end());
  return closest(word, std::span(views));
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string near = closest(word, candidates);
  return near.empty() ? near : "did you mean '" + near + "'?";
}

std::string shortened(std::string text, size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && continues(text, most)) --most;
  text.resize(most);
  return text + " ...";
}

bool valid_utf8(std::string_view bytes) {
  for (size_t at = 0; at < bytes.size();) {
    if (eight_ascii(bytes, at)) {
      at += 8;
      continue;
    }
    const size_t length = sequence_length(bytes, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

std::string repaired_utf8(std::string_view bytes) {
  std::string out;
  for (size_t at = 0; at < bytes.size();) {
    const size_t length = sequence_length(bytes, at);
    out += length == 0 ? std::string_view("\xef\xbf\xbd") : bytes.substr(at, length);
    at += std::max<size_t>(length, 1);
  }
  return out;
}

bool same_ignoring_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  for (;;) {
    const size_t end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string join(const std::vector<std::string>& parts, std::string_view between) {
  std::string out;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += between;
    out += parts[i];
  }
  return out;
}

Result<std::string> read_file(const std::string& path) {
  auto failure = [&](Code code) {
    return Error{code, "cannot read '" + path + "': " + std::strerror(errno), {path, 0}, {}};
  };
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  const std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "rb"));
  if (!file) return failure(errno == ENOENT ? Code::file_not_found : Code::file_unreadable);
  std::string content;
  char block[16'384];
  while (const size_t got = std::fread(block, 1, sizeof block, file.get()))
    content.append(block, got);
  if (std::ferror(file.get()) != 0) return failure(Code::file_unreadable);
  return content;
}

}  // namespace relance
