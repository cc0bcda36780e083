// A note beside a store that holds its sends: the store was restored from a backup, or lost commits
// that it had acknowledged. What was sent in the lost time is not known to it.
//
// The note stands until a person releases the sends, over any number of openings. It is kept after
// that: what the lost time may have sent is asked for before it is sent again for a while longer.
//
// Threads: any; one writes. Blocks: on a small file. Fails: a note that cannot be read counts as
// one about a store of which nothing is known.
#pragma once

#include <optional>
#include <string>

#include "base/instant.h"
#include "base/result.h"

namespace relance {

struct SendHold {
  Instant from;  // engine time of the last commit that is known: the lost time begins
  Instant released_at = Instant::never();
  std::string why;  // one line

  bool released() const { return !released_at.is_never(); }
  // From here on nothing that leaves can have left in the lost time as well: what was lost is gone
  // through again at most as slowly as the first time, a day's windows included.
  Instant over_at() const;
};

// The note beside a store; empty for one that lies in no file.
std::string hold_path(const std::string& store);

std::optional<SendHold> read_hold(const std::string& path);
// Durable when it returns. Fails with store_open.
Status write_hold(const std::string& path, const SendHold& hold);

}  // namespace relance
