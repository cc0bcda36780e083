// send: a touch over a channel, repeated on ignored, no_answer and busy; with `expect` it waits for
// the customer's response.
#include "core/run/content.h"
#include "core/run/conversation.h"
#include "core/run/dispatch.h"
#include "core/run/plan_try.h"
#include "core/run/steps/kinds.h"
#include "core/run/write_back.h"

namespace relance::steps {
namespace {

const SendStep& body(const StepCase& c) { return std::get<SendStep>(c.step().body); }

// Waits for the response window of its latest try.
bool awaits_response(const StepState& state) {
  return state.phase == Phase::waiting && state.not_before == Instant::beginning() &&
         state.last_word == "delivered";
}

// When she asked to be called: an instant, or a time that her clock shows next. Understood neither
// way: in an hour.
Instant callback_at(const StepCase& c, DocView asked) {
  if (const auto at = asked.instant()) return *at;
  if (const auto time = parse_time_of_day(asked.text().value_or(""))) {
    const DocView profile = c.worker.profile();
    return zone_of(c, profile).candidates.front()->next(c.worker.now(), *time);
  }
  return c.worker.now() + hours(1);
}

// One try ended in `word`: the next one, or the step's end.
void try_ended(const StepCase& c, std::string_view word, std::string_view reason, const Doc& data) {
  const SendStep& send = body(c);
  StepState next = c.copy();
  if (word == "callback" && next.callbacks < send.callbacks) {
    next.callback_next = true;
    next.not_before = callback_at(c, data.view().find("at"));
  } else if (is_try_again(StepKind::send, word) && next.try_no < send.tries) {
    const Sending sending = sending_of(c.step());
    const bool free = !send.gap && sending.timed();
    next.not_before = free ? c.worker.now() : next.sent_at + sending.window();
  } else {
    return c.end(word, reason, data);
  }
  next.last_word = word;
  next.phase = Phase::waiting;
  next.wake_at = next.not_before;
  if (data.view().size() > 0) next.data = c.worker.seal(data);
  c.move(std::move(next));
  plan_try(c);
}

class Send final : public StepLogic {
  void begin(const StepCase& c) const override { plan_try(c); }
  void slot(const StepCase& c) const override { dispatch(c); }
  void again(const StepCase& c) const override {
    if (awaits_content(*c.state())) return give_up_content(c, "interrupted");
    come_again(c);
  }
  void read(const StepCase& c, const OperationResult& result) const override {
    take_reading(c, result);
  }

  void due(const StepCase& c) const override {
    if (const StepState state = c.copy(); awaits_response(state))
      return try_ended(c, "ignored", "", {});
    if (awaits_content(*c.state())) return give_up_content(c, "late");
    come_again(c);
  }

  void settled(const StepCase& c, const Touch&, const OperationResult& result) const override {
    if (!c.run().live()) return;
    const SendStep& send = body(c);
    if (result.word != "delivered" || send.expect.empty())
      return try_ended(c, result.word, result.reason, result.data);
    StepState next = c.copy();
    next.phase = Phase::waiting;
    next.last_word = result.word;
    next.wake_at = next.sent_at + sending_of(c.step()).window();
    next.not_before = Instant::beginning();
    if (result.data.view().size() > 0) next.data = c.worker.seal(result.data);
    c.move(std::move(next));
  }

  // Only what comes after this try's dispatch counts; it may overtake the channel's own answer.
  void event(const StepCase& c, const EventTaken& event, DocView data) const override {
    const StepState* state = c.state();
    if (!state->talk.empty()) return conversation_event(c, event, data);
    if (state->phase != Phase::out && !awaits_response(*state)) return;
    if (event.touch) {
      const Touch* about = c.worker.customer().find_touch(event.touch);
      if (about && (about->run != c.run_id || about->step != c.index)) return;
    }
    for (const EventPattern& pattern : body(c).expect) {
      if (pattern.type != event.type) continue;
      if (pattern.where) {
        const auto fits = c.worker.rules().where(c.flow, pattern.where, data);
        if (!fits) return c.fail(fits.error());
        if (!*fits) continue;
      }
      c.worker.answered(state->touch, c.worker.now());
      if (const Touch* own = c.worker.customer().find_touch(state->touch))
        tell_later_news(c.worker, *own, {"responded", event.type, event.time, 0, {}, {}});
      return c.end("responded", event.type, Doc(data));
    }
  }

  void heard(const StepCase& c, const HeardInput& input) const override {
    conversation_heard(c, input);
  }
  void understood(const StepCase& c, const UnderstoodInput& input) const override {
    conversation_understood(c, input);
  }

  // A call that is up hears the script's goal line and ends politely; anything else under way is
  // taken back if it can be.
  void cancel(const StepCase& c) const override {
    const StepState* state = c.state();
    if (state->phase != Phase::out) return;
    if (!state->talk.empty()) return conversation_goal(c);
    c.worker.ask(CancelTouch{c.worker.customer().id, state->touch});
  }
};

}  // namespace

const StepLogic& send() {
  static const Send logic;
  return logic;
}

}  // namespace relance::steps
