// Recall: when a run ends by its goal or is stopped, messages that a provider has accepted and not
// delivered yet are asked back, where its channel can. What came of it is a fact for people;
// nothing waits for it, and after a crash it is not asked again.
#pragma once

#include "core/run/worker.h"

namespace relance {

void recall_undelivered(Worker& worker, const Key& run);

void recalled(Worker& worker, const RecallInput& input);

}  // namespace relance
