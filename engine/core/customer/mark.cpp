#include "core/customer/mark.h"

#include <algorithm>

#include "core/gate/exclusions.h"

namespace relance {
namespace {

constexpr size_t kMostOfOne = 32;
constexpr Duration kRemembered = days(35);  // events come late for days, not for months
constexpr Duration kResponse = days(90);    // as long as a campaign lasts

bool names(const std::vector<std::string>& types, std::string_view type) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

// 0 for the marker without a key, and where the event lacks a key field.
uint64_t key_of(const MarkerRule& rule, DocView data) {
  std::string all;
  for (const std::string& field : rule.key) {
    const DocView value = data.find_path(field);
    if (value.is_null()) return 0;
    all += std::to_string(value.bytes().size()) + ":" + std::string(value.bytes());
  }
  return rule.key.empty() ? 0 : derive_hash({"marker", all});
}

Duration counted_on(const Exclusions& rules, std::string_view marker) {
  Duration longest = kRemembered;
  for (const NeverRule& rule : rules.never)
    if (rule.during == marker) longest = std::max(longest, rule.within);
  return longest;
}

// What has lapsed is forgotten, and one more where there are too many.
void make_room(Worker& worker, std::string_view name, Duration remembered) {
  std::vector<Marker> same;
  for (const Marker& marker : worker.customer().markers)
    if (marker.name == name) same.push_back(marker);
  // Closed ones before open ones, then by age.
  std::stable_sort(same.begin(), same.end(), [](const Marker& a, const Marker& b) {
    return a.open != b.open ? b.open : a.at < b.at;
  });
  size_t left = same.size();
  for (const Marker& marker : same) {
    const bool lapsed = !marker.open && marker.at + remembered < worker.now();
    if (!lapsed && left < kMostOfOne) continue;
    worker.write(MarkerChanged{marker, true});
    --left;
  }
}

// False: a later event said otherwise already.
bool mark(Worker& worker, Marker marker, Duration remembered) {
  marker.at = std::min(marker.at, worker.now());
  const auto& known = worker.customer().markers;
  const auto found = std::find_if(known.begin(), known.end(), [&](const Marker& one) {
    return one.name == marker.name && one.key == marker.key;
  });
  if (found == known.end()) {
    make_room(worker, marker.name, remembered);
  } else if (marker.at < found->at || (marker.at == found->at && marker.open)) {
    return false;
  }
  worker.write(MarkerChanged{std::move(marker), false});
  return true;
}

// Whoever answers a message or a call, or opens its link, responds to its flow; whoever writes or
// calls by himself, to the marketing flow that contacted him last, if that was lately.
const Touch* responded_to(const Worker& worker, const Customer& customer, const EventTaken& event) {
  const std::string_view type = event.type;
  if (type == "link.clicked" || type.ends_with(".replied"))
    return event.touch ? customer.find_touch(event.touch) : nullptr;
  if (type != "message.received" && type != "call.received") return nullptr;
  const Instant since = worker.now() - worker.rules().attribution();
  for (auto touch = customer.touches.rbegin(); touch != customer.touches.rend(); ++touch) {
    if (touch->intended_at < since) break;
    if (touch->is_contact() && touch->purpose == Purpose::marketing) return &*touch;
  }
  return nullptr;
}

void take_response(Worker& worker, const EventTaken& event) {
  const Touch* touch = responded_to(worker, worker.customer(), event);
  if (!touch || !touch->is_contact() || touch->purpose != Purpose::marketing) return;
  mark(worker, {Word(kResponded), campaign_key(touch->flow), false, event.time}, kResponse);
}

}  // namespace

bool take_markers(Worker& worker, const EventTaken& event, DocView data) {
  const Exclusions& rules = worker.rules().contact().exclusions;
  bool closed = false;
  for (const MarkerRule& rule : rules.markers) {
    const bool opens = names(rule.opens, event.type);
    if (!opens && !names(rule.closes, event.type)) continue;
    const Marker marker{rule.name, key_of(rule, data), opens, event.time};
    closed |= mark(worker, marker, counted_on(rules, rule.name)) && !opens;
  }
  if (rules.responded_leaves) take_response(worker, event);
  return closed;
}

}  // namespace relance
