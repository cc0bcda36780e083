#include "core/run/conversation.h"

#include <algorithm>

#include "core/run/dispatch.h"
#include "core/run/freeze.h"
#include "core/run/frozen.h"
#include "core/run/human_item.h"
#include "core/run/packet.h"
#include "core/run/reach.h"
#include "core/run/talk_state.h"

namespace relance {
namespace {

constexpr Duration kDeskAnswersIn = seconds(5);  // the customer is on the line

// One call of a conversation function: the script, its state, and the touch whose frozen part has
// locale and inputs.
class Conversation {
 public:
  explicit Conversation(const StepCase& c) : c_(c), script_(script_of(c)) {
    const StepState* state = c.state();
    if (script_) talk_ = TalkState::from_doc(c.worker.open(state->talk), script_->turns.size());
    if (const Touch* touch = c.worker.customer().find_touch(state->touch))
      frozen_ = frozen_of(c.worker.customer(), *touch);
  }

  bool usable() const { return script_ && c_.state()->phase == Phase::out; }
  bool has_script() const { return script_ != nullptr; }
  TalkState& talk() { return talk_; }
  const Turn* turn() const { return talk_.turn == kNoStep ? nullptr : &script_->turns[talk_.turn]; }
  const TalkScript& script() const { return *script_; }

  // Starts the next turn; ends the call where nothing can go on.
  void go_on() {
    const std::vector<Reached> reached = reach_turns(*script_, talk_.outcomes);
    const auto ready = std::find(reached.begin(), reached.end(), Reached::ready);
    talk_.turn = kNoStep;
    if (ready == reached.end()) return close("unclear", "");
    talk_.turn = static_cast<StepIndex>(ready - reached.begin());
    talk_.tries = 0;
    talk_.reached = turn()->name;
    begin_turn();
  }

  void end_turn(std::string_view outcome) {
    talk_.outcomes[talk_.turn] = outcome;
    go_on();
  }

  // A word was understood while a turn listens.
  void take_word(std::string_view word, const Doc& answers) {
    talk_.awaits_meaning = false;
    const Turn& at = *turn();
    if (!word.empty()) note("customer", word);
    talk_.answers = Doc::merged(talk_.answers, answers);
    const auto& always = script_->always;
    const bool expected =
        std::find(at.outcomes.begin(), at.outcomes.end(), word) != at.outcomes.end();
    if (!expected && std::find(always.begin(), always.end(), word) != always.end())
      return close(word, "");
    if (!expected) return not_understood("unclear");
    if (!at.answer.empty())
      talk_.answers = Doc::merged(talk_.answers, Doc::record({{at.answer, Doc::text(word)}}));
    end_turn(word);
  }

  void not_understood(std::string_view outcome) {
    talk_.awaits_meaning = false;
    if (++talk_.tries < turn()->tries) return perform_line(turn()->text, "ask");
    const bool has = std::find(turn()->outcomes.begin(), turn()->outcomes.end(), outcome) !=
                     turn()->outcomes.end();
    end_turn(has ? outcome : std::string_view("no"));
  }

  // Says a last line where there is one, then ends the call.
  void close(std::string_view outcome, const std::string& text) {
    talk_.closing = outcome;
    talk_.turn = kNoStep;
    if (!text.empty()) perform_line(text, "say");
    perform("end", "");
  }

  void take_transfer(bool accepted) {
    if (accepted) call_taken_over(c_, turn()->queue);
    end_turn(accepted ? "accepted" : "declined");
  }

  void ask_meaning(const HeardInput& input) {
    talk_.awaits_meaning = true;
    c_.worker.ask(Understand{c_.worker.customer().id, c_.state()->touch, talk_.number, input.text,
                             locale(), input.keys, expects(), own_words().size()});
    save();
  }

  // The packet is with the person before the call is: with the desk of the queue where it has one,
  // and with the leg itself.
  void hand_over() {
    Doc packet = packet_so_far();
    if (const Status whole = check_packet(packet); !whole) {
      c_.worker.explain_error(c_.run_id, c_.index, whole.error());
      return end_turn("declined");
    }
    Lease about;
    about.run = c_.run_id;
    about.step = c_.index;
    about.queue = turn()->queue;
    const std::string attempt = c_.state()->touch.text() + turn()->name;
    const Touch* sent =
        send_packet(c_.worker, {about, c_.flow.name, c_.step().name, attempt}, std::move(packet));
    if (!sent) return transfer();
    ++talk_.number;  // answers to what was said before are none to this
    side_ = sent->key;
    wake_at_ = c_.worker.now() + kDeskAnswersIn;
  }

  void transfer() { perform("transfer", turn()->queue); }

  void save() {
    StepState next = c_.copy();
    next.talk = c_.worker.seal(talk_.to_doc());
    next.side = side_;
    next.wake_at = wake_at_;
    c_.move(std::move(next));
  }

 private:
  static const TalkScript* script_of(const StepCase& c) {
    const auto* send = std::get_if<SendStep>(&c.step().body);
    return send && !send->script.empty() ? c.worker.rules().script(c.flow, send->script) : nullptr;
  }

  std::string locale() const {
    return std::string(frozen_.view().find("locale").text().value_or(""));
  }

  std::vector<std::string> own_words() const {
    return turn()->kind == TurnKind::verify ? std::vector<std::string>{"yes", "no"} : turn()->hears;
  }

  // The turn's own words in the script's order (a key press means its place), then what is
  // understood at any turn.
  std::vector<std::string> expects() const {
    std::vector<std::string> words = own_words();
    words.insert(words.end(), script_->always.begin(), script_->always.end());
    return words;
  }

  void note(std::string_view by, std::string_view what) {
    talk_.said.push_back(Doc::record({{"by", Doc::text(by)}, {"what", Doc::text(what)}}));
  }

  void perform(std::string_view action, std::string text) {
    Perform turn{c_.worker.customer().id,
                 c_.state()->touch,
                 ++talk_.number,
                 std::string(action),
                 std::move(text),
                 {},
                 locale(),
                 action == "transfer" ? packet_so_far() : about_call()};
    if (action == "ask") turn.expects = expects();
    c_.worker.ask(std::move(turn));
  }

  Doc about_call() const {
    return Doc::record({{"script", Doc::text(script_->name)},
                        {"reached", Doc::text(turn() ? turn()->name : std::string_view())},
                        {"step", Doc::text(c_.step().name)},
                        {"flow", Doc::text(c_.flow.name)}});
  }

  // What a hand-off would bring, of this call as far as it has come.
  Doc packet_so_far() const {
    return Doc::merged(context_packet(c_),
                       Doc::record({{"script", Doc::text(script_->name)},
                                    {"reached", Doc::text(turn()->name)},
                                    {"said", Doc::list(talk_.said)},
                                    {"why", Doc::text(c_.step().name + ": " + turn()->name)}}));
  }

  void perform_line(const std::string& text_id, std::string_view action) {
    auto line =
        c_.worker.rules().line(script_->name, text_id, locale(), frozen_.view().find("inputs"));
    std::string said = line ? std::move(*line) : std::string();
    if (talk_.number == 0) disclose(said);
    note("us", text_id);
    perform(action, std::move(said));
  }

  // Nothing comes before it, and the call's record tells that it was said.
  void disclose(std::string& said) {
    const std::string first =
        c_.worker.rules().disclosure(script_->name, locale(), frozen_.view().find("inputs"));
    if (first.empty()) return;
    note("us", "disclosure");
    said = said.empty() ? first : first + " " + said;
  }

  void begin_turn() {
    const Turn& at = *turn();
    switch (at.kind) {
      case TurnKind::say: return perform_line(at.text, "say");
      case TurnKind::ask:
      case TurnKind::verify: return perform_line(at.text, "ask");
      case TurnKind::close: return close(at.outcome, at.text);
      case TurnKind::transfer:
        if (!at.text.empty()) perform_line(at.text, "say");
        return hand_over();
      case TurnKind::await: {
        wake_at_ = at.within ? c_.worker.now() + *at.within : Instant::never();
        return;
      }
      case TurnKind::text: return send_text(at);
      case TurnKind::lookup: return look_up(at);
    }
  }

  // A message in the middle of the call: through the gate and into the ledger like any other. It
  // takes no slot of its lane: the customer is waiting for it.
  void send_text(const Turn& at) {
    const Channel* channel = c_.worker.rules().channel(at.via);
    if (!channel) return end_turn("failed");
    const GateAnswer answer = ask_gate_for(c_, *channel, at.via, true);
    const auto* yes = std::get_if<Allow>(&answer.verdict);
    if (!yes) return end_turn("denied");
    auto made = freeze_side_message(c_, *channel, at,
                                    Doc::merged(frozen_.view().find("data"), talk_.answers), *yes);
    if (!made) return end_turn("failed");
    side_ = made->touch.key;
    c_.worker.write(TouchIntended{made->touch});
    c_.worker.ask(Send{c_.worker.customer().id, std::move(*made).to_send(), false, false});
  }

  void look_up(const Turn& at) {
    Read read;
    read.customer = c_.worker.customer().id;
    read.connector = at.from;
    read.what = at.what;
    read.subject = c_.worker.subject();
    read.operation = derive_key({c_.state()->touch.view(), "lookup", at.name});
    side_ = read.operation;
    wake_at_ = c_.worker.now() + at.within.value_or(seconds(3));
    c_.worker.ask(std::move(read));
  }

  const StepCase& c_;
  const TalkScript* script_;
  TalkState talk_;
  Doc frozen_;
  Key side_;
  Instant wake_at_ = Instant::never();
};

bool listens(const Turn* turn) {
  return turn && (turn->kind == TurnKind::ask || turn->kind == TurnKind::verify);
}

}  // namespace

void conversation_heard(const StepCase& c, const HeardInput& input) {
  Conversation talk(c);
  if (!talk.usable() || !talk.talk().closing.empty()) return;
  if (talk.talk().number == 0 && talk.talk().turn == kNoStep) {  // somebody is there
    talk.go_on();
    return talk.save();
  }
  const Turn* turn = talk.turn();
  if (input.turn != talk.talk().number || !turn || talk.talk().awaits_meaning)
    return;  // of an older turn
  if (turn->kind == TurnKind::say)
    talk.end_turn("done");
  else if (turn->kind == TurnKind::transfer)
    talk.take_transfer(input.word == "accepted");
  else if (!listens(turn))
    return;
  else if (input.silent)
    talk.not_understood("silent");
  else if (input.word.empty())
    return talk.ask_meaning(input);
  else
    talk.take_word(input.word, input.answers);
  talk.save();
}

void conversation_understood(const StepCase& c, const UnderstoodInput& input) {
  Conversation talk(c);
  if (!talk.usable() || !talk.talk().awaits_meaning || input.turn != talk.talk().number) return;
  talk.take_word(input.word, input.answers);
  talk.save();
}

void conversation_goal(const StepCase& c) {
  Conversation talk(c);
  if (!talk.usable() || !talk.talk().closing.empty()) return;
  talk.close("delivered", talk.script().on_goal);
  talk.save();
}

void conversation_texted(const StepCase& c, std::string_view outcome) {
  Conversation talk(c);
  if (!talk.usable() || !talk.turn()) return;
  if (talk.turn()->kind == TurnKind::text)
    talk.end_turn(outcome);
  else if (talk.turn()->kind == TurnKind::transfer)
    talk.transfer();
  else
    return;
  talk.save();
}

void conversation_event(const StepCase& c, const EventTaken& event, DocView data) {
  Conversation talk(c);
  if (!talk.usable() || !talk.turn() || talk.turn()->kind != TurnKind::await) return;
  for (const EventPattern& pattern : talk.turn()->events) {
    if (pattern.type != event.type) continue;
    if (pattern.where) {
      const auto fits = c.worker.rules().where(c.flow, pattern.where, data);
      if (!fits) c.worker.explain_error(c.run_id, c.index, fits.error());
      if (!fits || !*fits) continue;
    }
    talk.end_turn("arrived");
    return talk.save();
  }
}

void conversation_looked_up(const StepCase& c, const OperationResult& result) {
  Conversation talk(c);
  if (!talk.usable() || !talk.turn() || talk.turn()->kind != TurnKind::lookup) return;
  const bool found = result.status == OperationStatus::done;
  if (found) talk.talk().answers = Doc::merged(talk.talk().answers, result.data);
  talk.end_turn(found ? "found" : "missing");
  talk.save();
}

void conversation_due(const StepCase& c) {
  Conversation talk(c);
  if (!talk.usable() || !talk.turn()) return;
  if (talk.turn()->kind == TurnKind::transfer)
    talk.transfer();
  else
    talk.end_turn(talk.turn()->kind == TurnKind::lookup ? "late" : "expired");
  talk.save();
}

void remember_conversation(const StepCase& c, const Key& touch) {
  Conversation talk(c);
  if (!talk.has_script()) return;
  const auto& turns = talk.script().turns;
  for (const Doc& line : talk.talk().said) {
    const std::string what(line.view().find("what").text().value_or(""));
    if (line.view().find("by").text() != "us") continue;
    const bool asked = std::any_of(turns.begin(), turns.end(), [&](const Turn& turn) {
      return turn.text == what && listens(&turn);
    });
    const auto kind = asked ? Memory::Kind::asked : Memory::Kind::said;
    const auto& known = c.worker.customer().memory;
    const bool told = std::any_of(known.begin(), known.end(), [&](const Memory& memory) {
      return memory.touch == touch && memory.kind == kind && memory.word == what;
    });
    if (!told) c.worker.write(Remembered{{kind, what, touch, c.worker.now()}});
  }
}

Conversed conversation_result(const StepCase& c) {
  Conversation talk(c);
  TalkState& state = talk.talk();
  Conversed conversed;
  conversed.word = state.closing;
  std::vector<std::pair<std::string, Doc>> extra{{"said", Doc::list(state.said)}};
  if (!state.reached.empty()) extra.emplace_back("reached", Doc::text(state.reached));
  conversed.data = Doc::merged(state.answers, Doc::record(extra));
  conversed.answers = state.answers;
  return conversed;
}

}  // namespace relance
