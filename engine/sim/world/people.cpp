#include "sim/world/people.h"

namespace relance {

bool People::work(Node& node, int diligence) {
  bool worked = false;
  for (const auto& [id, customer] : durable_.customers()) {
    for (const Touch& touch : customer.touches)
      if (touch.state == TouchState::parked && touch.what == TouchWhat::charge &&
          chance_.percent(diligence))
        worked |= settle(node, id, touch);
    for (const Run& run : customer.runs)
      for (const StepState& state : run.steps)
        if (state.phase == Phase::human && run.live() && chance_.percent(diligence))
          worked |= resolve(node, id, run, state);
  }
  return worked;
}

bool People::settle(Node& node, const Key& customer, const Touch& touch) {
  const Deed* deed = ledger_.find(touch.key);
  CommandInput command;
  command.command = "settle";
  command.author = "somebody";
  command.touch = touch.key;
  command.word = !deed || deed->acts == 0    ? "absent"
                 : deed->answer.word.empty() ? "done"
                                             : deed->answer.word;
  story_.tell("a person settles", touch.key);
  node.command(customer, std::move(command));
  return true;
}

bool People::resolve(Node& node, const Key& customer, const Run& run, const StepState& state) {
  const Flow* flow = rules_.flow(run.version);
  if (!flow) return false;
  CommandInput command;
  command.command = chance_.percent(80) ? "resolve" : "return";
  command.author = "somebody";
  command.run = run.id;
  command.step = flow->steps[state.step].name;
  story_.tell("a person resolves", run.id);
  node.command(customer, std::move(command));
  return true;
}

}  // namespace relance
