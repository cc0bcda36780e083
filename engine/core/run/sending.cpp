#include "core/run/sending.h"

#include <algorithm>

#include "core/run/moment.h"

namespace relance {

Sending sending_of(const Step& step) {
  if (const auto* send = std::get_if<SendStep>(&step.body))
    return {TouchWhat::message, send->tries, send->gap, &send->at, &send->data, send};
  const auto& charge = std::get<ChargeStep>(step.body);
  return {TouchWhat::charge, charge.tries, charge.gap, &charge.at, &charge.data, nullptr};
}

std::string_view via_of(const StepCase& c) {
  const auto* send = std::get_if<SendStep>(&c.step().body);
  if (!send) return std::get<ChargeStep>(c.step().body).via;
  if (send->channels.empty()) return send->via;
  const StepState* state = c.state();
  const size_t chosen = state ? state->channel : 0;
  return send->channels[std::min(chosen, send->channels.size() - 1)].via;
}

ZoneGuess zone_of(const StepCase& c, DocView profile) {
  return zone_of_profile(profile, c.worker.rules().zone());
}

std::optional<Instant> deadline_of(const StepCase& c, const StepState& state) {
  const SendStep* send = sending_of(c.step()).send;
  if (!send || !send->deadline || state.callback_next) return std::nullopt;
  const DocView profile = c.worker.profile();
  const auto at = resolve(*send->deadline, c.view(), *zone_of(c, profile).candidates.front());
  return at ? std::optional(*at + c.run().shifted) : at;
}

void judged(const StepCase& c, std::string_view verdict, Reason reason, Instant until, Doc facts) {
  const StepState state = c.copy();
  c.worker.write(TouchJudged{c.run_id, c.index, static_cast<uint8_t>(state.try_no + 1),
                             std::string(via_of(c)), std::string(verdict),
                             std::string(reason_name(reason)), until, std::move(facts)});
}

void end_late(const StepCase& c) {
  const StepState state = c.copy();
  c.end(state.last_word.empty() ? "late" : std::string_view(state.last_word),
        reason_name(Reason::deadline_passed));
}

}  // namespace relance
