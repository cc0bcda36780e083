#include "core/customer/absence.h"

#include <algorithm>

#include "core/customer/start_run.h"

namespace relance {
namespace {

// An absence that is over already when its event comes, in a history that is taken in late, waits
// so long for later events of that history.
constexpr Duration kSettles = hours(1);

const AbsenceWatch* watch_of(const Customer& customer, std::string_view flow) {
  const std::vector<AbsenceWatch>& watches = customer.lookout->watches;
  const auto at = std::find_if(watches.begin(), watches.end(),
                               [&](const AbsenceWatch& watch) { return watch.flow == flow; });
  return at == watches.end() ? nullptr : &*at;
}

const Flow* flow_of(const Worker& worker, const AbsenceWatch& watch) {
  for (const Flow* flow : worker.rules().active())
    if (flow->absence && watch.flow == flow->name) return flow;
  return nullptr;
}

void begin(Worker& worker, const Flow& flow, const AbsenceWatch& watch) {
  FoundInput found;
  found.flow = flow.name;
  found.subject = worker.subject();
  found.hash = derive_hash({"absence", worker.rules().tenant(), flow.name, found.subject,
                            std::to_string(watch.since.ms)});
  found.data = Doc::merged(worker.open(watch.event),
                           Doc::record({{kSinceField, Doc::instant(watch.since)}}));
  start_found(worker, flow, found);
}

}  // namespace

void note_presence(Worker& worker, const EventTaken& event) {
  for (const Flow* flow : worker.rules().watching(event.type)) {
    const AbsenceWatch* known = watch_of(worker.customer(), flow->name);
    const Instant since = std::min(event.time, worker.now());
    if (known && known->since >= since) continue;
    const Instant due = std::max(since + flow->absence->after, worker.now() + kSettles);
    worker.write(WatchSet{{flow->name, since, due, event.data}});
  }
}

void start_absent(Worker& worker) {
  std::vector<AbsenceWatch> due;
  for (const AbsenceWatch& watch : worker.customer().lookout->watches)
    if (watch.due_at <= worker.now()) due.push_back(watch);
  for (const AbsenceWatch& watch : due) {
    const Flow* flow = flow_of(worker, watch);
    const Instant complete = flow ? watch.since + flow->absence->after : Instant::never();
    const bool later = flow && complete > worker.now();
    AbsenceWatch next = watch;
    next.due_at = later ? complete : Instant::never();
    if (!later) next.event = {};
    worker.write(WatchSet{std::move(next)});
    if (flow && !later) begin(worker, *flow, watch);
  }
}

}  // namespace relance
