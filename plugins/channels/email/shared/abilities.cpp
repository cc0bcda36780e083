#include "abilities.h"

#include <map>
#include <mutex>

#include "kit/plugin.h"

namespace email {
namespace {

constexpr int64_t kReportsWithinMs = int64_t{5} * 24 * 3600 * 1000;  // RFC 5321, 4.5.4.1

constexpr rl_word kOutcomes[] = {kit::word("delivered"), kit::word("bounced"),
                                 kit::word("opted_out"), kit::word("failed"),
                                 kit::word("complained", "opted_out")};

rl_channel_caps table(const Abilities& abilities) {
  return kit::caps(
      {.kind = "email",
       .flags = RL_CONTACT | RL_CAN_CANCEL | (abilities.look_up ? uint32_t{RL_CAN_LOOKUP} : 0u),
       .delivery = abilities.delivery,
       .max_in_flight = abilities.at_once,
       .key_window_ms = abilities.key_window_ms,
       .index_lag_ms = abilities.index_lag_ms,
       .receipt_within_ms = kReportsWithinMs,
       .words = kit::kPointers<kOutcomes>});
}

}  // namespace

const rl_channel_caps* caps_of(const Abilities& abilities) {
  static std::mutex mutex;
  static std::map<Abilities, rl_channel_caps> tables;
  const std::lock_guard lock(mutex);
  return &tables.try_emplace(abilities, table(abilities)).first->second;
}

}  // namespace email
