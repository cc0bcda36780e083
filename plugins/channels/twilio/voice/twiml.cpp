#include "twiml.h"

namespace twilio {
namespace {

// Control characters are no XML: they become spaces.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return out;
}

std::string attribute(std::string_view name, std::string_view value) {
  if (value.empty()) return {};
  return ' ' + std::string(name) + "=\"" + escaped(value) + '"';
}

std::string spoken(std::string_view text, std::string_view language, std::string_view voice) {
  if (text.empty()) return {};
  return "<Say" + attribute("language", language) + attribute("voice", voice) + '>' +
         escaped(text) + "</Say>";
}

}  // namespace

Twiml& Twiml::say(std::string_view text, std::string_view language, std::string_view voice) {
  verbs_ += spoken(text, language, voice);
  return *this;
}

Twiml& Twiml::play(std::string_view url) {
  verbs_ += "<Play>" + escaped(url) + "</Play>";
  return *this;
}

Twiml& Twiml::pause(int64_t seconds) {
  verbs_ += "<Pause" + attribute("length", std::to_string(seconds)) + "/>";
  return *this;
}

Twiml& Twiml::gather(const Listening& how, std::string_view text, std::string_view voice) {
  verbs_ += "<Gather" + attribute("input", how.speech ? "dtmf speech" : "dtmf") +
            attribute("action", how.action) + R"( method="POST" actionOnEmptyResult="true")" +
            attribute("timeout", std::to_string(how.silence_s));
  if (how.speech) {
    verbs_ += R"( speechTimeout="auto")" + attribute("language", how.language) +
              attribute("hints", how.hints);
  }
  if (how.digits > 0) verbs_ += attribute("numDigits", std::to_string(how.digits));
  verbs_ += '>' + spoken(text, how.language, voice) + "</Gather>";
  return *this;
}

Twiml& Twiml::dial(const Bridge& how) {
  verbs_ += "<Dial" + attribute("action", how.action) + R"( method="POST" answerOnBridge="true")" +
            attribute("callerId", how.caller) + attribute("timeout", std::to_string(how.ring_s)) +
            "><Number" + attribute("statusCallback", how.answered) +
            R"( statusCallbackEvent="answered" statusCallbackMethod="POST">)" +
            escaped(how.number) + "</Number></Dial>";
  return *this;
}

Twiml& Twiml::redirect(std::string_view url) {
  verbs_ += R"(<Redirect method="POST">)" + escaped(url) + "</Redirect>";
  return *this;
}

Twiml& Twiml::hang_up() {
  verbs_ += "<Hangup/>";
  return *this;
}

std::string Twiml::text() const {
  return R"(<?xml version="1.0" encoding="UTF-8"?><Response>)" + verbs_ + "</Response>";
}

}  // namespace twilio
