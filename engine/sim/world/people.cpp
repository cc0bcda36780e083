#include "sim/world/people.h"

#include "core/run/human_item.h"

namespace relance {

bool People::work(Node& node, int diligence) {
  bool worked = false;
  for (const auto& [id, customer] : durable_.customers()) {
    for (const Touch& touch : customer.touches)
      if (touch.state == TouchState::parked && touch.what == TouchWhat::charge &&
          chance_.percent(diligence))
        worked |= settle(node, id, touch);
    for (const Lease& lease : customer.leases)
      if (!lease.call && may_move(customer, lease) && chance_.percent(diligence))
        worked |= work_on(node, id, lease);
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

// A run whose flow is not there is held, and its item with it.
bool People::may_move(const Customer& customer, const Lease& lease) const {
  const Run* run = customer.find_run(lease.run);
  return !run || rules_.flow(run->version) != nullptr;
}

// Some are taken and forgotten.
bool People::work_on(Node& node, const Key& customer, const Lease& lease) {
  const char* const kCommands[] = {"resolve", "resolve", "resolve", "return", "take"};
  CommandInput command;
  command.command = kCommands[chance_.below(std::size(kCommands))];
  command.author = lease.by.empty() ? "somebody" : lease.by.str();
  command.item = item_key(customer, lease.run, lease.step);
  story_.tell("a person works on an item", lease.run);
  node.command(customer, std::move(command));
  return true;
}

}  // namespace relance
