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

// At most `at_most` touches in any rolling `per`.
struct CapRule {
  RuleScope scope;
  int at_most = 0;
  Duration per;
  bool operator==(const CapRule&) const = default;
};

struct ContactRules {
  std::vector<WindowRule> windows;
  std::vector<CapRule> caps;
  std::optional<Duration> gap;           // between any two touches of one customer
  std::vector<std::string> suppress_on;  // outcome words that suppress the address from then on
  std::vector<std::string> priority;     // flow names, most urgent first; the order of the lanes
  std::vector<std::string> off;          // kinds of channels that are switched off
  bool consent_needed_for_recovery = false;  // marketing always needs consent; service never does
  bool operator==(const ContactRules&) const = default;

  int priority_of(std::string_view flow) const;  // position in `priority`, or its size

  // The longest span any cap or gap looks back; the ledger keeps at least this, and at least 90
  // days.
  Duration longest_look_back() const;
};

}  // namespace relance
