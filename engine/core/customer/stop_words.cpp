#include "core/customer/stop_words.h"

#include <algorithm>
#include <cctype>
#include <string>

namespace relance {
namespace {

struct StopWord {
  std::string_view prefix, word;
};
constexpr StopWord kStopWords[] = {
#include "core/customer/stop_words.inc"
};
// Twilio's defaults but YES, which answers too many other questions.
constexpr std::string_view kStartWords[] = {"START", "UNSTOP"};

constexpr size_t kLongest = 64;  // no such word is so long

struct Fold {
  std::string_view letter, as;
};
constexpr Fold kFolds[] = {
    {"é", "E"}, {"É", "E"}, {"è", "E"}, {"È", "E"}, {"ê", "E"}, {"Ê", "E"}, {"á", "A"}, {"Á", "A"},
    {"à", "A"}, {"À", "A"}, {"ã", "A"}, {"Ã", "A"}, {"ç", "C"}, {"Ç", "C"}, {"ę", "E"}, {"Ę", "E"},
    {"ą", "A"}, {"Ą", "A"}, {"ł", "L"}, {"Ł", "L"}, {"í", "I"}, {"Í", "I"}, {"ó", "O"}, {"Ó", "O"},
    {"ö", "O"}, {"Ö", "O"}, {"ü", "U"}, {"Ü", "U"}, {"ú", "U"}, {"Ú", "U"}, {"ñ", "N"}, {"Ñ", "N"}};

// Upper case without accents; what is neither letter, digit nor hyphen is one space, none outside.
std::string folded(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    size_t length = 1;
    std::string_view letter = text.substr(0, 1);
    for (const Fold& fold : kFolds) {
      if (text.starts_with(fold.letter)) letter = fold.as, length = fold.letter.size();
    }
    text.remove_prefix(length);
    const auto byte = static_cast<unsigned char>(letter[0]);
    const bool counts = byte >= 0x80 || std::isalnum(byte) != 0 || byte == '-';
    if (counts) {
      out += byte < 0x80 ? static_cast<char>(std::toupper(byte)) : letter[0];
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

}  // namespace

Wish wish_of(std::string_view text, std::string_view number) {
  if (text.size() > kLongest) return Wish::none;
  const std::string word = folded(text);
  for (const StopWord& stop : kStopWords) {
    if (stop.word == word && (number.empty() || number.starts_with(stop.prefix))) return Wish::stop;
  }
  const bool starts =
      std::find(std::begin(kStartWords), std::end(kStartWords), word) != std::end(kStartWords);
  return starts ? Wish::start : Wish::none;
}

}  // namespace relance
