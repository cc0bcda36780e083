// Pausing and resuming: an operator, or a guard in his place, puts touches to rest, and later says
// how those that were held go on.
//
//   pause    a record of the pauses' own actor; once it is durable the gate holds every touch it
//            concerns (or refuses it, where it switches off), before the next one leaves
//   resume   another record: the gate holds no longer. Then each customer with held touches gets a
//            `release`, which does with them what the operator said
//   resumed  all of that is durable: the pause is forgotten
//
// A pause that has ended and is not forgotten is released again at the next start; who was released
// already is passed over then.
// Messages and charges are held. Operations on connectors, hand-overs and what is under way go on,
// and so do waits and new runs; only what would leave waits.
// Threads: the customer's actor. Fails: never; a command that does not fit writes nothing.
#pragma once

#include <string>
#include <vector>

#include "core/run/step_logic.h"

namespace relance {

// The name of the actor whose pauses they are.
std::string pauses_actor();

// pause (data: flow, channel, segment, off, reason), resume (data: number, release, reason),
// resumed (data: number): to the actor.
void command_pauses(Worker& worker, const CommandInput& command);

// Sets a pause. False: the same stands already.
bool set_pause(Worker& worker, Pause pause);

// release (data: number): to a customer.
void release_held(Worker& worker, const CommandInput& command);

// A touch that a pause holds, and what would become of it if the pause were over.
struct HeldTouch {
  enum class Fate : uint8_t { leaves, waits, late, refused, to_read };
  Key run;
  std::string flow, step, channel;
  Instant since;
  Fate fate = Fate::leaves;
  Reason reason = Reason::none;      // why it waits or is refused
  Instant until = Instant::never();  // it waits
  bool second = false;               // another message of this customer is better: see Release
};
std::string_view fate_name(HeldTouch::Fate fate);
Doc to_doc(const Pause& pause);

// Of a customer; `context` without this pause. The customer is not changed.
std::vector<HeldTouch> held_touches(Customer& customer, const Context& context, const Pause& pause);
// Does it hold anything of his? Cheaper than held_touches, and may say yes too often.
bool may_hold(const Customer& customer, const Pause& pause);

}  // namespace relance
