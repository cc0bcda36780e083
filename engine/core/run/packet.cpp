#include "core/run/packet.h"

#include <algorithm>
#include <array>

#include "core/run/human_item.h"

namespace relance {
namespace {

constexpr size_t kTouches = 10, kWords = 20, kPending = 20;

using Fields = std::vector<std::pair<std::string, Doc>>;

Doc touches_of(const Customer& customer) {
  std::vector<Doc> items;
  for (auto it = customer.touches.rbegin();
       it != customer.touches.rend() && items.size() < kTouches; ++it) {
    if (!it->reaches_customer()) continue;
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

// The latest words of a kind, each once.
Doc words_of(const Customer& customer, Memory::Kind kind) {
  std::vector<Doc> words;
  for (auto it = customer.memory.rbegin(); it != customer.memory.rend(); ++it) {
    const Doc word = Doc::text(it->word);
    if (it->kind != kind || words.size() >= kWords) continue;
    if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
  }
  return Doc::list(words);
}

Doc memory_of(const Customer& customer) {
  return Doc::record({{"said", words_of(customer, Memory::Kind::said)},
                      {"promised", words_of(customer, Memory::Kind::promised)},
                      {"asked", words_of(customer, Memory::Kind::asked)}});
}

Doc customer_of(const StepCase& c) {
  const DocView profile = c.view().profile();
  const Doc id = Doc::record({{"id", Doc::text(c.worker.subject())}});
  return profile.is_null() ? id : Doc::merged(Doc(profile), id);
}

Doc pending_step(const Flow& flow, const StepState& state) {
  const Step& step = flow.steps[state.step];
  Fields fields{{"flow", Doc::text(flow.name)},
                {"step", Doc::text(step.name)},
                {"kind", Doc::text(step_kind_name(step.kind()))},
                {"phase", Doc::text(phase_name(state.phase))}};
  if (state.phase == Phase::held) fields.emplace_back("reason", Doc::text(state.word));
  if (!state.wake_at.is_never()) fields.emplace_back("at", Doc::instant(state.wake_at));
  return Doc::record(fields);
}

// Of every run, without the step that hands over.
Doc pending_of(const StepCase& c) {
  std::vector<Doc> items;
  for (const Run& run : c.worker.customer().runs) {
    const Flow* flow = run.live() ? c.worker.flow_of(&run) : nullptr;
    if (!flow) continue;
    for (const StepState& state : run.steps) {
      const bool own = run.id == c.run_id && state.step == c.index;
      if (!own && state.phase != Phase::ended && items.size() < kPending)
        items.push_back(pending_step(*flow, state));
    }
  }
  return Doc::list(items);
}

// What a conversation that led here brought, else what stands for it.
void add_conversation(const StepCase& c, const StepState* cause, Fields& packet) {
  const auto* send = cause ? std::get_if<SendStep>(&c.flow.steps[cause->step].body) : nullptr;
  const DocView data = cause ? c.view().step_data(cause->step) : DocView{};
  const DocView said = data.find("said"), reached = data.find("reached");
  const std::string& led = c.flow.steps[cause ? cause->step : c.index].name;
  packet.emplace_back("why", Doc::text(cause ? led + ": " + cause->word.str() : "the flow began"));
  packet.emplace_back("script", Doc::text(send ? send->script : ""));
  packet.emplace_back("said", said.is_null() ? Doc::list(std::vector<Doc>{}) : Doc(said));
  packet.emplace_back("reached", reached.is_null() ? Doc::text(led) : Doc(reached));
}

// Fields that must say something, and those that may be empty.
constexpr std::array<std::string_view, 5> kTold = {"flow", "step", "why", "reached", "controller"};
constexpr std::array<std::string_view, 8> kThere = {"script", "said",    "customer", "event",
                                                    "steps",  "touches", "memory",   "pending"};

}  // namespace

Doc context_packet(const StepCase& c) {
  const View view = c.view();
  Fields steps;
  for (const StepState& state : c.run().steps)
    if (state.phase == Phase::ended)
      steps.emplace_back(c.flow.steps[state.step].name, Doc::text(state.word));
  Fields packet{{"flow", Doc::text(c.flow.name)},
                {"step", Doc::text(c.step().name)},
                {"customer", customer_of(c)},
                {"event", Doc(view.event())},
                {"steps", Doc::record(steps)},
                {"touches", touches_of(c.worker.customer())},
                {"memory", memory_of(c.worker.customer())},
                {"pending", pending_of(c)},
                {"controller", Doc::text(c.worker.rules().controller())}};
  add_conversation(c, cause_of(c), packet);
  return Doc::record(packet);
}

Doc item_packet(const StepCase& c) {
  const HandoffStep& step = std::get<HandoffStep>(c.step().body);
  std::vector<Doc> outcomes;
  for (const std::string& word : step.words) outcomes.push_back(Doc::text(word));
  const Key item = item_key(c.worker.customer().id, c.run_id, c.index);
  return Doc::merged(context_packet(c), Doc::record({{"item", Doc::text(item.text())},
                                                     {"queue", Doc::text(step.queue)},
                                                     {"outcomes", Doc::list(outcomes)},
                                                     {"opened_at", Doc::instant(c.worker.now())}}));
}

Status check_packet(DocView packet) {
  const auto missing = [](std::string_view field) {
    return Error{Code::packet_incomplete,
                 "the packet lacks '" + std::string(field) + "'",
                 {},
                 "name the bundle's controller; everything else the engine knows by itself"};
  };
  for (const std::string_view field : kTold)
    if (packet.find(field).text().value_or("").empty()) return missing(field);
  for (const std::string_view field : kThere)
    if (packet.find(field).is_null()) return missing(field);
  return {};
}

bool follows_dissatisfaction(const StepCase& c) {
  const StepState* cause = cause_of(c);
  return cause && cause->word == "dissatisfied";
}

}  // namespace relance
