#include "sim/world/people.h"

#include "core/run/human_item.h"

namespace relance {

namespace {

constexpr int64_t kRarely = 150;  // one in so many looks at a customer

}  // namespace

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
    worked |= ask(node, customer, diligence == 100);
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

// At the end nobody keeps anything from going on.
bool People::ask(Node& node, const Customer& customer, bool at_the_end) {
  const bool restricted = customer.privacy->restricted;
  const bool known = !customer.touches.empty() && !customer.subject.empty();
  if (at_the_end ? !restricted : !known || !asking_.one_in(kRarely)) return false;
  constexpr const char* kCommands[] = {"erase", "restrict", "restrict", "lift", "supplement"};
  CommandInput command;
  command.command = at_the_end ? "lift" : kCommands[asking_.below(std::size(kCommands))];
  command.author = "somebody";
  if (command.command == "supplement") command.data = Doc::record({{"city", Doc::text("Lyon")}});
  story_.tell("a customer asks", command.command);
  node.command(customer.id, std::move(command));
  return true;
}

}  // namespace relance
