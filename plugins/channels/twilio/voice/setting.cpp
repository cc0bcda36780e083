#include "setting.h"

namespace twilio {
namespace {

// Said once when the next line is late.
const Setting::Texts kMoment = {
    {"de", "Einen Augenblick bitte."}, {"en", "One moment, please."},
    {"es", "Un momento, por favor."},  {"fr", "Un instant, s'il vous plaît."},
    {"it", "Un momento, per favore."}, {"nl", "Een ogenblik, alstublieft."},
    {"pl", "Chwileczkę, proszę."},     {"pt", "Um momento, por favor."}};

Setting::Texts texts_of(const kit::Value* config, std::string_view name) {
  Setting::Texts texts;
  const kit::Value* list = kit::member(config, name);
  if (list == nullptr || !list->IsObject()) return texts;
  for (const auto& entry : list->GetObject()) {
    if (entry.value.IsString())
      texts.emplace(std::string(kit::view(entry.name)), std::string(kit::view(entry.value)));
  }
  return texts;
}

}  // namespace

Setting::Setting(const kit::Value* config)
    : from(kit::text(config, "from")),
      detection(kit::text(config, "machine_detection", "message_end")),
      ring_s(kit::integer(config, "ring_s", 25)),
      time_limit_s(kit::integer(config, "time_limit_s", 900)),
      answer_within_ms(kit::integer(config, "answer_within_ms", 2000)),
      watch_s(kit::integer(config, "watch_s", 60)),
      digits(kit::integer(config, "digits", 1)),
      transfer_ring_s(kit::integer(config, "transfer_ring_s", 20)),
      speech(kit::boolean(config, "speech", true)),
      record(kit::boolean(config, "record", false)),
      voices(texts_of(config, "voices")),
      voicemail(texts_of(config, "voicemail")),
      moment(texts_of(config, "one_moment")),
      transfers(texts_of(config, "transfers")) {
  moment.insert(kMoment.begin(), kMoment.end());
}

std::string_view for_language(const Setting::Texts& texts, std::string_view language) {
  for (const std::string_view name :
       {language, language.substr(0, language.find('-')), std::string_view("default")}) {
    const auto it = texts.find(name);
    if (it != texts.end()) return it->second;
  }
  return {};
}

std::string_view with_region(std::string_view language) {
  for (const Language& known : kLanguages) {
    if (known.name == language) return known.with_region;
  }
  return language;
}

}  // namespace twilio
