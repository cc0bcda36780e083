// TwiML: what the provider shall do next in a call. Threads: any.
#pragma once

#include <string>
#include <string_view>

namespace twilio {

class Twiml {
 public:
  struct Listening {
    std::string action;         // where the answer goes
    std::string_view language;  // "fr-FR"
    std::string hints;          // "yes,no"
    int64_t silence_s = 8;      // until silence counts as one
    int64_t digits = 1;         // so many keys end it; 0: '#' or a pause does
    bool speech = true;
  };
  struct Bridge {
    std::string action, answered;  // when it is over, when it is answered
    std::string_view number, caller;
    int64_t ring_s = 20;
  };

  // `voice`: of the speaker, empty: the provider's own for the language.
  Twiml& say(std::string_view text, std::string_view language, std::string_view voice);
  Twiml& play(std::string_view url);
  Twiml& pause(int64_t seconds);
  Twiml& gather(const Listening& how, std::string_view text, std::string_view voice);
  Twiml& dial(const Bridge& how);
  Twiml& redirect(std::string_view url);
  Twiml& hang_up();

  bool empty() const { return verbs_.empty(); }
  std::string text() const;

 private:
  std::string verbs_;
};

}  // namespace twilio
