// Copies of a store in a file: made while an engine works on it, checked, and put back.
//
// A backup is one file without a log: it may be moved and copied as it is. It is the store as of
// one instant, and whole: it was read back and checked before it got its name. Threads: any.
// Blocks: for as long as it takes to read and write a store. Fails: as open_store(), and with
// store_there where something would be overwritten; then nothing that stood before has changed.
// What was begun ends with `-part` or `-restoring` and may be deleted.
#pragma once

#include "store/store.h"

namespace relance {

struct StoreCopy {
  std::string path;
  std::string installation;
  uint64_t entries = 0, bytes = 0;
  Instant last_commit_at;
};

// To a file that is not there yet, or into a directory, named by `now`. A log that an engine writes
// meanwhile grows until the copy is made.
Result<StoreCopy> back_up(const std::string& store, const std::string& to, Instant now,
                          const Deriver& derive, const Progress& progress);

struct Restored {
  StoreCopy store;
  std::string replaced;  // where the store that stood there is now; empty: there was none
};

// Makes the store what a backup holds, and holds its sends (hold.h). The backup may be of an older
// version. A store that stands there is refused unless it is to be `replaced`; it is kept beside.
// Fails with store_in_use while an engine works on it.
Result<Restored> restore_store(const std::string& backup, const std::string& store, bool replace,
                               Instant now, const Deriver& derive, const Progress& progress);

}  // namespace relance
