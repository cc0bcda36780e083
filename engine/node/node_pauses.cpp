// What a node does for pauses (core/customer/pause.h): those that stand are
// known to every decision from the commit of their record on, before anything
// else leaves.
#include "base/log.h"
#include "core/state/apply.h"
#include "node/no_slots.h"
#include "node/node_core.h"
#include "node/stored_customer.h"

namespace relance {
namespace {

constexpr uint64_t kContactsAtOnce = 100;

}  // namespace

std::shared_ptr<const Pauses> NodeCore::pauses() const {
  if (pauses_revision_ == 0) return nullptr;
  const std::lock_guard lock(pauses_mutex_);
  return pauses_;
}

Key NodeCore::pauses_actor_key() const { return customer_key(rules()->tenant(), pauses_actor()); }

void NodeCore::publish(std::vector<Pause> pauses) {
  const std::lock_guard lock(pauses_mutex_);
  const uint64_t revision = pauses_revision_ + 1;
  pauses_ = pauses.empty() ? nullptr : std::make_shared<const Pauses>(std::move(pauses), revision);
  pauses_revision_ = revision;
}

// Before anything is decided.
Status NodeCore::load_pauses() {
  pauses_actor_ = pauses_actor_key();
  if (const Customer* hot = shard_of(pauses_actor_).hot(pauses_actor_)) {
    if (!hot->lookout->pauses.empty()) publish(hot->lookout->pauses);
    return {};
  }
  const auto reader = store_->get()->reader();
  auto stored = reader->load(std::span<const Key>(&pauses_actor_, 1));
  if (!stored) return stored.error();
  const auto known = complete(*reader, pauses_actor_, stored->front());
  if (!known) return known.error();
  if (!known->customer.lookout->pauses.empty()) publish(known->customer.lookout->pauses);
  return {};
}

// In the thread that commits: nothing of the batch was released or answered.
void NodeCore::note_pauses(const Batch& batch) {
  for (const NewEntry& entry : batch.entries) {
    if (entry.customer != pauses_actor_) continue;
    const auto known = decode_entry(entry.body);
    if (!known) return log::error("node", "{}", known.error().text());
    Customer actor;
    if (const auto before = pauses()) actor.lookout.change().pauses = before->all();
    apply_entry(actor, *known, entry.body);
    publish(actor.lookout->pauses);
  }
}

// It was decided before the pause, and would leave after it.
bool NodeCore::is_paused(const SendOut& send) const {
  if (pauses_revision_ == send.pauses) return false;
  const auto pauses = this->pauses();
  const Touch& touch = send.order->touch;
  if (!pauses || (touch.what != TouchWhat::message && touch.what != TouchWhat::charge))
    return false;
  const Pauses::Wish wish{touch.flow, touch.channel, touch.channel_kind};
  return pauses->refusing(wish) || pauses->holding(wish);
}

// Contacts alone can only calm a guard: some of them at once are soon enough, and what a crash
// forgets makes it more careful. An objection is told as it comes.
void NodeCore::tell_guard(const GuardTold& told) {
  uint64_t contacts = 0;
  {
    const std::lock_guard lock(guards_mutex_);
    uint64_t& untold = contacts_untold_[told.flow];
    if (told.what == Guarded::contact && ++untold < kContactsAtOnce) return;
    std::swap(contacts, untold);
  }
  const auto one_of = [&](Guarded what) { return Doc::integer(told.what == what ? 1 : 0); };
  CommandInput count;
  count.command = "count";
  count.author = "guard";
  count.data = Doc::record({{"flow", Doc::text(told.flow)},
                            {"contacts", Doc::integer(static_cast<int64_t>(contacts))},
                            {"opt_outs", one_of(Guarded::opt_out)},
                            {"complaints", one_of(Guarded::complaint)}});
  post({pauses_actor_, std::move(count), {}});
}

std::vector<HeldTouch> NodeCore::held_touches(Customer customer, const Pause& pause,
                                              const Rules& rules) const {
  NoSlots slots;
  std::vector<Pause> others;
  if (const auto all = pauses()) others = all->all();
  std::erase_if(others, [&](const Pause& one) { return one.number == pause.number; });
  const Pauses rest(std::move(others), 1);
  const Context context{committer_->engine_time(),
                        ports_.clock.since_boot().ms,
                        installation_,
                        rules,
                        addresses_,
                        slots,
                        false,
                        nullptr,
                        &rest};
  return relance::held_touches(customer, context, pause);
}

}  // namespace relance
