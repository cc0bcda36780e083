#include "sim/world/durable.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/state/apply.h"

namespace relance {
namespace {

template <class... A>
[[noreturn]] void wrong(const char* oracle, fmt::format_string<A...> text, A&&... args) {
  throw Violation(oracle, fmt::format(text, std::forward<A>(args)...));
}

const Touch& touch_of(const Customer& customer, const Key& key) {
  const Touch* touch = customer.find_touch(key);
  if (!touch) wrong("O2", "touch {} is settled and was never intended", key.text());
  return *touch;
}

}  // namespace

const Customer* Durable::customer(const Key& id) const {
  const auto found = customers_.find(id);
  return found == customers_.end() ? nullptr : &found->second;
}

const Durable::RunFact* Durable::run(const Key& id) const {
  const auto found = runs_.find(id);
  return found == runs_.end() ? nullptr : &found->second;
}

const Durable::TouchFact* Durable::touch(const Key& key) const {
  const auto found = touches_.find(key);
  return found == touches_.end() ? nullptr : &found->second;
}

// Entries in order; where one is the last that a snapshot holds, the two must be the same.
void Durable::take(const Batch& batch, Instant now, int life) {
  news_ = {};
  std::map<Key, const Snapshot*> due;
  for (const Snapshot& snapshot : batch.snapshots) {
    if (last_[snapshot.customer] == target(snapshot))
      compare(snapshot);
    else
      due[snapshot.customer] = &snapshot;
  }
  for (const NewEntry& entry : batch.entries) {
    take_entry(entry, now, life);
    const auto snapshot = due.find(entry.customer);
    if (snapshot == due.end() || target(*snapshot->second) != entry.position) continue;
    compare(*snapshot->second);
    due.erase(snapshot);
  }
  for (const Snapshot& snapshot : batch.snapshots) {
    if (last_[snapshot.customer] < snapshot.last)
      wrong("O6", "the snapshot of {} ends behind his entries", snapshot.customer.text());
    // The store keeps none from before an erasure.
    Position& last = snapshots_[snapshot.customer].last;
    last = std::max(last, snapshot.last);
  }
  if (!due.empty())
    wrong("O6", "the snapshot of {} ends at {}, at none of his entries", due.begin()->first.text(),
          due.begin()->second->last);
}

// The entry at which he is what the snapshot says.
Position Durable::target(const Snapshot& snapshot) {
  return snapshot.kept ? snapshot.last : snapshot.holds.value_or(snapshot.last);
}

void Durable::compare(const Snapshot& snapshot) {
  const Customer* customer = this->customer(snapshot.customer);
  const auto standing = snapshots_.find(snapshot.customer);
  if (snapshot.kept) {
    const bool is_there = standing != snapshots_.end() && !standing->second.body.empty();
    if (snapshot.holds.has_value() != is_there ||
        (is_there && standing->second.holds != *snapshot.holds))
      wrong("O6", "the snapshot of {} up to {} keeps a body that does not stand",
            snapshot.customer.text(), snapshot.last);
    return;
  }
  if (!customer || encode_snapshot(*customer) != snapshot.body)
    wrong("O6", "the snapshot of {} up to {} is not what his entries give",
          snapshot.customer.text(), snapshot.last);
  snapshots_[snapshot.customer] = {snapshot.body, target(snapshot), snapshot.last};
}

void Durable::take_entry(const NewEntry& stored, Instant now, int life) {
  if (stored.position != next_) wrong("O4", "entry {} follows {}", stored.position, next_ - 1);
  ++next_;
  Position& last = last_[stored.customer];
  if (stored.previous != last)
    wrong("O4", "entry {} of {} follows {}, his last is {}", stored.position,
          stored.customer.text(), stored.previous, last);
  last = stored.position;
  auto entry = decode_entry(stored.body);
  if (!entry) wrong("O4", "entry {} cannot be read: {}", stored.position, entry.error().message);
  Customer& customer = customers_[stored.customer];
  customer.id = stored.customer;
  Applying where{entry->at, nullptr};
  for (const Record& record : entry->records) {
    note(stored.customer, record, stored.position, now, life);
    apply(customer, record, where);
    if (const auto* event = std::get_if<EventTaken>(&record)) where.event = event;
  }
  finish_entry(customer, entry->at, stored.body);
  if (stored.erases) snapshots_[stored.customer] = {{}, 0, stored.position};
  news_.entries.push_back(std::move(*entry));
}

namespace {

// One live run for each flow and key; one charge at a time for each key; nothing for a run that is
// over.
void check_start(const Customer& customer, const RunStarted& started) {
  for (const Run& run : customer.runs)
    if (run.live() && run.flow == started.flow && run.keys == started.keys)
      wrong("O1", "run {} of {} starts beside {}, which has the same key", started.run.text(),
            started.flow, run.id.text());
}

void check_intent(const Customer& customer, const Touch& intended) {
  if (customer.find_touch(intended.key))
    wrong("O2", "touch {} is intended twice", intended.key.text());
  if (!intended.reaches_customer()) return;
  const Run* run = customer.find_run(intended.run);
  if (!run || !run->live())
    wrong("O2", "touch {} is intended for a run that is over", intended.key.text());
  if (intended.what != TouchWhat::charge) return;
  for (const Touch& touch : customer.touches)
    if (touch.what == TouchWhat::charge && touch.address == intended.address &&
        touch.state != TouchState::done)
      wrong("O2", "charge {} is intended while {} is open", intended.key.text(), touch.key.text());
}

}  // namespace

void Durable::note(const Key& id, const Record& record, Position at, Instant now, int life) {
  const Customer& customer = customers_[id];
  if (const auto* event = std::get_if<EventTaken>(&record)) {
    if (!seen_.insert(event->hash).second)
      wrong("O1", "event {:016x} ({}) is taken twice", event->hash, event->type);
  } else if (const auto* started = std::get_if<RunStarted>(&record)) {
    check_start(customer, *started);
    RunFact fact;
    fact.customer = id;
    fact.flow = started->flow;
    if (!runs_.emplace(started->run, std::move(fact)).second)
      wrong("O1", "run {} starts twice", started->run.text());
  } else if (const auto* ending = std::get_if<RunEnding>(&record)) {
    RunFact& run = runs_[ending->run];
    if (!run.ending_since.is_never()) wrong("O5", "run {} ends twice", ending->run.text());
    run.ending_since = now;
    run.ending_in = life;
    run.ending_at = at;
  } else if (const auto* intended = std::get_if<TouchIntended>(&record)) {
    check_intent(customer, intended->touch);
    touches_[intended->touch.key] = {id, now, Instant::never(), life, at, touches_.size() + 1};
  } else if (const auto* settled = std::get_if<TouchSettled>(&record)) {
    const Touch& touch = touch_of(customer, settled->key);
    if (touch.state == TouchState::done)
      wrong("O2", "touch {} is settled again after it was done", settled->key.text());
    TouchFact& fact = touches_[settled->key];
    fact.told_since = now;
    fact.told_at = at;
    fact.told_in = life;
    if (settled->state == TouchState::done) {
      fact.done_since = now;
      news_.settled.push_back(*settled);
    }
  }
}

std::string Durable::journal_hash() const {
  std::string all;
  for (const auto& [id, customer] : customers_) {
    all += id.view();
    all += customer.chain.view();
  }
  return sha256_hex(all);
}

}  // namespace relance
