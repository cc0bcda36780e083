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
  const std::vector<AbsenceWatch> watches = worker.customer().lookout->watches;
  for (const AbsenceWatch& watch : watches) {
    if (watch.due_at.is_never()) continue;
    const Flow* flow = flow_of(worker, watch);
    const Instant complete = flow ? watch.since + flow->absence->after : Instant::never();
    const bool early = watch.due_at > worker.now();
    // Before its time only a flow that waits no longer so long looks at it.
    if (early && (!flow || watch.due_at - complete <= kSettles)) continue;
    AbsenceWatch next = watch;
    next.due_at = complete > worker.now() ? complete : Instant::never();
    if (next.due_at.is_never()) next.event = {};
    worker.write(WatchSet{next});
    if (flow && next.due_at.is_never()) begin(worker, *flow, watch);
  }
}

void count_anew(Worker& worker, const Flow& flow) {
  Search search;
  search.flow = flow.name;
  bool known = false;
  for (const Search& one : worker.customer().lookout->searches)
    if (one.flow == flow.name) search = one, known = true;
  if (known && search.version == flow.version) return;
  if (!known) {
    search.version = flow.version;
    return worker.write(SearchMoved{search});
  }
  Rouse rouse{worker.customer().id, {}};
  rouse.operation =
      derive_key({worker.context().installation, "rouse", flow.name, flow.version.view()});
  search.asked = rouse.operation;
  worker.write(SearchMoved{search});
  worker.ask(std::move(rouse));
}

void take_roused(Worker& worker, const Key& operation) {
  for (const Search& one : worker.customer().lookout->searches) {
    if (!one.asked || one.asked != operation) continue;
    for (const Flow* flow : worker.rules().active()) {
      if (!flow->absence || one.flow != flow->name) continue;
      Search done = one;
      done.asked = {};
      done.version = flow->version;
      return worker.write(SearchMoved{done});
    }
  }
}

}  // namespace relance
