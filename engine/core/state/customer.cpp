#include "core/state/customer.h"

#include <algorithm>

#include "core/state/state_fields.h"

namespace relance {
namespace {

template <class List, class Match>
auto* find_in(List& list, Match match) {
  auto it = std::find_if(list.begin(), list.end(), match);
  return it == list.end() ? nullptr : &*it;
}

// Newest first: what is looked for is nearly always recent.
template <class List, class Match>
auto* find_newest(List& list, Match match) {
  auto it = std::find_if(list.rbegin(), list.rend(), match);
  return it == list.rend() ? nullptr : &*it;
}

// Runs are found by their ids, states of a run by the order of their steps.
bool in_order(const Customer& customer) {
  for (size_t i = 1; i < customer.runs.size(); ++i)
    if (customer.find_run(customer.runs[i].id) != &customer.runs[i]) return false;
  const auto not_before = [](const StepState& a, const StepState& b) { return a.step >= b.step; };
  return std::none_of(customer.runs.begin(), customer.runs.end(), [&](const Run& run) {
    return std::adjacent_find(run.steps.begin(), run.steps.end(), not_before) != run.steps.end();
  });
}

Instant due_of(const Run& run) {
  if (run.held) return Instant::never();
  Instant due = run.live() ? run.expire_at : Instant::never();
  for (const StepState& state : run.steps) due = std::min(due, state.wake_at);
  return due;
}

}  // namespace

std::string_view phase_name(Phase phase) {
  static constexpr std::string_view names[] = {"waiting", "wanting", "held", "reading",
                                               "out",     "human",   "ended"};
  return names[static_cast<size_t>(phase)];
}

const StepState* Run::find(StepIndex step) const {
  auto it = std::lower_bound(steps.begin(), steps.end(), step,
                             [](const StepState& s, StepIndex i) { return s.step < i; });
  return it != steps.end() && it->step == step ? &*it : nullptr;
}

StepState* Run::find(StepIndex step) {
  return const_cast<StepState*>(std::as_const(*this).find(step));
}

StepState& Run::at(StepIndex step) {
  auto it = std::lower_bound(steps.begin(), steps.end(), step,
                             [](const StepState& s, StepIndex i) { return s.step < i; });
  if (it == steps.end() || it->step != step) {
    it = steps.insert(it, StepState{});
    it->step = step;
  }
  return *it;
}

Run* Customer::find_run(const Key& run) {
  return find_in(runs, [&](const Run& r) { return r.id == run; });
}
const Run* Customer::find_run(const Key& run) const {
  return find_in(runs, [&](const Run& r) { return r.id == run; });
}
Touch* Customer::find_touch(const Key& key) {
  return find_newest(touches, [&](const Touch& t) { return t.key == key; });
}
const Touch* Customer::find_touch(const Key& key) const {
  return find_newest(touches, [&](const Touch& t) { return t.key == key; });
}

bool Customer::saw_event(uint64_t hash) const {
  return std::find(recent_events.begin(), recent_events.end(), hash) != recent_events.end();
}

Instant Customer::next_due() const {
  Instant due = Instant::never();
  for (const Run& run : runs) due = std::min(due, due_of(run));
  for (const Lease& lease : leases) due = std::min(due, lease.until);
  for (const AbsenceWatch& watch : lookout->watches) due = std::min(due, watch.due_at);
  for (const Touch& touch : touches)
    if (touch.open() && touch.held->settle_at < due && !holds(touch)) due = touch.held->settle_at;
  for (const EarlyEvent& event : early.get()) due = std::min(due, event.until);
  return due;
}

bool Customer::holds(const Touch& touch) const {
  const Run* run = find_run(touch.run);
  return run && run->held;
}

bool Customer::unfinished() const {
  if (!early->empty()) return true;
  for (const Run& run : runs) {
    if (run.held) return true;
    for (const StepState& state : run.steps)
      if (state.phase == Phase::wanting || state.phase == Phase::reading) return true;
  }
  return std::any_of(touches.begin(), touches.end(),
                     [](const Touch& touch) { return touch.open(); });
}

uint64_t whole_key(const std::vector<uint64_t>& keys) {
  uint64_t key = 0;
  for (uint64_t part : keys) key = key * 0x9e3779b97f4a7c15u + part;
  return key;
}

std::string encode_snapshot(const Customer& customer) {
  std::string out;
  Writer writer(out);
  writer.byte(kStoredForm);
  writer.instant(customer.last_at);
  writer.key(customer.id);
  Packer(out, customer.last_at, customer.id).put(customer);
  return out;
}

Result<Customer> decode_snapshot(std::string_view bytes) {
  Reader head(bytes);
  const uint8_t form = head.byte();
  const Instant base = head.instant();
  const Key id = head.key();
  Customer customer;
  Unpacker in(head.rest(), base, id);
  if (form == kStoredForm && head.ok()) in.get(customer);
  const bool in_ring = customer.recent_next < customer.recent_events.size();
  const bool his = customer.id == id;
  if (form != kStoredForm || !in.ok() || !in.at_end() || !his || !in_ring || !in_order(customer))
    return unreadable(form, "a customer's snapshot cannot be read");
  return customer;
}

}  // namespace relance
