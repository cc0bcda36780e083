#include "abilities.h"

#include <iterator>
#include <map>
#include <mutex>

namespace email {
namespace {

constexpr int64_t kReportsWithinMs = int64_t{5} * 24 * 3600 * 1000;  // RFC 5321, 4.5.4.1

constexpr rl_word word(const char* name, const char* as) { return {sizeof(rl_word), 0, name, as}; }
constexpr rl_word kDelivered = word("delivered", "delivered"),
                  kBounced = word("bounced", "bounced"), kOptedOut = word("opted_out", "opted_out"),
                  kFailed = word("failed", "failed"), kComplained = word("complained", "opted_out");
constexpr const rl_word* kWords[] = {&kDelivered, &kBounced, &kOptedOut, &kFailed, &kComplained};

rl_channel_caps table(const Abilities& abilities) {
  rl_channel_caps caps{};
  caps.struct_size = sizeof caps;
  caps.flags = RL_CONTACT | RL_CAN_CANCEL | (abilities.look_up ? uint32_t{RL_CAN_LOOKUP} : 0u);
  caps.kind = "email";
  caps.delivery = abilities.delivery;
  caps.max_in_flight = abilities.at_once;
  caps.key_window_ms = abilities.key_window_ms;
  caps.index_lag_ms = abilities.index_lag_ms;
  caps.receipt_within_ms = kReportsWithinMs;
  caps.words = kWords;
  caps.words_count = std::size(kWords);
  return caps;
}

}  // namespace

const rl_channel_caps* caps_of(const Abilities& abilities) {
  static std::mutex mutex;
  static std::map<Abilities, rl_channel_caps> tables;
  const std::lock_guard lock(mutex);
  return &tables.try_emplace(abilities, table(abilities)).first->second;
}

}  // namespace email
