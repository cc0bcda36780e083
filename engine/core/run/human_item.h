// Items of human queues. An item is a lease on the customer: while it stands, no touch of any flow
// leaves (gate, person_owns_case).
//
//   opened by a `handoff` step, with its packet -> lies in the queue -> taken by a person, for the
//   queue's lease -> ended by his word, which is the step's outcome, or handed back (`returned`)
//
// Where the queue has a desk, the item is offered to it as a touch whose data is the packet; the
// desk accepts, declines, completes or returns it by events about that touch, or lets the time
// pass. A lease that ran out, and an offer that came to nothing, go the step's declared way
// (HandoffStep::lost).
//
// When the run ends, an item that nobody has goes with it; one that a person has, or that follows a
// customer's dissatisfaction, stays until a person closes it.
//
// Every change is a LeaseChanged record. Threads: the customer's actor. Fails: never; a command
// that does not fit writes nothing.
#pragma once

#include "core/run/step_logic.h"

namespace relance {

// The name under which people and desks know it.
Key item_key(const Key& customer, const Key& run, StepIndex step);

// The step has moved to Phase::human with its packet.
void open_item(const StepCase& c, bool follow_up);
// `within` is over: true where nobody has the item, and it is closed.
bool close_untaken(const StepCase& c);
// The run of the step is ending.
void leave_item(const StepCase& c);

// take, resolve, return.
void command_item(Worker& worker, const CommandInput& command);
// Of every lease that is to be looked at by now.
void look_at_items(Worker& worker);

// An event about an offer: handoff.accepted, declined, completed, returned.
void take_desk_event(Worker& worker, const Touch& offer, const EventTaken& event, DocView data);
// The offer of an item to a desk left, or did not.
void offer_settled(Worker& worker, const Touch& offer, const OperationResult& result);
// Does an offer still stand for an item that nobody has?
bool offer_stands(const Customer& customer, const Touch& offer);

// A person has taken over the call that the step has under way; a touch, possibly that, is over.
void call_taken_over(const StepCase& c, std::string_view queue);
void call_over(Worker& worker, const Touch& touch);

// A packet on its way to the desk of a queue: a touch, written and asked for. `attempt` tells it
// from others of its step. nullptr: there is no desk, or the packet is incomplete.
struct PacketTouch {
  const Lease& about;
  std::string_view flow, step;
  std::string attempt;
};
const Touch* send_packet(Worker& worker, const PacketTouch& how, Doc packet);

}  // namespace relance
