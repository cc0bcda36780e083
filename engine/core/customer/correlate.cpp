#include "core/customer/correlate.h"

#include "core/run/begin_run.h"

namespace relance {

bool reaches(const Run& run, const Flow& flow, const EventTaken& event, DocView data,
             const Customer& customer, const Rules& rules) {
  const std::string_view about = rules.about(event.type);
  if (about == "touch" && event.touch) {
    const Touch* touch = customer.find_touch(event.touch);
    return touch && touch->run == run.id;
  }
  if (about == "customer" || flow.key.empty()) return true;
  const std::vector<uint64_t> hashes = key_hashes(flow, data);
  bool carries = false;
  for (size_t i = 0; i < hashes.size() && i < run.keys.size(); ++i) {
    if (hashes[i] == 0) continue;
    if (run.keys[i] != 0 && run.keys[i] != hashes[i]) return false;
    carries |= run.keys[i] != 0;
  }
  return carries;
}

Result<bool> matches(const std::vector<EventPattern>& patterns, const Flow& flow,
                     std::string_view type, DocView data, const Rules& rules) {
  for (const EventPattern& pattern : patterns) {
    if (pattern.type != type) continue;
    if (!pattern.where) return true;
    auto yes = rules.where(flow, pattern.where, data);
    if (!yes || *yes) return yes;
  }
  return false;
}

}  // namespace relance
