// The configuration of a voice instance, read once. README.md explains the fields.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "kit/json.h"

namespace twilio {

// Languages that are spoken and understood, each with the region that the provider wants.
struct Language {
  const char* name;
  const char* with_region;
};
inline constexpr Language kLanguages[] = {
    {"ar", "ar-XA"}, {"cs", "cs-CZ"}, {"da", "da-DK"}, {"de", "de-DE"}, {"en", "en-US"},
    {"es", "es-ES"}, {"fi", "fi-FI"}, {"fr", "fr-FR"}, {"hi", "hi-IN"}, {"it", "it-IT"},
    {"ja", "ja-JP"}, {"ko", "ko-KR"}, {"nl", "nl-NL"}, {"pl", "pl-PL"}, {"pt", "pt-PT"},
    {"ro", "ro-RO"}, {"sv", "sv-SE"}, {"tr", "tr-TR"}, {"uk", "uk-UA"}};

struct Setting {
  explicit Setting(const kit::Value* config);

  std::string from;
  std::string detection;  // "message_end", "start" or "off"
  int64_t ring_s, time_limit_s, answer_within_ms, watch_s, digits, transfer_ring_s;
  bool speech, record;

  using Texts = std::map<std::string, std::string, std::less<>>;
  Texts voices, voicemail, moment;  // by language
  Texts transfers;                  // queue -> number
};

// Of "fr-CH": the text of that, else of "fr", else of "default"; empty where there is none.
std::string_view for_language(const Setting::Texts& texts, std::string_view language);

// "fr" -> "fr-FR"; a language with a region, or one that is not in the list, stays.
std::string_view with_region(std::string_view language);

}  // namespace twilio
