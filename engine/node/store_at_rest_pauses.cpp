// Pausing and resuming on a store that no node drives.
#include "core/state/apply.h"
#include "node/derived.h"
#include "node/store_at_rest_world.h"
#include "node/stored_customer.h"

namespace relance {

Key StoreAtRest::pauses_actor_key() const {
  return customer_key(generation_->rules().tenant(), pauses_actor());
}

Result<std::vector<Pause>> StoreAtRest::pauses() {
  auto known = load(pauses_actor_key());
  if (!known) return known.error();
  return known->customer.lookout->pauses;
}

Result<Pause> StoreAtRest::pause(const Pause& wanted) {
  if (auto known = check_scope(*generation_, wanted); !known) return known.error();
  const auto entry = command(pauses_actor_key(), pause_command(wanted));
  if (!entry) return entry.error();
  for (const Record& record : entry->records)
    if (const auto* changed = std::get_if<PauseChanged>(&record)) return changed->pause;
  return Error{
      Code::pause_stands, scope_words(wanted) + " is paused already", {}, "see `relance status`"};
}

// Each as his snapshot and the entries since make him.
Status StoreAtRest::each_customer(const std::function<void(Customer&)>& visit) {
  std::map<Key, std::vector<std::pair<Position, std::string>>> tail;
  auto read = reader_->entries(store_->opened().horizon, next_, [&](const StoredEntry& one) {
    tail[one.customer].emplace_back(one.position, one.body);
    return true;
  });
  if (!read) return read;
  Status failed;
  const auto look = [&](const Key& id, const std::optional<StoredCustomer>& stored) {
    auto known = complete(*reader_, id, stored);
    if (!known) return failed = known.error();
    for (const auto& [position, body] : tail[id]) {
      if (position <= known->last) continue;
      const auto entry = decode_entry(body);
      if (!entry) return failed = entry.error();
      apply_entry(known->customer, *entry, body);
    }
    tail.erase(id);
    visit(known->customer);
    return failed;
  };
  read = reader_->customers([&](const Snapshot& one) {
    if (one.next_due.is_never() && !tail.contains(one.customer)) return true;
    look(one.customer, StoredCustomer{one.body, one.last, one.holds.value_or(0), one.next_due});
    return failed.ok();
  });
  while (read && failed && !tail.empty()) look(tail.begin()->first, std::nullopt);
  return failed ? read : failed;
}

Result<ResumePreview> StoreAtRest::preview_resume(const Pause& pause) {
  auto all = pauses();
  if (!all) return all.error();
  std::erase_if(*all, [&](const Pause& one) { return one.number == pause.number; });
  const Pauses rest(std::move(*all), 1);
  const std::string installation = store_->opened().installation;
  const Context context{now_,         world_->idle.clock.since_boot().ms,
                        installation, generation_->rules(),
                        addresses_,   world_->slots,
                        false,        lost_.time(),
                        &rest};
  ResumePreview preview;
  preview.pause = pause;
  auto looked = each_customer([&](Customer& customer) {
    const bool held = may_hold(customer, pause);
    preview.add(customer, held ? held_touches(customer, context, pause) : std::vector<HeldTouch>{});
  });
  if (!looked) return looked.error();
  return preview;
}

Status StoreAtRest::resume(const ResumeOrder& order) {
  const auto entry = command(pauses_actor_key(), resume_command(order));
  if (!entry) return entry.error();
  if (!entry->records.empty()) return {};
  return Error{Code::pause_unknown, "it was resumed meanwhile", {}, "see `relance status`"};
}

}  // namespace relance
