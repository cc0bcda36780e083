// The configuration of a voice instance, read once. README.md explains the fields.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "kit/json.h"

namespace twilio {

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

// The region that the provider wants: "fr" -> "fr-FR". A language with a region stays.
std::string_view with_region(std::string_view language);

}  // namespace twilio
