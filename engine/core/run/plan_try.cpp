#include "core/run/plan_try.h"

#include "core/run/dispatch.h"
#include "core/run/reading.h"

namespace relance {
namespace {

constexpr Duration kStillItsTime = hours(1);

// Asks the step's policy for the next try's instant. nullopt: the step has ended.
std::optional<Instant> ask_policy(const StepCase& c, const StepState& state, Instant earliest) {
  const Sending sending = sending_of(c.step());
  PolicyQuestion question{"at", c.index, state.try_no + 1, {}, earliest, nullptr};
  for (const Touch& touch : c.worker.customer().touches)
    if (touch.run == c.run_id && touch.step == c.index)
      question.earlier.push_back(touch.intended_at);
  const DocView profile = c.worker.profile();
  question.zone = zone_of(c, profile).candidates.front();
  const auto answer = c.worker.rules().policy(sending.at->policy, question, c.view());
  if (!answer) {
    c.fail(answer.error());
    return std::nullopt;
  }
  const std::string choice = answer->never ? "never" : format_instant(answer->at);
  c.worker.explain(c.run_id, c.index, "policy", choice,
                   Doc::record({{"policy", Doc::text(sending.at->policy)},
                                {"reason", Doc::text(answer->reason)},
                                {"try", Doc::integer(state.try_no + 1)}}));
  if (!answer->never) return std::max(earliest, answer->at);
  const std::string_view word = sending.what == TouchWhat::charge ? "refused" : "denied";
  c.end(state.last_word.empty() || sending.what == TouchWhat::charge
            ? word
            : std::string_view(state.last_word),
        answer->reason);
  return std::nullopt;
}

std::optional<TimeOfDay> time_of_day(const StepCase& c, const SendTime& at) {
  if (at.path.empty()) return at.local;
  const View view = c.view();
  const auto time = parse_time_of_day(view.find(at.path).first.text().value_or(""));
  return time ? std::optional(*time) : std::nullopt;
}

// When its `at` lets the next try leave, not before `earliest`. nullopt: the step has ended.
std::optional<Instant> time_of_try(const StepCase& c, const StepState& state, Instant earliest) {
  const SendTime& at = *sending_of(c.step()).at;
  if (state.callback_next) return earliest;
  if (!at.policy.empty()) return ask_policy(c, state, earliest);
  const auto time = time_of_day(c, at);
  if (!time) return earliest;
  const DocView profile = c.worker.profile();
  return zone_of(c, profile).candidates.front()->next(earliest, *time);
}

void wait_for(const StepCase& c, Instant at, Instant planned_at) {
  StepState next = c.copy();
  next.phase = Phase::waiting;
  next.wake_at = at;
  next.not_before = at;
  next.planned_at = planned_at;
  next.opened = false;
  c.move(std::move(next));
}

bool may_leave_at(const StepCase& c, Instant at) {
  const Channel* channel = c.worker.rules().channel(via_of(c));
  if (!channel || at >= c.run().expire_at) return false;
  return std::holds_alternative<Allow>(ask_gate_then(c, *channel, at).verdict);
}

void plan_again(const StepCase& c) {
  const Instant now = c.worker.now();
  const auto at = time_of_try(c, c.copy(), now);
  if (!at) return;
  if (*at <= now || !may_leave_at(c, *at)) return seek_slot(c);
  wait_for(c, *at, Instant::never());
}

// Nobody could tell who he is when its time was to be planned.
bool is_unplanned(const StepCase& c, const StepState& state) {
  return awaits_customer(state) || (state.phase == Phase::held && c.worker.profile().is_null() &&
                                    state.word == reason_name(Reason::profile_unread));
}

}  // namespace

void plan_try(const StepCase& c) {
  const StepState* state = c.state();
  const bool timed = sending_of(c.step()).timed() && !(state && state->callback_next);
  if (timed && read_customer_first(c)) return;
  plan_known(c);
}

void plan_known(const StepCase& c) {
  const StepState state = c.copy();
  const auto at = time_of_try(c, state, std::max(c.worker.now(), state.not_before));
  if (!at) return;
  if (const auto deadline = deadline_of(c, state); deadline && *at > *deadline) {
    judged(c, "late", Reason::deadline_passed, *deadline, {});
    return end_late(c);
  }
  if (*at <= c.worker.now()) return seek_slot(c);
  wait_for(c, *at, sending_of(c.step()).timed() ? *at : Instant::beginning());
}

void come_again(const StepCase& c) {
  const StepState& state = *c.state();
  if (sending_of(c.step()).timed() && !state.callback_next) {
    if (is_unplanned(c, state)) return plan_try(c);
    const bool past_its_time = state.planned_at + kStillItsTime < c.worker.now();
    if (state.phase == Phase::held && past_its_time) return plan_again(c);
  }
  seek_slot(c);
}

}  // namespace relance
