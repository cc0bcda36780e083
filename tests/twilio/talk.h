// A call in which the test plays the engine: it performs turns and hears what comes back.
#pragma once

#include "twilio/wires.h"

namespace relance {

namespace callees {
using namespace twilio_fake;
using Picks = Callee::Picks;

inline Callee who(Picks picks, std::vector<Answer> answers = {}) {
  Callee callee;
  callee.picks = picks;
  callee.answers = std::move(answers);
  return callee;
}
inline Callee says(std::vector<Answer> answers) { return who(Picks::up, std::move(answers)); }
}  // namespace callees

class Talk : public Wires {
 public:
  explicit Talk(const std::string& more = {})
      : Wires("relance.voice.twilio", R"(,"currency":"EUR","prices":{"default":20000})" + more) {}

  // Dials. `pick_up` waits until somebody is there.
  void dial(const twilio_fake::Callee& callee, const std::string& name = "call") {
    twilio.callee(kCustomer, callee);
    order_ = conversation(name);
    stage().host().send(order_);
  }
  void pick_up(const twilio_fake::Callee& callee) {
    dial(callee);
    CHECK(next().turn == 0);
  }

  void perform(const std::string& action, const std::string& text = {},
               std::vector<std::string> expects = {}) {
    stage().host().perform({order_.customer, order_.touch.key, ++turn_, action, text,
                            std::move(expects), "en", Doc::empty_record()});
  }
  // What comes back for the latest turn.
  HeardInput next() {
    const size_t place = heard_++;
    return stage().heard(heard_).at(place);  // more may have come meanwhile
  }
  void say(const std::string& text) {
    perform("say", text);
    const HeardInput said = next();
    CHECK(said.turn == turn_);
  }
  HeardInput ask(const std::string& text, std::vector<std::string> expects = {"yes", "no"}) {
    perform("ask", text, std::move(expects));
    const HeardInput answer = next();
    CHECK(answer.turn == turn_);
    return answer;
  }
  OperationResult ending() { return stage().answer_of(order_.touch.key); }
  const TouchOrder& order() const { return order_; }
  FakeTwilio::CallState call() const { return twilio.call(0); }
  size_t asked() const { return twilio.questions(); }  // for TwiML

 private:
  TouchOrder order_;
  int turn_ = 0;
  size_t heard_ = 0;
};

}  // namespace relance
