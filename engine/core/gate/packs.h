// Packs: what the law and the networks of a country ask of whoever contacts its people, as
// versioned data (packs.inc) with the source of each number. `packs = { "FR", "US" }` in
// contact.lua turns them on. A pack only tightens: its rules hold beside those of contact.lua and
// of the flow, and no override of a step lifts them.
//
// A pack concerns a customer who is, or may be, in its country: by the profile's `country` (and
// `region`), by the calling code of his number; where neither tells, all packs concern him.
// Threads: any; packs are read at first use and never change.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/doc.h"
#include "core/graph/contact_rules.h"
#include "core/state/touch.h"

namespace relance {

// After a touch with such an outcome the customer is left alone for so many days.
struct RestRule {
  enum class After : uint8_t { conversation, refusal };
  RuleScope scope;
  After after = After::conversation;
  int days = 0;
  bool first_day_counts = false;  // by local calendar days, of which that of the touch is the first
};

// The rules of one place in force from one day on.
struct PlaceRules {
  std::string place;  // "US", "US-FL"; "US-?": in the US, nobody knows where
  Date since;         // local date
  std::vector<WindowRule> windows;
  std::vector<QuietDayRule> quiet_days;
  std::vector<CapRule> caps;
  std::vector<RestRule> rests;
};

// One line of the data, for people.
struct PackLine {
  std::string_view place, rule, purpose, kinds, value, since, source;
};

struct Pack {
  std::string name;  // "US": its country
  std::string version;
  std::vector<PlaceRules> places;
  std::vector<PackLine> lines;
  Duration look_back;  // of its caps and rests
};

const Pack* find_pack(std::string_view name);  // nullptr: there is none
std::span<const Pack> all_packs();

// Where a customer is, as far as profile and number tell.
struct Whereabouts {
  std::string country;  // "US"; empty: the profile does not say
  std::string region;   // "US-FL"; empty: unknown
  std::string phone;    // in E.164 form; empty: none

  bool may_be_in(const Pack& pack) const;
  // The rules of that pack which hold for him on a local day.
  bool concerned_by(const Pack& pack, const PlaceRules& rules, Date day) const;
};

// By the fields "country" (ISO 3166: "US"), "region" ("FL" or "US-FL") and "phone".
Whereabouts whereabouts_of(DocView profile);

// Was this touch a conversation, as a rest after one counts? Unanswered, machines and numbers that
// do not work are none; what nobody knows counts as one.
bool was_conversation(const Touch& touch);

}  // namespace relance
