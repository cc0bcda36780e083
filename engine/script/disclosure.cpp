#include "script/disclosure.h"

#include <array>
#include <utility>

namespace relance {

std::string_view disclosure_in(std::string_view locale) {
  using Text = std::pair<std::string_view, std::string_view>;
  static constexpr std::array<Text, 9> kTexts = {
      Text{"en", "This is an automated assistant."},
      Text{"cs", "Tady automatický asistent."},
      Text{"de", "Hier spricht ein automatischer Assistent."},
      Text{"es", "Soy un asistente automático."},
      Text{"fr", "Je suis un assistant automatique."},
      Text{"it", "Sono un assistente automatico."},
      Text{"nl", "U spreekt met een automatische assistent."},
      Text{"pl", "Tu automatyczny asystent."},
      Text{"pt", "Sou um assistente automático."}};
  const std::string_view language = locale.substr(0, locale.find_first_of("-_"));
  for (const auto& [name, text] : kTexts)
    if (name == language) return text;
  return kTexts.front().second;
}

}  // namespace relance
