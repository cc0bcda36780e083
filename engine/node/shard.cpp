#include "node/shard.h"

#include <algorithm>

#include "base/crash_point.h"
#include "base/log.h"
#include "core/state/apply.h"
#include "core/state/redact.h"
#include "node/derived.h"
#include "node/mail_order.h"
#include "node/outbox.h"

namespace relance {
namespace {

// A slice of one drain, so that a long queue keeps neither commits nor other shards waiting.
constexpr size_t kMostMail = 2048, kMostDue = 1024, kMostSaved = 512, kMostLeaving = 512;
// Entries that may follow the body of a snapshot.
constexpr uint64_t kMostBehind = 2;

// What a row of the store says of him: at once, where something was under way.
Instant due_in_store(const Customer& customer) {
  return customer.unfinished() ? Instant::beginning() : customer.next_due();
}

// What comes from outside and can come twice; 0: anything else.
uint64_t event_in(const Input& input) {
  if (const auto* event = std::get_if<EventInput>(&input)) return event->hash;
  if (const auto* found = std::get_if<FoundInput>(&input)) return found->hash;
  return 0;
}

void refuse(std::vector<Mail>& mail) {
  for (Mail& one : mail)
    if (one.done) one.done(Accepted::refused);
}

}  // namespace

Shard::Shard(size_t index, uint64_t from, uint64_t to, ShardPorts ports)
    : index_(index),
      ports_(std::move(ports)),
      hot_(ports_.options.hot_bytes / static_cast<size_t>(ports_.options.shards)),
      due_(from, to,
           [this](const Key& customer) -> std::optional<Instant> {
             const HotCustomer* hot = hot_.peek(customer);
             if (!hot) return std::nullopt;
             return hot->listed_due;
           }),
      slots_(ports_.lanes) {}

bool Shard::post(Mail mail) {
  const std::lock_guard lock(mutex_);
  mail_.push_back(std::move(mail));
  return !has_mail_.exchange(true);
}

std::vector<Mail> Shard::take_mail(bool all, bool& more) {
  const std::lock_guard lock(mutex_);
  std::vector<Mail> taken;
  if (all || mail_.size() <= kMostMail) {
    taken.swap(mail_);
  } else {
    const auto end = mail_.begin() + kMostMail;
    taken.assign(std::make_move_iterator(mail_.begin()), std::make_move_iterator(end));
    mail_.erase(mail_.begin(), end);
  }
  more = !mail_.empty();
  has_mail_ = more;
  return taken;
}

// While space is short only what is under way is worked; a source still owns what it gave.
void Shard::put_events_back(std::vector<Mail>& mail) {
  const auto events = std::stable_partition(
      mail.begin(), mail.end(), [](const Mail& one) { return event_in(one.input) == 0; });
  const std::lock_guard lock(mutex_);
  mail_.insert(mail_.begin(), std::make_move_iterator(events), std::make_move_iterator(mail.end()));
  mail.erase(events, mail.end());
}

void Shard::refuse_mail() {
  run_errands(false);
  bool more = false;
  std::vector<Mail> mail = take_mail(true, more);
  refuse(mail);
}

Result<bool> Shard::drain(bool sorted) {
  const auto use = ports_.store.use();
  ++drains_;
  run_errands(true);
  bool more_mail = false;
  const bool low = ports_.committer.low_on_space();
  std::vector<Mail> mail = take_mail(sorted || low, more_mail);
  if (low) put_events_back(mail);
  crash_point(CrashPoint::mail_taken);
  const auto failed = [&](const Error& error) {
    refuse(mail);
    return error;
  };
  std::vector<Key> due;
  const auto more_due = low ? Result<bool>(false) : take_due(sorted ? SIZE_MAX : kMostDue, due);
  if (!more_due) return failed(more_due.error());
  if (auto found = find_owners(mail); !found) return failed(found.error());
  for (const Key& customer : due) mail.push_back({customer, DueInput{}, {}});
  if (sorted) sort_mail(mail);
  if (auto loaded = load_missing(mail); !loaded) return failed(loaded.error());
  crash_point(CrashPoint::customers_loaded);
  const auto active = ports_.active();
  Work work(index_);
  work.batch.active = active;
  work.batch.drain = drains_;
  work.pauses = ports_.pauses();
  save_old(work, kMostSaved + 2 * mail.size());
  for (Mail& one : mail) this->work(one, *active->rules, work);
  make_room(work, kMostLeaving + 2 * mail.size());
  crash_point(CrashPoint::batch_made);
  if (!work.batch.empty()) queue(work);
  if (auto published = publish_due(); !published) return published.error();
  return more_mail || *more_due;
}

Result<bool> Shard::take_due(size_t most, std::vector<Key>& due) {
  auto reader = ports_.store.reader();
  if (!reader) return reader.error();
  return due_.take(**reader, ports_.committer.engine_time(), most, due);
}

Status Shard::publish_due() {
  hot_count_ = hot_.size();
  auto reader = ports_.store.reader();
  if (!reader) return reader.error();
  const auto next = due_.next(**reader);
  if (!next) return next.error();
  due_at_ms_ = next->ms;
  return {};
}

// A touch that nobody here has: another installation may share the provider's account. Its events
// belong to who they name; who names nobody is refused.
void Shard::pass_on(std::vector<Mail> nobodys) {
  for (Mail& one : nobodys) {
    if (!one.otherwise) continue;
    if (auto* event = std::get_if<EventInput>(&one.input)) event->touch = {};
    one.customer = std::exchange(one.otherwise, {});
    one.by_half = false;
    ports_.post(std::move(one));
  }
  std::erase_if(nobodys, [](const Mail& one) { return !one.by_half; });
  if (!nobodys.empty())
    log::warn("node", "{} events about touches are refused: no customer has them", nobodys.size());
  refuse(nobodys);
}

Status Shard::find_owners(std::vector<Mail>& mail) {
  const auto half = [](const Mail& one) { return one.by_half; };
  if (std::none_of(mail.begin(), mail.end(), half)) return {};
  auto reader = ports_.store.reader();
  if (!reader) return reader.error();
  (*reader)->refresh();
  std::vector<Mail> nobodys;
  for (Mail& one : mail) {
    if (!one.by_half) continue;
    const uint64_t high = one.customer.high();
    const Key* hot = hot_.owner(high);
    const auto stored = hot ? Result<std::optional<Key>>(*hot) : (*reader)->owner(high);
    if (!stored) return stored.error();
    if (*stored)
      one.customer = **stored;
    else
      nobodys.push_back(std::move(one));
    one.by_half = !*stored;
  }
  std::erase_if(mail, half);
  pass_on(std::move(nobodys));
  return {};
}

bool Shard::claim_due(Instant now) {
  int64_t at = due_at_ms_;
  return at <= now.ms && due_at_ms_.compare_exchange_strong(at, INT64_MAX);
}

Status Shard::load_missing(const std::vector<Mail>& mail) {
  std::vector<Key> missing;
  for (const Mail& one : mail)
    if (!hot_.peek(one.customer)) missing.push_back(one.customer);
  return load_missing(std::move(missing));
}

// Cold customers are read in one go, in key order.
Status Shard::load_missing(std::vector<Key> missing) {
  if (missing.empty()) return {};
  std::sort(missing.begin(), missing.end());
  missing.erase(std::unique(missing.begin(), missing.end()), missing.end());
  auto reader = ports_.store.reader();
  if (!reader) return reader.error();
  (*reader)->refresh();
  auto stored = (*reader)->load(missing);
  if (!stored) return stored.error();
  for (size_t i = 0; i < missing.size(); ++i) {
    auto loaded = complete(**reader, missing[i], (*stored)[i]);
    if (!loaded) return loaded.error();
    due_.loaded(missing[i], due_in_store(loaded->customer));
    note_due(hot_.put(std::move(*loaded)));
  }
  return {};
}

// Only a customer with many events behind him, and an event that he does not remember, costs a look
// into the store.
Result<bool> Shard::known_event(const HotCustomer& hot, const Input& input) {
  const uint64_t event = event_in(input);
  if (event == 0 || !hot.customer.older_events || hot.customer.saw_event(event)) return false;
  if (queued_events_.contains(event)) return true;
  auto reader = ports_.store.reader();
  if (!reader) return reader.error();
  return (*reader)->seen(event);
}

void Shard::work(Mail& mail, const Rules& rules, Work& work) {
  HotCustomer& hot = *hot_.find(mail.customer);
  hot.leaving_in = 0;
  hot.worked_in = drains_;
  const auto duplicate = known_event(hot, mail.input);
  if (!duplicate) {
    log::error("store", "{}", duplicate.error().text());
    if (mail.done) mail.done(Accepted::refused);
    return;
  }
  if (auto* recover = std::get_if<RecoverInput>(&mail.input))
    complete_recovery(hot.customer, *recover, work);
  if (const auto* slot = std::get_if<SlotInput>(&mail.input)) slots_.granted(slot->channel);
  if (const auto* result = std::get_if<ResultInput>(&mail.input)) {
    slots_.answered(result->touch);
    work.batch.marks_over.push_back(result->touch);
  }
  const Context context{ports_.committer.engine_time(),
                        ports_.clock.since_boot().ms,
                        ports_.installation,
                        rules,
                        ports_.addresses,
                        slots_,
                        *duplicate,
                        ports_.lost.time(),
                        work.pauses.get()};
  if (std::holds_alternative<DueInput>(mail.input)) {
    hot.news_at = Instant::never();
    if (hot.listed_due <= context.now) ports_.figures.timers.add(context.now - hot.listed_due);
  } else if (const auto* event = std::get_if<EventInput>(&mail.input)) {
    hot.news_at = event->time;
  }
  decide(hot.customer, mail.input, context, decision_);
  crash_point(CrashPoint::decided);
  keep(hot, rules, work);
  slots_.decided();
  const bool idle_command =
      std::holds_alternative<CommandInput>(mail.input) && decision_.entry.records.empty();
  const bool nothing = decision_.duplicate_event || idle_command;
  const Accepted how = nothing ? Accepted::duplicate : Accepted::kept;
  if (mail.done) work.batch.acknowledgements.emplace_back(std::move(mail.done), how);
}

// What the crash marks say of his open touches.
void Shard::complete_recovery(const Customer& customer, RecoverInput& input, Work& work) const {
  ++work.batch.recovered;
  input.boot_ms = ports_.clock.since_boot().ms;
  for (const Touch& touch : customer.touches) {
    if (!touch.open()) continue;
    work.batch.marks_over.push_back(touch.key);
    if (!ports_.marks) continue;
    const bool first = touch.state == TouchState::intended && touch.held->attempts == 0 &&
                       touch.held->settle_at.is_never();
    Marks::Found found = ports_.marks->found(touch.key, touch.intended_at);
    if (found.said == Marks::Said::answered)
      input.answered.emplace_back(touch.key, std::move(found.result));
    else if (first && found.said == Marks::Said::never_begun)
      input.never_begun.push_back(touch.key);
  }
}

void Shard::keep(HotCustomer& hot, const Rules& rules, Work& work) {
  for (Effect& effect : decision_.effects) {
    if (const auto* send = std::get_if<Send>(&effect)) slots_.sent(*send);
    Outgoing ready = make_ready(std::move(effect), hot.customer, rules);
    if (auto* send = std::get_if<SendOut>(&ready)) {
      send->decided_at = decision_.entry.at;
      send->event_at = std::exchange(hot.news_at, Instant::never());
      send->pauses = work.pauses ? work.pauses->revision() : 0;
    }
    work.batch.outgoing.push_back(std::move(ready));
    crash_point(CrashPoint::effect_ready);
  }
  if (decision_.entry.records.empty()) return;
  ports_.figures.count(decision_, hot.customer);
  bytes_.clear();
  encode_entry(decision_.entry, bytes_);
  finish_entry(hot.customer, decision_.entry.at, bytes_);
  NewEntry entry;
  entry.customer = hot.customer.id;
  entry.body = bytes_;
  entry.derived = derived_of(hot.customer.id, decision_.entry);
  entry.erases = hot.customer.privacy.there() && erases(decision_.entry);
  if (entry.erases) {  // with it no body of his stands any more
    hot.holds.reset();
    hot.entries_held = 0;
  }
  for (uint64_t event : entry.derived.seen) {
    queued_events_.insert(event);
    work.batch.seen.push_back(event);
  }
  work.batch.entries.push_back(std::move(entry));
  work.owners.push_back(&hot);
  hot_.measure(hot);
  note_due(hot);
}

void Shard::note_due(HotCustomer& hot) {
  const Instant due = hot.customer.next_due();
  if (due == hot.listed_due) return;
  hot.listed_due = due;
  due_.add(hot.customer.id, due);
}

// Few entries since the last body cost less than a new one.
void Shard::save(HotCustomer& hot, Work& work) {
  Snapshot snapshot{hot.customer.id, hot.last, due_in_store(hot.customer), {}, true, hot.holds};
  if (hot.customer.entries - hot.entries_held > kMostBehind) {
    snapshot.body = encode_snapshot(hot.customer);
    snapshot.kept = false;
    hot.holds = snapshot.holds = hot.last;
    hot.entries_held = hot.customer.entries;
  }
  work.batch.snapshots.push_back(std::move(snapshot));
  hot.first_unsaved = 0;
  crash_point(CrashPoint::snapshot_made);
}

// Customers whose oldest unsaved entry falls too far behind are written before any position of this
// batch is given out, so that a snapshot holds all entries up to its last.
void Shard::save_old(Work& work, size_t most) {
  const Position committed = ports_.committer.entries();
  const uint64_t keep = ports_.options.tail_entries / 2;
  const Position before = committed > keep ? committed - keep : 0;
  while (!unsaved_.empty() && unsaved_.front().first < before &&
         work.batch.snapshots.size() < most) {
    const auto [position, customer] = unsaved_.front();
    unsaved_.pop_front();
    HotCustomer* hot = hot_.peek(customer);
    if (hot && hot->first_unsaved == position) save(*hot, work);
  }
}

// Whoever was worked on in this drain stays: his newest entries have no position yet.
void Shard::make_room(Work& work, size_t most) {
  size_t surplus = hot_.surplus();
  if (surplus == 0) return;
  using Visited = HotSet::Visited;
  hot_.oldest_first(most, [&](HotCustomer& hot) {
    if (surplus == 0) return Visited::stop;
    if (hot.worked_in == drains_ || hot.customer.unfinished()) return Visited::stays;
    if (hot.leaving_in == 0) {
      if (hot.first_unsaved != 0) save(hot, work);
      hot.leaving_in = drains_;
      work.batch.to_evict.push_back(hot.customer.id);
    }
    surplus -= std::min(surplus, hot.bytes);
    return Visited::leaves;
  });
}

void Shard::queue(Work& work) {
  while (!unsaved_.empty()) {  // skips what has been saved or has left since
    const HotCustomer* hot = hot_.peek(unsaved_.front().second);
    if (hot && hot->first_unsaved == unsaved_.front().first) break;
    unsaved_.pop_front();
  }
  work.batch.oldest_unsaved = unsaved_.empty() ? replay_from_ : unsaved_.front().first;
  size_t at = 0;
  ports_.committer.queue(std::move(work.batch), [&](NewEntry& entry) {
    HotCustomer& hot = *work.owners[at++];
    entry.previous = hot.last;
    hot.last = entry.position;
    if (hot.first_unsaved != 0) return;
    hot.first_unsaved = entry.position;
    unsaved_.emplace_back(entry.position, hot.customer.id);
  });
  crash_point(CrashPoint::batch_queued);
}

void Shard::save_all() {
  const auto use = ports_.store.use();
  Work work(index_);
  hot_.each([&](HotCustomer& hot) {
    if (hot.first_unsaved != 0) save(hot, work);
  });
  if (!work.batch.empty()) queue(work);
}

void Shard::committed(const ShardBatch& batch) {
  for (uint64_t event : batch.seen)
    if (const auto it = queued_events_.find(event); it != queued_events_.end())
      queued_events_.erase(it);
  if (ports_.marks)
    for (const Key& touch : batch.marks_over) ports_.marks->release(touch);
  for (const Key& customer : batch.to_evict) {
    const HotCustomer* hot = hot_.peek(customer);
    // Touched since, he may be leaving again, with a later commit.
    if (!hot || hot->leaving_in != batch.drain) continue;
    due_.left(customer, due_in_store(hot->customer));
    hot_.erase(customer);
    crash_point(CrashPoint::customer_left);
  }
  hot_count_ = hot_.size();
  crash_point(CrashPoint::batch_finished);
}

const Customer* Shard::hot(const Key& customer) {
  const HotCustomer* found = hot_.peek(customer);
  return found ? &found->customer : nullptr;
}

void Shard::each_hot(const std::function<void(const Customer&)>& visit) {
  hot_.each([&](HotCustomer& hot) { visit(hot.customer); });
}

}  // namespace relance
