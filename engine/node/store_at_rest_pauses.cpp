// Pausing and resuming on a store that no node drives.
#include "node/store_at_rest_world.h"

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
  const auto look = [&](Customer& customer) {
    const bool held = may_hold(customer, pause);
    preview.add(customer, held ? held_touches(customer, context, pause) : std::vector<HeldTouch>{});
  };
  auto looked = each_at_rest(*reader_, store_->opened().horizon, AtRest::all, look);
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
