#include "core/run/packet.h"

#include <algorithm>

namespace relance {
namespace {

constexpr size_t kTouches = 10;

Doc touches_of(const Customer& customer) {
  std::vector<Doc> items;
  for (auto it = customer.touches.rbegin();
       it != customer.touches.rend() && items.size() < kTouches; ++it) {
    if (it->what == TouchWhat::operation) continue;
    items.push_back(Doc::record({{"flow", Doc::text(it->flow)},
                                 {"step", Doc::text(it->step_name)},
                                 {"channel", Doc::text(it->channel)},
                                 {"outcome", Doc::text(it->outcome)},
                                 {"at", Doc::instant(it->intended_at)}}));
  }
  return Doc::list(items);
}

// The step whose end let this one start: the latest of the file among those its edges name.
const StepState* cause_of(const StepCase& c) {
  const StepState* cause = nullptr;
  each_edge(c.step().after, [&](const Edge& edge, bool) {
    const StepState* state = c.run().find(edge.step);
    const auto& words = edge.outcomes;
    const bool led_here =
        state && state->phase == Phase::ended &&
        (edge.bare || std::find(words.begin(), words.end(), state->word) != words.end());
    if (led_here && (!cause || cause->step < state->step)) cause = state;
  });
  return cause;
}

}  // namespace

Doc context_packet(const StepCase& c) {
  const View view = c.view();
  std::vector<std::pair<std::string, Doc>> steps;
  for (const StepState& state : c.run().steps)
    if (state.phase == Phase::ended)
      steps.emplace_back(c.flow.steps[state.step].name, Doc::text(state.word));
  std::vector<std::pair<std::string, Doc>> packet{
      {"flow", Doc::text(c.flow.name)},  {"step", Doc::text(c.step().name)},
      {"customer", Doc(view.profile())}, {"event", Doc(view.event())},
      {"steps", Doc::record(steps)},     {"touches", touches_of(c.worker.customer())}};
  if (const StepState* cause = cause_of(c)) {
    packet.emplace_back("why",
                        Doc::text(c.flow.steps[cause->step].name + ": " + cause->word.str()));
    if (const auto* send = std::get_if<SendStep>(&c.flow.steps[cause->step].body);
        send && !send->script.empty())
      packet.emplace_back("script", Doc::text(send->script));
    const DocView data = view.step_data(cause->step);
    if (const DocView said = data.find("said"); !said.is_null())
      packet.emplace_back("said", Doc(said));
    if (const DocView reached = data.find("reached"); !reached.is_null())
      packet.emplace_back("reached", Doc(reached));
  }
  return Doc::record(packet);
}

}  // namespace relance
