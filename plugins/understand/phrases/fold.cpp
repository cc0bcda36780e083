#include "fold.h"

#include <cctype>
#include <cstdint>
#include <cstdio>

namespace phrases {
namespace {

// Plain letters for U+00C0..U+00FF and U+0100..U+017F, two characters each; ' ' in second place
// where one letter is enough, '?' where the sign is no letter.
constexpr char kLatin1[] =
    "a a a a a a aec e e e e i i i i d n o o o o o ? o u u u u y thss"
    "a a a a a a aec e e e e i i i i d n o o o o o ? o u u u u y thy ";
constexpr char kExtended[] =
    "a a a a a a c c c c c c c c d d d d e e e e e e e e e e g g g g g g g g h h h h i i i i i i "
    "i i i i ijijj j k k k l l l l l l l l l l n n n n n n n n n o o o o o o oeoer r r r r r s s "
    "s s s s s s t t t t t t u u u u u u u u u u u u w w y y y z z z z z z s ";
static_assert(sizeof(kLatin1) == 2 * 64 + 1 && sizeof(kExtended) == 2 * 128 + 1);

void blank(std::string& out) {
  if (!out.empty() && out.back() != ' ') out += ' ';
}

void plain(const char* pair, std::string& out) {
  if (pair[0] == '?') return blank(out);
  out += pair[0];
  if (pair[1] != ' ') out += pair[1];
}

struct Number {
  int value = -1;
  size_t end = 0;
};

Number number_at(std::string_view text, size_t at) {
  Number number{-1, at};
  while (number.end < text.size() && number.end - at < 2 && std::isdigit(text[number.end])) {
    number.value = (number.value < 0 ? 0 : number.value * 10) + (text[number.end] - '0');
    ++number.end;
  }
  return number;
}

bool follows(std::string_view text, size_t at, std::string_view what) {
  return text.substr(at, what.size()) == what;
}

}  // namespace

std::string fold(std::string_view utf8) {
  std::string out;
  for (size_t i = 0; i < utf8.size(); ++i) {
    const auto byte = static_cast<uint8_t>(utf8[i]);
    const auto next = i + 1 < utf8.size() ? static_cast<uint8_t>(utf8[i + 1]) : uint8_t{0};
    if (byte < 0x80) {
      if (std::isalnum(byte)) {
        out += static_cast<char>(std::tolower(byte));
      } else {
        blank(out);
      }
    } else if (byte == 0xc3 && next >= 0x80) {
      plain(kLatin1 + 2 * (next - 0x80), out);
      ++i;
    } else if ((byte == 0xc4 || byte == 0xc5) && next >= 0x80) {
      plain(kExtended + 2 * ((byte - 0xc4) * 64 + (next - 0x80)), out);
      ++i;
    } else if (byte == 0xe2 && next == 0x80) {  // dashes, curly quotes
      blank(out);
      i += 2;
    } else {
      out += utf8[i];
    }
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string time_named(std::string_view utterance) {
  std::string text;
  for (const char c : utterance) {
    if (c != '.') text += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  for (size_t i = 0; i < text.size(); ++i) {
    if (!std::isdigit(static_cast<unsigned char>(text[i]))) continue;
    Number hour = number_at(text, i);
    size_t at = hour.end;
    Number minute{0, at};
    if (follows(text, at, ":")) minute = number_at(text, at + 1);
    const size_t unit = minute.end + (follows(text, minute.end, " ") ? 1 : 0);
    bool named = follows(text, at, ":") && minute.end == at + 3;
    if (follows(text, unit, "pm") || follows(text, unit, "am")) {
      named = hour.value >= 1 && hour.value <= 12;
      hour.value = hour.value % 12 + (text[unit] == 'p' ? 12 : 0);
    } else if (follows(text, unit, "uhr") || follows(text, unit, "h")) {
      const size_t behind = unit + (text[unit] == 'u' ? 3 : 1);
      const Number rest = number_at(text, behind + (follows(text, behind, " ") ? 1 : 0));
      if (rest.value >= 0) minute = rest;
      named = true;
    }
    if (named && hour.value <= 23 && minute.value >= 0 && minute.value <= 59) {
      char out[8];
      std::snprintf(out, sizeof out, "%02d:%02d", hour.value % 24, minute.value % 60);
      return out;
    }
    while (i + 1 < text.size() && std::isdigit(static_cast<unsigned char>(text[i + 1]))) ++i;
  }
  return {};
}

}  // namespace phrases
