#include "phrase_list.h"

namespace phrases {
namespace {

constexpr Phrase kEnglish[] = {
#include "en.inc"
};
constexpr Phrase kFrench[] = {
#include "fr.inc"
};
constexpr Phrase kGerman[] = {
#include "de.inc"
};

}  // namespace

std::span<const Phrase> list_for(std::string_view language) {
  const std::string_view primary = language.substr(0, language.find_first_of("-_"));
  if (primary == "fr") return kFrench;
  if (primary == "de") return kGerman;
  return kEnglish;
}

}  // namespace phrases
