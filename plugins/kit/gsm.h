// What a text costs as an SMS: its encoding, its length in the units of that encoding, and the
// segments that are billed.
//
// One letter outside the GSM alphabet turns the whole text into UCS-2. A text of several segments
// loses room in each for the header that joins them; neither an escaped sign nor a surrogate pair
// is split over two. Source: 3GPP TS 23.038 (alphabet), 23.040 (joining).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "kit/utf8.h"

namespace kit::gsm {

enum class Encoding : uint8_t { gsm7, ucs2 };

struct Size {
  Encoding encoding = Encoding::gsm7;
  size_t units = 0;     // septets, or 16-bit units of UCS-2
  size_t segments = 1;  // also an empty text is sent as one
};

// Septets of one letter: 1, or 2 behind an escape; 0: the alphabet lacks it.
inline size_t septets(char32_t letter) {
  constexpr std::u32string_view kOthers = U"_\n\r£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà";
  constexpr std::u32string_view kEscaped = U"\f^{}\\[~]|€";
  if ((letter >= U' ' && letter <= U'Z') || (letter >= U'a' && letter <= U'z')) return 1;
  if (kOthers.find(letter) != std::u32string_view::npos) return 1;
  return kEscaped.find(letter) != std::u32string_view::npos ? 2 : 0;
}

inline Size measure(std::string_view utf8) {
  // Fills segments of `room` units, letter by letter.
  struct Filling {
    size_t room = 0, units = 0, segments = 1, used = 0;
    void add(size_t cost) {
      units += cost;
      if (used + cost > room) ++segments, used = 0;
      used += cost;
    }
    Size size(Encoding encoding, size_t alone) const {
      return {encoding, units, units <= alone ? 1 : segments};
    }
  };
  Filling gsm{153}, ucs{67};
  bool fits = true;
  while (!utf8.empty()) {
    const char32_t letter = next_letter(utf8);
    const size_t cost = septets(letter);
    fits = fits && cost > 0;
    gsm.add(cost);
    ucs.add(letter > 0xffff ? 2 : 1);
  }
  return fits ? gsm.size(Encoding::gsm7, 160) : ucs.size(Encoding::ucs2, 70);
}

// Letters that force UCS-2 and have a near one in the alphabet are replaced: Polish letters,
// typographic quotes, dashes, dots and spaces. Everything else stays.
inline std::string simplified(std::string_view utf8) {
  struct Near {
    char32_t letter;
    const char* as;
  };
  static constexpr Near kNear[] = {
      {U'ą', "a"},  {U'ć', "c"},   {U'ę', "e"},      {U'ł', "l"},     {U'ń', "n"}, {U'ó', "o"},
      {U'ś', "s"},  {U'ź', "z"},   {U'ż', "z"},      {U'Ą', "A"},     {U'Ć', "C"}, {U'Ę', "E"},
      {U'Ł', "L"},  {U'Ń', "N"},   {U'Ó', "O"},      {U'Ś', "S"},     {U'Ź', "Z"}, {U'Ż', "Z"},
      {U'“', "\""}, {U'”', "\""},  {U'„', "\""},     {U'‘', "'"},     {U'’', "'"}, {U'–', "-"},
      {U'—', "-"},  {U'…', "..."}, {U'\u00A0', " "}, {U'\u202F', " "}};
  std::string out;
  while (!utf8.empty()) {
    const std::string_view before = utf8;
    const char32_t letter = next_letter(utf8);
    std::string_view as = before.substr(0, before.size() - utf8.size());
    for (const Near& near : kNear) {
      if (near.letter == letter) as = near.as;
    }
    out += as;
  }
  return out;
}

}  // namespace kit::gsm
