#include "core/run/recall.h"

#include "core/run/write_back.h"

namespace relance {
namespace {

// Accepted, and no news of its delivery yet.
bool may_be_on_its_way(Worker& worker, const Run& run, const Touch& touch) {
  if (touch.run != run.id || !touch.is_contact() || touch.state != TouchState::done) return false;
  if (touch.outcome != "delivered") return false;
  const Channel* channel = worker.rules().channel(touch.channel);
  if (!channel || !channel->can_recall) return false;
  if (touch.intended_at + channel->receipts < worker.now()) return false;
  const StepState* state = run.find(touch.step);
  return !state || worker.open(state->data).find("delivered_at").is_null();
}

}  // namespace

void recall_undelivered(Worker& worker, const Key& run_id) {
  const Run* run = worker.customer().find_run(run_id);
  if (!run) return;
  for (const Touch& touch : worker.customer().touches)
    if (may_be_on_its_way(worker, *run, touch)) worker.ask(Recall{worker.customer().id, touch});
}

void recalled(Worker& worker, const RecallInput& input) {
  const Touch* touch = worker.customer().find_touch(input.touch);
  if (!touch) return;
  const bool back = input.result.status == OperationStatus::cancelled;
  const bool late = input.result.status == OperationStatus::done;
  worker.explain(touch->run, touch->step, "recall",
                 back   ? "taken back"
                 : late ? "too late"
                        : "unknown",
                 Doc::record({{"key", Doc::text(touch->key.text())},
                              {"reason", Doc::text(input.result.reason)}}));
  if (back)
    tell_later_news(worker, *touch, {"recalled", input.result.reason, worker.now(), 0, {}, {}});
}

}  // namespace relance
