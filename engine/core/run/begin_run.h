// Beginning a run: may this customer and key enter the flow now, and the record that lets him in.
// An event does so (customer/start_run.h), or a `start_flow` step of another run.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/run/worker.h"

namespace relance {

// Hash of each of a flow's key fields in an event's data; 0 where it has none.
std::vector<uint64_t> key_hashes(const Flow& flow, DocView data);

// Who wants to enter a flow, and with which event.
struct Entrant {
  const Flow& flow;
  const EventTaken& event;
  std::vector<uint64_t> keys;      // of its data
  uint16_t failures = 0;           // failed payment attempts that it begins with
  const Run* continues = nullptr;  // the run of this flow and key that ends for it
};

struct Refusal {
  RunEnd how = RunEnd::excluded;
  std::string_view reason;  // no_key, running, restricted, never_again, again_after, once_per_key,
                            // when, when_failed, holdout
};

// Is a run of this flow and key under way ("running"), or does `re_entry` keep him out? Empty: no.
std::string_view barred(Worker& worker, const Entrant& entrant);

// What stands against it; nullopt: nothing.
std::optional<Refusal> refusal(Worker& worker, const Entrant& entrant);

// Writes RunStarted and starts what may start. `origin` is unique to what began it (the event's
// hash, the step): the run's id follows from it. `by`: the run whose step did it, which gives the
// event with the record; zero: the entry's EventTaken is the event.
void begin_run(Worker& worker, Entrant entrant, std::string_view origin, const Key& by = {});

}  // namespace relance
