#include "core/customer/start_run.h"

#include <algorithm>

#include "base/random.h"
#include "core/customer/correlate.h"
#include "core/run/advance.h"

namespace relance {
namespace {

void not_started(Worker& worker, const Flow& flow, RunEnd how, std::string_view reason) {
  worker.write(RunNotStarted{flow.name, flow.version, how, std::string(reason)});
}

// Sticky: the same customers for the whole life of the flow's name. Service flows hold nobody out.
bool held_out(const Worker& worker, const Customer& customer, const Flow& flow) {
  if (flow.holdout_percent == 0 || flow.purpose == Purpose::service) return false;
  return unit_hash({"holdout", worker.rules().tenant(), flow.name, customer.id.view()}) * 100 <
         flow.holdout_percent;
}

// Empty: may enter.
std::string_view barred(const Worker& worker, const Customer& customer, const Flow& flow,
                        uint64_t key) {
  for (const PastRun& past : customer.past) {
    if (past.flow != flow.name) continue;
    switch (flow.re_entry) {
      case ReEntry::always: break;
      case ReEntry::never_again: return "never_again";
      case ReEntry::again_after:
        if (past.ended_at + flow.re_entry_after > worker.now()) return "again_after";
        break;
      case ReEntry::once_per_key:
        if (past.key == key) return "once_per_key";
        break;
    }
  }
  return {};
}

bool same_live_run(const Customer& customer, const Flow& flow, const std::vector<uint64_t>& keys) {
  return std::any_of(customer.runs.begin(), customer.runs.end(), [&](const Run& run) {
    return run.live() && run.flow == flow.name && run.keys == keys;
  });
}

// `when` looks at a run that does not exist yet: one as it would begin.
Result<bool> eligible(Worker& worker, const Flow& flow, const EventTaken& event,
                      const std::vector<uint64_t>& keys) {
  if (!flow.when) return true;
  Run run;
  run.flow = flow.name;
  run.version = flow.version;
  run.keys = keys;
  run.event = event.data;
  run.event_type = event.type;
  run.event_time = event.time;
  return worker.rules().test(flow, flow.when, View(worker.customer(), run, flow, worker.now()));
}

void start(Worker& worker, const Flow& flow, const EventTaken& event, DocView data) {
  std::vector<uint64_t> keys = key_hashes(flow, data);
  if (!flow.key.empty() &&
      std::all_of(keys.begin(), keys.end(), [](uint64_t key) { return key == 0; }))
    return not_started(worker, flow, RunEnd::excluded, "no_key");
  if (same_live_run(worker.customer(), flow, keys)) return;
  const std::string_view bar = barred(worker, worker.customer(), flow, whole_key(keys));
  if (!bar.empty()) return not_started(worker, flow, RunEnd::excluded, bar);
  const auto may = eligible(worker, flow, event, keys);
  if (!may) {
    worker.explain_error({}, kNoStep, may.error());
    return not_started(worker, flow, RunEnd::excluded, "when_failed");
  }
  if (!*may) return not_started(worker, flow, RunEnd::excluded, "when");
  if (held_out(worker, worker.customer(), flow))
    return not_started(worker, flow, RunEnd::holdout, "holdout");

  const uint64_t whole = whole_key(keys);
  RunStarted started;
  started.run = derive_key({worker.context().installation, worker.customer().id.view(), flow.name,
                            std::to_string(whole), std::to_string(event.hash)});
  started.flow = flow.name;
  started.version = flow.version;
  started.expire_at = worker.now() + flow.expire;
  started.keys = std::move(keys);
  started.failures = event.type == "payment.failed" ? 1 : 0;
  const Key id = started.run;
  worker.write(std::move(started));
  advance(worker, id);
}

}  // namespace

void start_found(Worker& worker, const Flow& flow, const FoundInput& found) {
  const Customer& customer = worker.customer();
  const Doc data = Doc::merged(Doc::record({{"time", Doc::instant(worker.now())}}), found.data);
  const std::vector<uint64_t> keys = key_hashes(flow, data);
  if (same_live_run(customer, flow, keys)) return;
  if (!barred(worker, customer, flow, whole_key(keys)).empty()) return;
  if (customer.subject.empty())
    worker.write(CustomerMet{worker.seal(Doc::record({{"subject", Doc::text(found.subject)}}))});
  EventTaken event;
  event.hash = found.hash;
  event.type = flow.absence ? kAbsenceFound : kSegmentFound;
  event.time = worker.now();
  event.envelope = worker.seal(Doc::record({{"id", Doc::text(std::to_string(found.hash))},
                                            {"source", Doc::text("relance:" + flow.name)}}));
  event.data = worker.seal(data);
  worker.write(event);
  if (!found.record.is_null()) {
    worker.write(ProfileRead{worker.seal(found.record)});
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
      not_started(worker, *flow, RunEnd::excluded, "where_failed");
      continue;
    }
    if (*yes) start(worker, *flow, event, data);
  }
}

}  // namespace relance
