#include "core/run/begin_run.h"

#include <algorithm>

#include "base/random.h"
#include "core/gate/reason.h"
#include "core/run/advance.h"

namespace relance {
namespace {

// Sticky: the same customers for the whole life of the flow's name. Service flows hold nobody out.
bool held_out(const Worker& worker, const Customer& customer, const Flow& flow) {
  if (flow.holdout_percent == 0 || flow.purpose == Purpose::service) return false;
  return unit_hash({"holdout", worker.rules().tenant(), flow.name, customer.id.view()}) * 100 <
         flow.holdout_percent;
}

bool same_live_run(const Customer& customer, const Entrant& entrant) {
  return std::any_of(customer.runs.begin(), customer.runs.end(), [&](const Run& run) {
    return run.live() && &run != entrant.continues && run.flow == entrant.flow.name &&
           run.keys == entrant.keys;
  });
}

// `when` looks at a run that does not exist yet: one as it would begin.
Result<bool> eligible(Worker& worker, const Entrant& entrant) {
  const Flow& flow = entrant.flow;
  if (!flow.when) return true;
  Run run;
  run.flow = flow.name;
  run.version = flow.version;
  run.keys = entrant.keys;
  run.event = entrant.event.data;
  run.event_type = entrant.event.type;
  run.event_time = entrant.event.time;
  return worker.rules().test(flow, flow.when, View(worker.customer(), run, flow, worker.now()));
}

}  // namespace

std::vector<uint64_t> key_hashes(const Flow& flow, DocView data) {
  std::vector<uint64_t> hashes;
  hashes.reserve(flow.key.size());
  for (const std::string& field : flow.key) {
    const DocView value = data.find_path(field);
    hashes.push_back(value.is_null() ? 0 : derive_hash({"key", field, value.bytes()}));
  }
  return hashes;
}

std::string_view barred(Worker& worker, const Entrant& entrant) {
  const Flow& flow = entrant.flow;
  if (same_live_run(worker.customer(), entrant)) return "running";
  if (worker.customer().limited()) return reason_name(Reason::restricted);
  // A run that goes on as a new one has been let in before, and is no re-entry.
  if (entrant.continues) return {};
  for (const PastRun& past : worker.customer().past) {
    if (past.flow != flow.name) continue;
    switch (flow.re_entry) {
      case ReEntry::always: break;
      case ReEntry::never_again: return "never_again";
      case ReEntry::again_after:
        if (past.ended_at + flow.re_entry_after > worker.now()) return "again_after";
        break;
      case ReEntry::once_per_key:
        if (past.key == whole_key(entrant.keys)) return "once_per_key";
        break;
    }
  }
  return {};
}

std::optional<Refusal> refusal(Worker& worker, const Entrant& entrant) {
  const Flow& flow = entrant.flow;
  const std::vector<uint64_t>& keys = entrant.keys;
  if (!flow.key.empty() &&
      std::all_of(keys.begin(), keys.end(), [](uint64_t key) { return key == 0; }))
    return Refusal{RunEnd::excluded, "no_key"};
  if (const std::string_view bar = barred(worker, entrant); !bar.empty())
    return Refusal{RunEnd::excluded, bar};
  const auto may = eligible(worker, entrant);
  if (!may) {
    worker.explain_error({}, kNoStep, may.error());
    return Refusal{RunEnd::excluded, "when_failed"};
  }
  if (!*may) return Refusal{RunEnd::excluded, "when"};
  if (held_out(worker, worker.customer(), flow)) return Refusal{RunEnd::holdout, "holdout"};
  return std::nullopt;
}

void begin_run(Worker& worker, Entrant entrant, std::string_view origin, const Key& by) {
  const Flow& flow = entrant.flow;
  RunStarted started;
  const Key& customer = worker.customer().id;
  started.run = derive_key_of(customer, {worker.context().installation, customer.view(), flow.name,
                                         std::to_string(whole_key(entrant.keys)), origin});
  started.flow = flow.name;
  started.version = flow.version;
  started.expire_at = worker.now() + flow.expire;
  started.keys = std::move(entrant.keys);
  started.failures = entrant.failures;
  if (by) {
    started.given = {entrant.event.type, entrant.event.time, entrant.event.data};
    started.by = by;
  }
  const Key id = started.run;
  worker.write(std::move(started));
  advance(worker, id);
}

}  // namespace relance
