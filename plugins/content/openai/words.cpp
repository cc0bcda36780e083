#include "words.h"

#include "kit/utf8.h"

namespace openai {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Letters of other alphabets too: names of hosts may have them.
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

// "pay.example", "ann@pay.example", "pay.example:8443/x": a dot before a last name of letters.
bool names_host(std::string_view token) {
  const std::string_view host = token.substr(0, token.find_first_of("/?#"));
  const std::string_view name = host.substr(0, host.rfind(':'));
  const size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || name.size() - dot < 3) return false;
  for (const char c : name.substr(dot + 1)) {
    if (!is_letter(c)) return false;
  }
  return is_letter(name[dot - 1]) || is_digit(name[dot - 1]);
}

// Latin, Greek and Cyrillic; other alphabets have no case, or are compared as they are.
char32_t lower(char32_t c) {
  const bool latin = (c >= U'A' && c <= U'Z') || (c >= 0xc0 && c <= 0xde && c != 0xd7);
  if (latin || (c >= 0x391 && c <= 0x3a9) || (c >= 0x410 && c <= 0x42f)) return c + 0x20;
  const bool odd_first = (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e);
  if (c >= 0x100 && c <= 0x17e) return (c % 2 == 1) == odd_first ? c + 1 : c;
  return c;
}

bool is_word(char32_t c) {
  const bool ascii = (c >= U'a' && c <= U'z') || (c >= U'0' && c <= U'9');
  const bool mark = (c >= 0x80 && c < 0xc0) || (c >= 0x2000 && c <= 0x206f) || c == 0xfeff;
  return c < 0x80 ? ascii : !mark;
}

}  // namespace

std::set<std::string> links_in(std::string_view text) {
  constexpr std::string_view kAround = " \t\r\n<>()[]{}\"'|";
  constexpr std::string_view kBehind = ".,;:!?*_";
  std::set<std::string> links;
  while (!text.empty()) {
    const size_t end = text.find_first_of(kAround);
    std::string_view token = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    while (!token.empty() && kBehind.find(token.back()) != std::string_view::npos)
      token.remove_suffix(1);
    while (!token.empty() && kBehind.find(token.front()) != std::string_view::npos)
      token.remove_prefix(1);
    const bool link = token.find("://") != std::string_view::npos || names_host(token);
    if (link) links.emplace(token);
  }
  return links;
}

std::set<std::string> numbers_in(std::string_view text) {
  std::set<std::string> numbers;
  for (size_t at = 0; at < text.size();) {
    size_t end = at;
    while (end < text.size() && is_digit(text[end])) ++end;
    if (end > at) numbers.emplace(text.substr(at, end - at));
    at = end + 1;
  }
  return numbers;
}

std::u32string folded(std::string_view text) {
  std::u32string out;
  while (!text.empty()) {
    const char32_t letter = lower(kit::next_letter(text));
    if (is_word(letter)) {
      out += letter;
    } else if (!out.empty() && out.back() != U' ') {
      out += U' ';
    }
  }
  if (!out.empty() && out.back() == U' ') out.pop_back();
  return out;
}

}  // namespace openai
