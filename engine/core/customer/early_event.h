// Events that come too early: a provider's webhook names its own id of a touch while the send that
// brings this id has not been answered yet.
//
// Such an event is accepted and kept by an actor of its own, one for each provider's id, whose name
// is early_subject(). It seeks the touch; once that is known the event is handed to the touch's
// customer, to whom a repeat of it is a duplicate as any other. What finds no touch in kEarlyKept
// is given up. After a crash the actor is found as anybody with something under way and seeks
// again.
#pragma once

#include "core/run/worker.h"

namespace relance {

// Longer than providers repeat a webhook that is not taken (Stripe: up to three days, see
// https://docs.stripe.com/webhooks), and than any answer to a send takes.
constexpr Duration kEarlyKept = hours(72);

// Of the actor where events wait for this id of a channel's provider.
std::string early_subject(std::string_view channel, std::string_view reference);

// The caller has ruled out that it is a duplicate.
void keep_early(Worker& worker, const EventInput& event);
// Hands on what waits for this id.
void hand_on(Worker& worker, const TouchKnownInput& known);
void handed_on(Worker& worker, const HandedOnInput& input);
void give_up_early(Worker& worker);  // what has waited too long
void seek_again(Worker& worker);     // after a start

}  // namespace relance
