#include "core/state/apply.h"

#include <algorithm>

#include "core/state/redact.h"

namespace relance {
namespace {

constexpr int64_t kMostSeconds = days(365).ms / 1000;

// One function a record type. Missing runs and touches were trimmed: such records change nothing.
struct Applier {
  Customer& customer;
  const Applying& where;

  void operator()(const CustomerMet& r) const { customer.subject = r.subject; }

  void operator()(const EventTaken& r) const {
    uint64_t& slot = customer.recent_events[customer.recent_next];
    if (slot != 0) customer.older_events = true;
    slot = r.hash;
    customer.recent_next =
        static_cast<uint8_t>((customer.recent_next + 1) % customer.recent_events.size());
  }

  void operator()(const RunStarted& r) const {
    if (customer.find_run(r.run)) return;  // it stands already
    Run run;
    run.id = r.run;
    run.flow = r.flow;
    run.version = r.version;
    run.started_at = where.at;
    run.expire_at = r.expire_at;
    run.keys = r.keys;
    run.failures = r.failures;
    if (!r.given.type.empty()) {
      run.event = r.given.data;
      run.event_type = r.given.type;
      run.event_time = r.given.at;
    } else if (where.event) {
      run.event = where.event->data;
      run.event_type = where.event->type;
      run.event_time = where.event->time;
    }
    customer.runs.push_back(std::move(run));
  }

  void operator()(const RunJoined& r) const {
    Run* run = customer.find_run(r.run);
    const bool late = !r.late.type.empty();
    if (!run || (!late && !where.event)) return;
    run->latest = late ? r.late.data : where.event->data;
    if (!r.event.empty()) {
      keep_event(*run);
      run->event = r.event;
    }
    run->failures = r.failures;
    if (!r.keep) return;
    run->past.push_back(late ? r.late : SeenEvent{where.event->type, where.at, where.event->data});
  }

  // What is on its way was told the old one; a repeat must be told the same.
  void keep_event(const Run& run) const {
    for (Touch& touch : customer.touches)
      if (touch.open() && touch.run == run.id && touch.held->event.empty())
        touch.held.change().event = run.event;
  }

  void operator()(const RunNotStarted&) const {}  // nothing began; told for people

  void operator()(const StepMoved& r) const {
    if (Run* run = customer.find_run(r.run)) run->at(r.state.step) = r.state;
  }

  void operator()(const StepEnded& r) const {
    Run* run = customer.find_run(r.run);
    if (!run) return;
    StepState& state = run->at(r.step);
    state.phase = Phase::ended;
    state.word = r.outcome;
    state.wake_at = Instant::never();
    state.not_before = Instant::beginning();
    state.planned_at = Instant::beginning();
    state.opened = false;
    if (!r.data.empty()) state.data = r.data;
    state.talk = {};
  }

  void operator()(const TouchJudged&) const {
  }  // for people; what follows from it stands in StepMoved or StepEnded

  void operator()(const TouchIntended& r) const {
    // By a quarter: customers lie in memory by the thousand, and most ledgers grow no more.
    std::vector<Touch>& touches = customer.touches;
    if (touches.size() == touches.capacity()) touches.reserve(touches.size() * 5 / 4 + 4);
    touches.push_back(r.touch);
    customer.touches.back().intended_at = where.at;
    Run* run = r.moves ? customer.find_run(r.touch.run) : nullptr;
    if (run) send_out(*run, r.touch);
  }

  void send_out(Run& run, const Touch& touch) const {
    const bool begins = run.find(touch.step) == nullptr;
    StepState& state = run.at(touch.step);
    if (begins) state.began_at = where.at;
    ++(state.callback_next ? state.callbacks : state.try_no);
    state.callback_next = false;
    state.phase = Phase::out;
    state.touch = touch.key;
    state.sent_at = where.at;
    state.first_sent_at = std::min(state.first_sent_at, where.at);
    state.wake_at = Instant::never();
    state.not_before = Instant::beginning();
    state.planned_at = Instant::beginning();
    state.opened = false;
    state.word.clear();
    state.talk = {};  // every call begins its script anew
    state.content = {};
    state.side = {};
  }

  void operator()(const TouchSettled& r) const {
    Touch* touch = customer.find_touch(r.key);
    if (!touch) return;
    if (r.forget) {
      customer.touches.erase(customer.touches.begin() + (touch - customer.touches.data()));
      return;
    }
    touch->state = r.state;
    touch->outcome = r.outcome;
    touch->reason = r.reason;
    touch->cost_micro = r.cost_micro;
    touch->cost_currency = r.cost_currency;
    if (r.state == TouchState::done) {
      touch->done_at = r.acted_at;
      touch->held.clear();
      if (!r.refs.empty()) touch->held.change().refs = r.refs;  // it may be taken back
      return;
    }
    OpenTouch& held = touch->held.change();
    held.settle_at = r.settle_at;
    held.attempts = r.attempts;
    if (r.boot_ms != 0) held.waits_since_ms = r.boot_ms;  // else the wait before goes on
    if (!r.refs.empty()) held.refs = r.refs;
  }

  void operator()(const ProfileRead& r) const {
    for (Touch& touch : customer.touches)
      if (touch.open() && touch.held->had_profile && touch.held->profile.empty())
        touch.held.change().profile = customer.profile;
    customer.profile = r.profile;
    customer.profile_at = where.at;
  }

  void operator()(const RunEnding& r) const {
    Run* run = customer.find_run(r.run);
    if (!run) return;
    run->ending = r.how;
    run->end_reason = r.reason;
    run->ended_by = r.by;
  }

  void operator()(const RunEnded& r) const {
    auto it = std::find_if(customer.runs.begin(), customer.runs.end(),
                           [&](const Run& run) { return run.id == r.run; });
    if (it == customer.runs.end()) return;
    keep_event(*it);
    for (Touch& touch : customer.touches)
      if (touch.open() && touch.run == r.run) touch.held.change().version = it->version;
    customer.past.push_back({it->flow, whole_key(it->keys), it->ending, where.at});
    customer.runs.erase(it);
  }

  void operator()(const ConsentChanged& r) const {
    std::erase_if(customer.consents, [&](const Consent& c) {
      return c.channel == r.consent.channel && c.purpose == r.consent.purpose;
    });
    customer.consents.push_back(r.consent);
  }

  void operator()(const AddressSuppressed&) const {}  // belongs to the address, not to the customer

  void operator()(const Remembered& r) const { customer.memory.push_back(r.memory); }

  void operator()(const LeaseChanged& r) const {
    std::erase_if(customer.leases,
                  [&](const Lease& l) { return l.run == r.lease.run && l.step == r.lease.step; });
    if (r.held) customer.leases.push_back(r.lease);
  }

  void operator()(const Decided&) const {}
  void operator()(const CommandTaken&) const {}

  void operator()(const Trimmed& r) const {
    std::erase_if(customer.touches,
                  [&](const Touch& t) { return !t.open() && t.intended_at < r.before; });
    const Instant runs_before = r.runs_before.is_never() ? r.before : r.runs_before;
    std::erase_if(customer.past, [&](const PastRun& p) { return p.ended_at < runs_before; });
    std::erase_if(customer.memory, [&](const Memory& m) { return m.at < r.before; });
    customer.touches_since = std::max(customer.touches_since, r.before);
  }

  void operator()(const RunHeld& r) const {
    Run* run = customer.find_run(r.run);
    if (!run) return;
    run->held = r.held;
    if (!r.held) run->kept.clear();
  }

  void operator()(const EventKept& r) const {
    Run* run = customer.find_run(r.run);
    const EventTaken* event = where.event;
    if (run && event)
      run->kept.push_back({event->type, event->time, where.at, event->touch, event->data});
  }

  void operator()(const MarkerChanged& r) const {
    std::erase_if(customer.markers, [&](const Marker& m) {
      return m.name == r.marker.name && m.key == r.marker.key;
    });
    if (!r.forgotten) customer.markers.push_back(r.marker);
  }

  void operator()(const TouchAnswered& r) const {
    Touch* touch = customer.find_touch(r.key);
    if (!touch) return;
    const int64_t after =
        std::clamp<int64_t>((r.at - touch->intended_at).ms / 1000, 0, kMostSeconds);
    touch->answered_s = static_cast<uint32_t>(after + 1);
  }

  void operator()(const WatchSet& r) const {
    std::vector<AbsenceWatch>& watches = customer.lookout.change().watches;
    std::erase_if(watches, [&](const AbsenceWatch& w) { return w.flow == r.watch.flow; });
    watches.push_back(r.watch);
  }

  void operator()(const FactsKept& r) const { customer.lookout.change().facts = r.facts; }

  void operator()(const SearchMoved& r) const {
    std::vector<Search>& searches = customer.lookout.change().searches;
    std::erase_if(searches, [&](const Search& s) { return s.flow == r.search.flow; });
    searches.push_back(r.search);
  }

  void operator()(const EventWaits& r) const {
    if (const EventTaken* event = where.event)
      customer.early.change().push_back({event->hash, r.reference, r.until, event->type,
                                         event->time, event->envelope, event->data});
  }

  void operator()(const EventWaited& r) const {
    std::erase_if(customer.early.change(),
                  [&](const EarlyEvent& one) { return one.hash == r.hash; });
  }

  void operator()(const RunMoved& r) const {
    Run* run = customer.find_run(r.run);
    if (!run) return;
    const auto goes = [&](const StepState& state) { return r.to(state.step) != kNoStep; };
    const bool whole = std::all_of(run->steps.begin(), run->steps.end(), goes);
    if (r.back)
      run->moved.clear();
    else
      run->moved.change() = {run->version, where.at, whole};
    run->version = r.version;
    for (StepState& state : run->steps) state.step = r.to(state.step);
    std::erase_if(run->steps, [](const StepState& state) { return state.step == kNoStep; });
    std::sort(run->steps.begin(), run->steps.end(),
              [](const StepState& a, const StepState& b) { return a.step < b.step; });
    for (Touch& touch : customer.touches)
      if (touch.run == r.run) touch.step = r.to(touch.step);
    for (Lease& lease : customer.leases)
      if (lease.run == r.run) lease.step = r.to(lease.step);
  }

  void operator()(const PauseChanged& r) const {
    Lookout& lookout = customer.lookout.change();
    lookout.last_pause = std::max(lookout.last_pause, r.pause.number);
    std::erase_if(lookout.pauses, [&](const Pause& p) { return p.number == r.pause.number; });
    if (!r.over) lookout.pauses.push_back(r.pause);
  }

  void operator()(const GuardCounted& r) const {
    std::vector<GuardCount>& guards = customer.lookout.change().guards;
    std::erase_if(guards, [&](const GuardCount& g) {
      return g.flow == r.count.flow && g.what == r.count.what;
    });
    guards.push_back(r.count);
  }

  void operator()(const RunShifted& r) const {
    Run* run = customer.find_run(r.run);
    if (!run) return;
    run->expire_at = run->expire_at + r.by;
    run->shifted = run->shifted + r.by;
  }

  void operator()(const PrivacyChanged& r) const {
    Privacy& privacy = customer.privacy.change();
    privacy.restricted = r.restricted;
    privacy.erasing = r.erasing;
  }

  void operator()(const Amended& r) const {
    Privacy& privacy = customer.privacy.change();
    privacy.corrected = r.corrected;
    privacy.added = r.added;
  }

  void operator()(const RunAmended& r) const {
    Run* run = customer.find_run(r.run);
    if (!run) return;
    keep_event(*run);
    run->event = r.event;
    if (!r.latest.empty()) run->latest = r.latest;
  }

  // What no machine could find out, or tell a CRM that is down, is given up.
  void operator()(const CustomerErased&) const {
    for (const Run& run : customer.runs)
      customer.past.push_back({run.flow, whole_key(run.keys), RunEnd::stopped, where.at});
    std::erase_if(customer.touches, [](const Touch& touch) { return touch.open(); });
    customer.runs.clear();
    customer.leases.clear();
    customer.markers.clear();
    customer.lookout.clear();
    customer.early.clear();
    redact(customer);
    customer.profile_at = Instant::beginning();
    customer.privacy.clear();
    customer.privacy.change().erased_at = where.at;
    customer.chain = Key{};
  }

  void operator()(const Base& r) const {
    auto whole = decode_snapshot(r.snapshot);
    if (whole) customer = std::move(*whole);
  }
};

}  // namespace

void apply(Customer& customer, const Record& record, const Applying& where) {
  std::visit(Applier{customer, where}, record);
}

// A base says itself how many entries it holds, and their chain.
void apply_entry(Customer& customer, const Entry& entry, std::string_view bytes) {
  Applying where{entry.at, nullptr};
  for (const Record& record : entry.records) {
    if (const auto* event = std::get_if<EventTaken>(&record)) where.event = event;
    apply(customer, record, where);
  }
  const bool sums_up = !entry.records.empty() && std::holds_alternative<Base>(entry.records[0]);
  if (!sums_up) finish_entry(customer, entry.at, bytes);
}

Key chain_after(const Key& chain, const Entry& entry, std::string_view bytes) {
  Key before = chain;
  for (const Record& record : entry.records) {
    if (std::holds_alternative<CustomerErased>(record)) before = Key{};
    const auto* base = std::get_if<Base>(&record);
    auto whole = base ? decode_snapshot(base->snapshot) : Result<Customer>(Error{});
    if (whole) return whole->chain;
  }
  return extend_chain(before, bytes);
}

void finish_entry(Customer& customer, Instant at, std::string_view bytes) {
  ++customer.entries;
  customer.last_at = at;
  customer.chain = extend_chain(customer.chain, bytes);
}

}  // namespace relance
