// Small files and names that are on the disk once a function has returned.
//
// Threads: any. Blocks: on the disk. Fails: with store_open, and the place is as it was.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace relance {

// The file holds these bytes, or what it held before: nothing in between.
Status write_durably(const std::string& path, std::string_view bytes);

// Flushes a file that is written.
Status flush_file(const std::string& path);

// `from` is at `to` now, instead of what was there.
Status move_durably(const std::string& from, const std::string& to);

}  // namespace relance
