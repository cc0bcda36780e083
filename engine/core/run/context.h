// What a decision is made with, and what comes out of it.
#pragma once

#include <string>
#include <vector>

#include "core/gate/gate.h"
#include "core/run/effect.h"
#include "core/run/rules.h"
#include "core/state/record.h"

namespace relance {

// Grants slots at once where there is room; false: the want is queued and a SlotInput follows.
class Slots {
 public:
  virtual ~Slots() = default;
  virtual bool take(const Want& want) = 0;
};

// The store was put back to an older state: what it decided after `from` is lost, and was not said
// to have ended. A touch of a run that began before the sends were released, and that leaves before
// `over_at`, may have left in that time as well.
struct LostTime {
  Instant from;
  Instant released_at = Instant::never(), over_at = Instant::never();
};

struct Context {
  Instant now;
  int64_t boot_ms = 0;
  const std::string& installation;
  const Rules& rules;
  const Suppression& suppression;
  Slots& slots;
  bool duplicate =
      false;  // the store knows this event's hash (asked only where the customer cannot tell)
  const LostTime* lost = nullptr;
  const Pauses* pauses = nullptr;  // nullptr: there are none
};

struct Decision {
  Entry entry;                  // no records: nothing was decided, nothing is to be written
  std::vector<Effect> effects;  // in order; to be released after the commit
  bool duplicate_event = false;
  std::vector<Money> recovered;  // the amounts of runs that came to their goal; for figures only

  void clear();
};

}  // namespace relance
