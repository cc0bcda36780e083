// Contact rules as data: contact.lua of a bundle, and what a flow's header tightens. Read by the
// gate, written by the bundle loader. What is not given does not restrict.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/zone.h"
#include "core/graph/vocabulary.h"

namespace relance {

// Empty channel: any channel. No purpose: any purpose.
struct RuleScope {
  std::string channel;
  std::optional<Purpose> purpose;

  bool covers(std::string_view of_channel, Purpose of_purpose) const {
    return (channel.empty() || channel == of_channel) && (!purpose || *purpose == of_purpose);
  }
  bool operator==(const RuleScope&) const = default;
};

// Allowed hours in the customer's local time: from (inside) to (outside). `weekdays` bit 0 = Monday
// .. bit 6 = Sunday. A window whose end is not after its start runs over midnight and belongs to
// the day on which it opens.
struct WindowRule {
  RuleScope scope;
  TimeOfDay from, to;
  uint8_t weekdays = 0x7f;
  bool operator==(const WindowRule&) const = default;
};

// "mon-fri", "sat", "mon,wed,fri", "sat-mon" as bits of WindowRule. Zero: cannot be read.
uint8_t parse_weekdays(std::string_view text);

// At most `at_most` touches in any rolling `per`.
struct CapRule {
  RuleScope scope;
  int at_most = 0;
  Duration per;
  bool operator==(const CapRule&) const = default;
};

// A state of the customer between two events: an open return, a support case. One for each value of
// `key`; events that lack a key field mean the one without a key.
struct MarkerRule {
  std::string name;
  std::vector<std::string> opens, closes;  // event types
  std::vector<std::string> key;            // fields that tell one from another
  std::optional<Duration> at_most;         // it counts as closed so long after it opened
  bool operator==(const MarkerRule&) const = default;
};

// No touch of these flows within `scope` while the marker is open, nor `within` of its closing.
struct NeverRule {
  RuleScope scope;
  std::vector<std::string> flows;  // empty: any
  std::string during;              // the marker's name
  Duration within;
  bool drop = false;  // else it waits
  bool operator==(const NeverRule&) const = default;
};

// No touch of one of these flows within so long of a touch of another.
struct MutexRule {
  std::vector<std::string> flows;
  Duration within;
  bool operator==(const MutexRule&) const = default;
};

// What must not meet. Each is enforced at the gate, searched for (sim/prove) and audited
// (core/customer/audit.h).
struct Exclusions {
  std::vector<MarkerRule> markers;
  std::vector<NeverRule> never;
  std::vector<MutexRule> mutex;
  std::vector<CapRule> max;       // caps that no override lifts, for requested touches too
  bool responded_leaves = false;  // who responded to a marketing flow hears no more of it
  bool losers_drop = false;       // who gives way to a more urgent flow is dropped; else waits
  bool operator==(const Exclusions&) const = default;

  const MarkerRule* marker(std::string_view name) const;
};

// Days on which nobody covered is contacted, by the customer's own calendar.
struct QuietDayRule {
  RuleScope scope;
  std::string holidays;     // public holidays of this place: "FR", "US-LA"; empty: none
  std::vector<Date> dates;  // sorted
  bool operator==(const QuietDayRule&) const = default;
};

// When an opening (a window, the end of a pause) lets many held touches go at once.
struct OpeningRule {
  Duration spread;             // they come back over so long a time, by hash of the customer
  Duration apart = hours(24);  // after the best one of a customer has left, the others wait so long
  bool drop = false;           // or are not sent at all
  bool operator==(const OpeningRule&) const = default;
};

// Numbers that must not be called, in a file of their own: data with a date.
struct DoNotCallRule {
  std::string file;
  std::optional<Purpose> purpose;  // none: for any
  bool operator==(const DoNotCallRule&) const = default;
};

// Objections to what a flow sends, watched: too many, and the flow is paused (customer/guard.h).
struct GuardRule {
  enum class What : uint8_t { opt_out, complaint } what = What::opt_out;
  std::string flow;             // empty: each by itself
  double above = 2;             // times what is usual
  std::optional<double> usual;  // share of contacts; none: what the flow itself saw before
  Duration within;
  bool operator==(const GuardRule&) const = default;
};

struct Pack;  // rules of a country or region, as data: core/gate/packs.h

struct ContactRules {
  std::vector<WindowRule> windows;
  std::vector<CapRule> caps;
  std::optional<Duration> gap;           // between any two touches of one customer
  std::vector<std::string> suppress_on;  // outcome words that suppress the address from then on
  std::vector<std::string> priority;     // flow names, most urgent first; the order of the lanes
  std::vector<std::string> off;          // kinds of channels that are switched off
  bool consent_needed_for_recovery = false;  // marketing always needs consent; service never does
  Exclusions exclusions;
  std::vector<QuietDayRule> quiet_days;
  std::optional<Duration> self_cure;  // recovery: from a failure to the run's first contact
  std::optional<OpeningRule> opening;
  std::vector<GuardRule> guards;
  std::vector<DoNotCallRule> do_not_call;
  std::vector<const Pack*> packs;
  Duration packs_look_back;  // of their caps and rests
  bool operator==(const ContactRules&) const = default;

  int priority_of(std::string_view flow) const;  // position in `priority`, or its size

  // The longest span any cap, gap or exclusion looks back; the ledger keeps at least this, and at
  // least 90 days.
  Duration longest_look_back() const;
};

}  // namespace relance
