#include "node/shard.h"

#include <algorithm>

#include "base/log.h"
#include "core/state/apply.h"
#include "node/outbox.h"

namespace relance {
namespace {

Derived derived_of(const Key& customer, const Entry& entry) {
  EntryIndex index = index_of(entry);
  Derived derived;
  derived.seen = std::move(index.seen);
  for (const auto& [hash, touch] : index.references) derived.references.push_back({hash, customer, touch});
  for (auto& [hash, state] : index.addresses) derived.addresses.push_back({hash, std::move(state)});
  return derived;
}

// A canonical order of inputs about one customer at one instant: by kind, then by what they are about.
std::pair<size_t, std::string> rank(const Input& input) {
  std::string about;
  if (const auto* event = std::get_if<EventInput>(&input)) about = event->source + '\0' + event->id;
  if (const auto* slot = std::get_if<SlotInput>(&input)) about = std::string(slot->run.view()) + std::to_string(slot->step);
  if (const auto* result = std::get_if<ResultInput>(&input)) about = result->touch.view();
  if (const auto* looked = std::get_if<LookUpInput>(&input)) about = looked->touch.view();
  if (const auto* read = std::get_if<ReadInput>(&input)) about = read->operation.view();
  if (const auto* heard = std::get_if<HeardInput>(&input)) about = heard->touch.view();
  if (const auto* meant = std::get_if<UnderstoodInput>(&input)) about = meant->touch.view();
  return {input.index(), std::move(about)};
}

void sort_mail(std::vector<Mail>& mail) {
  std::stable_sort(mail.begin(), mail.end(), [](const Mail& a, const Mail& b) {
    if (a.customer != b.customer) return a.customer < b.customer;
    // Events keep the order in which they were accepted.
    const bool events = std::holds_alternative<EventInput>(a.input) && std::holds_alternative<EventInput>(b.input);
    return !events && rank(a.input) < rank(b.input);
  });
}

}  // namespace

Shard::Shard(size_t index, uint64_t from, uint64_t to, ShardPorts ports)
    : index_(index),
      ports_(std::move(ports)),
      hot_(ports_.options.hot_bytes / static_cast<size_t>(ports_.options.shards)),
      due_(from, to) {}

StoreReader& Shard::reader() {
  if (!reader_) reader_ = ports_.committer.store().reader();
  return *reader_;
}

bool Shard::post(Mail mail) {
  const std::lock_guard lock(mutex_);
  mail_.push_back(std::move(mail));
  return !has_mail_.exchange(true);
}

bool Shard::has_mail() const { return has_mail_.load(); }

Status Shard::drain(bool sorted) {
  std::vector<Mail> mail;
  {
    const std::lock_guard lock(mutex_);
    mail.swap(mail_);
    has_mail_ = false;
  }
  const Instant now = ports_.committer.engine_time();
  std::vector<Key> due;
  if (auto taken = due_.take(reader(), now, due); !taken) return taken;
  for (const Key& customer : due) mail.push_back({customer, DueInput{}, {}});
  if (sorted) sort_mail(mail);
  if (auto loaded = load_missing(mail); !loaded) return loaded;
  const auto rules = ports_.rules();
  Work work;
  work.batch.shard = index_;
  save_old(work);
  for (Mail& one : mail) this->work(one, *rules, work);
  make_room(work);
  queue(work);
  return {};
}

// Cold customers of a mailbox are read in one go, in key order.
Status Shard::load_missing(const std::vector<Mail>& mail) {
  std::vector<Key> missing;
  for (const Mail& one : mail)
    if (!hot_.find(one.customer)) missing.push_back(one.customer);
  if (missing.empty()) return {};
  std::sort(missing.begin(), missing.end());
  missing.erase(std::unique(missing.begin(), missing.end()), missing.end());
  reader().refresh();
  auto stored = reader().load(missing);
  if (!stored) return stored.error();
  for (size_t i = 0; i < missing.size(); ++i) {
    Customer customer;
    Position last = 0;
    if (const auto& known = (*stored)[i]) {
      auto decoded = decode_snapshot(known->snapshot);
      if (!decoded) return decoded.error();
      customer = std::move(*decoded);
      last = known->last;
    }
    customer.id = missing[i];
    note_due(hot_.put(std::move(customer), last));
  }
  return {};
}

// Only a customer with many events behind him, and an event he does not remember, costs a look into the store.
bool Shard::known_event(const HotCustomer& hot, const Input& input) {
  const auto* event = std::get_if<EventInput>(&input);
  if (!event || !hot.customer.older_events || hot.customer.saw_event(event->hash)) return false;
  return reader().seen(event->hash).value_or(false);
}

void Shard::work(Mail& mail, const Rules& rules, Work& work) {
  HotCustomer& hot = *hot_.find(mail.customer);
  hot.leaving = false;
  const Context context{ports_.committer.engine_time(), ports_.clock.since_boot().ms, ports_.installation, rules,
                        ports_.addresses, ports_.lanes, known_event(hot, mail.input)};
  decide(hot.customer, mail.input, context, decision_);
  give_back_slots(mail.input, decision_);
  const bool duplicate = decision_.duplicate_event;
  keep(hot, decision_, rules, work);
  if (mail.done) work.batch.acknowledgements.emplace_back(std::move(mail.done), duplicate ? Accepted::duplicate : Accepted::kept);
}

void Shard::keep(HotCustomer& hot, Decision& decision, const Rules& rules, Work& work) {
  for (const Effect& effect : decision.effects) {
    if (const auto* send = std::get_if<Send>(&effect); send && send->slot) slots_[send->touch.key] = send->touch.channel;
    work.batch.outgoing.push_back(make_ready(effect, hot.customer, rules));
  }
  if (decision.entry.records.empty()) return;
  bytes_.clear();
  encode_entry(decision.entry, bytes_);
  finish_entry(hot.customer, decision.entry.at, bytes_);
  NewEntry entry;
  entry.customer = hot.customer.id;
  entry.body = bytes_;
  entry.derived = derived_of(hot.customer.id, decision.entry);
  work.batch.entries.push_back(std::move(entry));
  work.owners.push_back(&hot);
  hot_.measure(hot);
  note_due(hot);
}

void Shard::give_back_slots(const Input& input, const Decision& decision) {
  if (const auto* result = std::get_if<ResultInput>(&input)) {
    if (const auto it = slots_.find(result->touch); it != slots_.end()) {
      ports_.lanes.give_back(it->second);
      slots_.erase(it);
    }
  }
  for (const Want& unused : decision.slots_unused) {
    ports_.lanes.give_back(unused.channel);
  }
}

void Shard::note_due(HotCustomer& hot) {
  const Instant due = hot.customer.next_due();
  if (due == hot.listed_due) return;
  hot.listed_due = due;
  due_.add(hot.customer.id, due);
}

void Shard::save(HotCustomer& hot, Work& work) {
  const Instant due = hot.customer.unfinished() ? Instant::beginning() : hot.customer.next_due();
  work.batch.snapshots.push_back({hot.customer.id, hot.last, due, encode_snapshot(hot.customer)});
  hot.first_unsaved = 0;
}

// Customers whose oldest unsaved entry falls too far behind are written before any position of this batch is given out.
void Shard::save_old(Work& work) {
  const Position committed = ports_.committer.entries();
  const uint64_t most = ports_.options.tail_entries / 2;
  const Position before = committed > most ? committed - most : 0;
  while (!unsaved_.empty() && unsaved_.front().first < before) {
    const auto [position, customer] = unsaved_.front();
    unsaved_.pop_front();
    HotCustomer* hot = hot_.find(customer);
    if (hot && hot->first_unsaved == position) save(*hot, work);
  }
}

void Shard::make_room(Work& work) {
  if (!hot_.over_budget()) return;
  size_t left = hot_.size() / 8 + 1;  // a slice a drain
  hot_.oldest_first([&](HotCustomer& hot) {
    if (left-- == 0) return false;
    const bool in_batch = std::find(work.owners.begin(), work.owners.end(), &hot) != work.owners.end();
    if (in_batch || hot.leaving || hot.customer.unfinished()) return true;
    if (hot.first_unsaved != 0) save(hot, work);
    hot.leaving = true;
    work.batch.to_evict.push_back(hot.customer.id);
    return true;
  });
}

void Shard::queue(Work& work) {
  if (!work.batch.empty() || !work.batch.to_evict.empty()) queue_always(work);
}

void Shard::queue_always(Work& work) {
  while (!unsaved_.empty()) {  // skips what has been saved or has left since
    const HotCustomer* hot = hot_.find(unsaved_.front().second);
    if (hot && hot->first_unsaved == unsaved_.front().first) break;
    unsaved_.pop_front();
  }
  work.batch.oldest_unsaved = unsaved_.empty() ? 0 : unsaved_.front().first;
  size_t at = 0;
  ports_.committer.queue(std::move(work.batch), [&](NewEntry& entry) {
    HotCustomer& hot = *work.owners[at++];
    entry.previous = hot.last;
    hot.last = entry.position;
    if (hot.first_unsaved != 0) return;
    hot.first_unsaved = entry.position;
    unsaved_.emplace_back(entry.position, hot.customer.id);
  });
}

Result<Instant> Shard::next_due() { return due_.next(reader()); }

Status Shard::replay(const StoredEntry& stored) {
  HotCustomer* hot = hot_.find(stored.customer);
  if (!hot) {
    if (auto loaded = load_missing({{stored.customer, DueInput{}, {}}}); !loaded) return loaded;
    hot = hot_.find(stored.customer);
  }
  if (stored.position <= hot->last) return {};  // his snapshot has it
  auto entry = decode_entry(stored.body);
  if (!entry) return entry.error();
  apply_entry(hot->customer, *entry, stored.body);
  hot->last = stored.position;
  if (hot->first_unsaved == 0) {
    hot->first_unsaved = stored.position;
    unsaved_.emplace_back(stored.position, stored.customer);
  }
  hot_.measure(*hot);
  note_due(*hot);
  return {};
}

Status Shard::recover() {
  reader().refresh();
  auto cold = due_.unfinished(reader());
  if (!cold) return cold.error();
  std::vector<Key> customers = std::move(*cold);
  hot_.each([&](HotCustomer& hot) {
    if (hot.customer.unfinished()) customers.push_back(hot.customer.id);
  });
  std::sort(customers.begin(), customers.end());
  customers.erase(std::unique(customers.begin(), customers.end()), customers.end());
  for (const Key& customer : customers) post({customer, RecoverInput{ports_.clock.since_boot().ms, {}, {}}, {}});
  // Tells the committer how far this shard's snapshots are, also when it has nothing to do.
  Work nothing;
  nothing.batch.shard = index_;
  queue_always(nothing);
  return {};
}

void Shard::save_all() {
  Work work;
  work.batch.shard = index_;
  hot_.each([&](HotCustomer& hot) {
    if (hot.first_unsaved != 0) save(hot, work);
  });
  queue(work);
}

void Shard::committed(const ShardBatch& batch) {
  for (const Key& customer : batch.to_evict) {
    HotCustomer* hot = hot_.find(customer);
    if (!hot || !hot->leaving || hot->first_unsaved != 0) continue;
    // What is due before the store is read again must not be forgotten.
    if (const Instant due = hot->customer.next_due(); due <= due_.read_until()) due_.add(customer, due);
    hot_.erase(customer);
  }
}

void Shard::each_hot(const std::function<void(const Customer&)>& visit) {
  hot_.each([&](HotCustomer& hot) { visit(hot.customer); });
}

}  // namespace relance
