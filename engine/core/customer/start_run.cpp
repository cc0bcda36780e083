#include "core/customer/start_run.h"

#include <algorithm>

#include "core/customer/correlate.h"
#include "core/run/begin_run.h"
#include "core/run/profile.h"

namespace relance {
namespace {

void not_started(Worker& worker, const Flow& flow, const Refusal& refusal) {
  worker.write(RunNotStarted{flow.name, flow.version, refusal.how, std::string(refusal.reason)});
}

void start(Worker& worker, const Flow& flow, const EventTaken& event, DocView data) {
  Entrant entrant{flow, event, key_hashes(flow, data)};
  entrant.failures = event.type == "payment.failed" ? 1 : 0;
  if (const auto refused = refusal(worker, entrant)) {
    // The run that is under way tells of itself.
    if (refused->reason != "running") not_started(worker, flow, *refused);
    return;
  }
  begin_run(worker, std::move(entrant), std::to_string(event.hash));
}

// Erased, and he has not come back since: that a CRM still lists him is nothing that he did.
bool is_forgotten(const Customer& customer) {
  return customer.subject.empty() && !customer.privacy->erased_at.is_never();
}

}  // namespace

void start_found(Worker& worker, const Flow& flow, const FoundInput& found) {
  const Customer& customer = worker.customer();
  if (is_forgotten(customer)) return;
  const Doc data = Doc::merged(Doc::record({{"time", Doc::instant(worker.now())}}), found.data);
  EventTaken event;
  if (!barred(worker, {flow, event, key_hashes(flow, data)}).empty()) return;
  if (customer.subject.empty())
    worker.write(CustomerMet{worker.seal(Doc::record({{"subject", Doc::text(found.subject)}}))});
  event.hash = found.hash;
  event.type = flow.absence ? kAbsenceFound : kSegmentFound;
  event.time = worker.now();
  event.envelope = worker.seal(Doc::record({{"id", Doc::text(std::to_string(found.hash))},
                                            {"source", Doc::text("relance:" + flow.name)}}));
  event.data = worker.seal(data);
  worker.write(event);
  if (!found.record.is_null()) {
    take_profile(worker, found.record);
    worker.explain({}, kNoStep, "segment", "found", data);
  }
  start(worker, flow, event, data);
}

void start_runs(Worker& worker, const EventTaken& event, DocView data,
                const std::vector<Key>& reached) {
  for (const Flow* flow : worker.rules().started_by(event.type)) {
    const bool joined = std::any_of(reached.begin(), reached.end(), [&](const Key& id) {
      const Run* run = worker.customer().find_run(id);
      return run && run->flow == flow->name && run->live();
    });
    if (joined) continue;
    const auto yes = matches(flow->start, *flow, event.type, data, worker.rules());
    if (!yes) {
      worker.explain_error({}, kNoStep, yes.error());
      not_started(worker, *flow, {RunEnd::excluded, "where_failed"});
      continue;
    }
    if (*yes) start(worker, *flow, event, data);
  }
}

}  // namespace relance
