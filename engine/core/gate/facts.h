// The facts of one answer of the gate, in derived form: zones, counts, instants, words; never an
// address. Internal to the gate.
//
//   rule       which rule spoke: window, gap, cap, max, ceiling, consent, suppression, never,
//   mutex,
//              priority, pack, self_cure, opening
//   packs (those of his country), place, quiet_day, failed_at, list
//   zone, zone_source, zones (how many candidates); when put off also local_time, window
//   last_contact_at, gap | counted, cap, per, scope | ceiling (whose) | held_by, clears_at
//   used_by    the contact that takes the room: "flow.step"
//   winner     the more urgent flow that goes first: "flow.step"; over: what both want
//   pause (its number), paused (what), paused_by, paused_for
//   marker, since | override (rules lifted), reasons
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/doc.h"

namespace relance {

class Facts {
 public:
  void text(std::string_view key, std::string_view value) { put(key, Doc::text(value)); }
  void number(std::string_view key, int64_t value) { put(key, Doc::integer(value)); }
  void instant(std::string_view key, Instant value) { put(key, Doc::instant(value)); }
  void span(std::string_view key, Duration value) { text(key, format_duration(value)); }

  Doc record() const { return fields_.empty() ? Doc{} : Doc::record(fields_); }

 private:
  void put(std::string_view key, Doc value) { fields_.emplace_back(key, std::move(value)); }

  std::vector<std::pair<std::string, Doc>> fields_;
};

}  // namespace relance
