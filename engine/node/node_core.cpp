#include "node/node_core.h"

#include <algorithm>

#include "base/log.h"
#include "core/state/apply.h"

namespace relance {
namespace {

// The range of the key's high 64 bits that belongs to shard i of n. The last one ends at 0, which means "the end".
uint64_t range_start(size_t i, size_t n) {
  return static_cast<uint64_t>((static_cast<unsigned __int128>(i) << 64) / n);
}

}  // namespace

Deriver entry_deriver() {
  return [](const Key& customer, std::string_view body) {
    Derived derived;
    auto entry = decode_entry(body);
    if (!entry) return derived;
    EntryIndex index = index_of(*entry);
    derived.seen = std::move(index.seen);
    for (const auto& [hash, touch] : index.references) derived.references.push_back({hash, customer, touch});
    for (auto& [hash, state] : index.addresses) derived.addresses.push_back({hash, std::move(state)});
    return derived;
  };
}

NodeCore::NodeCore(Ports ports, NodeOptions options)
    : ports_(std::move(ports)), options_(std::move(options)), lanes_(ports_.slots_in_decisions) {}

Result<std::unique_ptr<NodeCore>> NodeCore::make(Ports ports, NodeOptions options) {
  auto store = ports.open_store();
  if (!store) return store.error();
  std::unique_ptr<NodeCore> node(new NodeCore(std::move(ports), std::move(options)));
  NodeCore* self = node.get();
  self->installation_ = (*store)->opened().installation;
  const Opened opened = (*store)->opened();
  auto& addresses = self->addresses_;
  auto read = (*store)->addresses([&](const Derived::Address& one) { addresses.set(one.hash, one.state); });
  if (!read) return read.error();
  const auto shards = static_cast<size_t>(self->options_.shards);
  self->committer_ = std::make_unique<Committer>(
      std::move(*store), shards,
      Committer::Ports{self->ports_.clock, self->addresses_, self->ports_.open_store,
                       [self](ShardBatch batch) { self->ports_.drive.released(std::move(batch)); }, self->ports_.fatal});
  const ShardPorts shard_ports{self->ports_.clock, *self->committer_, self->lanes_, self->addresses_, self->installation_,
                               [self] {
                                 const std::lock_guard lock(self->mutex_);
                                 return self->rules_;
                               },
                               self->options_};
  for (size_t i = 0; i < shards; ++i)
    self->shards_.push_back(std::make_unique<Shard>(i, range_start(i, shards),
                                                    i + 1 < shards ? range_start(i + 1, shards) : 0, shard_ports));
  self->references_ = self->store().reader();
  Status replayed;
  auto tail = self->references_->entries(opened.horizon, opened.next_position, [&](const StoredEntry& entry) {
    replayed = self->shard_of(entry.customer).replay(entry);
    return replayed.ok();
  });
  if (!tail) return tail.error();
  if (!replayed) return replayed.error();
  return node;
}

void NodeCore::activate(std::shared_ptr<const Rules> rules, Performer& performer, EventTyper typer) {
  const std::lock_guard lock(mutex_);
  rules_ = std::move(rules);
  performer_ = &performer;
  typer_ = std::move(typer);
}

Shard& NodeCore::shard_of(const Key& customer) {
  const auto i = static_cast<size_t>((static_cast<unsigned __int128>(customer.high()) * shards_.size()) >> 64);
  return *shards_[i];
}

void NodeCore::post(Shard& shard, Mail mail) {
  if (shard.post(std::move(mail))) ports_.drive.shard_ready(shard.index());
}

void NodeCore::accept(EventInput event, AcceptedBy done) {
  ++accepted_;
  const Key customer = customer_key(rules_->tenant(), event.subject);
  event.hash = event_hash(rules_->tenant(), event.subject, event.source, event.id);
  auto counted = [this, done = std::move(done)](Accepted how) {
    if (how == Accepted::duplicate) ++duplicates_;
    if (done) done(how);
  };
  post(shard_of(customer), {customer, std::move(event), std::move(counted)});
}

void NodeCore::deliver(const Key& customer, Input input) {
  post(shard_of(customer), {customer, std::move(input), {}});
}

Result<Key> NodeCore::customer_of(PluginEvent& event) {
  const auto found_by = [&](uint64_t hash) -> Result<Key> {
    references_->refresh();
    auto reference = references_->reference(hash);
    if (!reference) return reference.error();
    if (!*reference) return Error{Code::run_not_found, "no touch is known for this event", {}, ""};
    event.key = (*reference)->touch;
    return (*reference)->customer;
  };
  if (event.key) return found_by(touch_hash(event.key));
  if (!event.reference.empty()) return found_by(reference_hash(event.channel, event.reference));
  if (!event.subject.empty()) return customer_key(rules_->tenant(), event.subject);
  return Error{Code::event_incomplete, "an event of '" + event.channel + "' names no key, reference or customer", {}, ""};
}

void NodeCore::deliver_event(PluginEvent event, std::function<void(bool)> done) {
  Result<Key> customer = Key{};
  Result<Doc> data = Doc{};
  {
    const std::lock_guard lock(mutex_);
    customer = customer_of(event);
    data = typer_(event.type, event.data);
  }
  if (!customer || !data) {
    log::warn("node", "event {} of '{}' refused: {}", event.type, event.channel,
              customer ? data.error().message : customer.error().message);
    if (done) done(false);
    return;
  }
  EventInput input{event.id, "plugin:" + event.channel, event.type, event.subject, event.at, std::move(*data), 0, event.key};
  input.hash = event_hash(rules_->tenant(), customer->view(), input.source, input.id);
  AcceptedBy accepted;
  if (done) accepted = [done = std::move(done)](Accepted) { done(true); };
  post(shard_of(*customer), {*customer, std::move(input), std::move(accepted)});
}

void NodeCore::pace(std::string_view channel, Instant again_at) { lanes_.pace(channel, again_at); }

void NodeCore::command(const Key& customer, CommandInput command) { deliver(customer, std::move(command)); }

Status NodeCore::recover() {
  for (auto& shard : shards_) {
    if (auto done = shard->recover(); !done) return done;
    if (shard->has_mail()) ports_.drive.shard_ready(shard->index());
  }
  return {};
}

Status NodeCore::close(Duration) {
  for (auto& shard : shards_) shard->save_all();
  while (commit()) {
  }
  return health();
}

NodeStatistics NodeCore::statistics() const {
  NodeStatistics now;
  now.accepted = accepted_;
  now.duplicates = duplicates_;
  now.commits = committer_->commits();
  now.entries = committer_->entries();
  for (const auto& shard : shards_) now.hot_customers += shard->hot_customers();
  return now;
}

Status NodeCore::drain(size_t shard, bool sorted) { return shards_[shard]->drain(sorted); }

void NodeCore::perform(Outgoing effect) {
  Performer& performer = *performer_;
  if (auto* want = std::get_if<Want>(&effect)) return lanes_.queue(std::move(*want));
  ports_.process.crash_point("before_effect");
  if (auto* send = std::get_if<SendOut>(&effect)) return performer.send(std::move(send->order));
  if (auto* look_up = std::get_if<LookUpOut>(&effect))
    return performer.look_up(std::move(look_up->order), std::move(look_up->refs));
  if (auto* answer = std::get_if<AnswerOut>(&effect))
    return deliver(answer->customer, ResultInput{answer->touch, std::move(answer->result)});
  if (auto* cancel = std::get_if<CancelTouch>(&effect)) return performer.cancel(cancel->touch);
  if (auto* read = std::get_if<Read>(&effect)) return performer.read(std::move(*read));
  if (auto* turn = std::get_if<Perform>(&effect)) return performer.perform(std::move(*turn));
  performer.understand(std::move(std::get<Understand>(effect)));
}

void NodeCore::grant_slots() {
  for (Want& want : lanes_.grant(committer_->engine_time()))
    deliver(want.customer, SlotInput{want.run, want.step, want.try_no, want.channel});
}

Result<Instant> NodeCore::next_due() {
  Instant next = lanes_.next_chance();
  for (auto& shard : shards_) {
    auto due = shard->next_due();
    if (!due) return due;
    next = std::min(next, *due);
  }
  return next;
}

void NodeCore::help_the_slowest() {
  if (committer_->tail() > options_.tail_entries) ports_.drive.shard_ready(committer_->slowest_shard());
}

Result<std::string> NodeCore::journal_hash() {
  std::map<Key, Key> chains;
  auto reader = store().reader();
  auto visited = reader->customers([&](const Snapshot& stored) {
    if (auto customer = decode_snapshot(stored.body)) chains[stored.customer] = customer->chain;
    return true;
  });
  if (!visited) return visited.error();
  for (auto& shard : shards_)
    shard->each_hot([&](const Customer& customer) { if (customer.entries) chains[customer.id] = customer.chain; });
  std::string all;
  for (const auto& [customer, chain] : chains) {
    all += customer.view();
    all += chain.view();
  }
  return sha256_hex(all);
}

}  // namespace relance
