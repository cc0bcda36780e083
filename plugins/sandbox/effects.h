// The effect ledger: what a real provider would have done, one JSON line each, in a file outside
// the engine's store, written before the answer. Whoever doubts the engine compares the two.
//
//   {"key": "...", "channel": "voice", "to": "+336...", "at": "2026-01-05T08:00:00.000Z", "try": 1}
//
// Several instances, also in several processes, may write to one file; each reads back its own
// lines. Threads: one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

#include "kit/file.h"

namespace sandbox {

struct Effect {
  std::string_view key, to;
  int64_t at = 0;
  uint32_t try_no = 0;
};

class Effects {
 public:
  // An empty path: remembered in memory only.
  Effects(std::string path, std::string channel);

  // Reads what stands there for this channel. Fails (throws): the file cannot be read or opened.
  void load();

  bool done(std::string_view key) const { return keys_.contains(std::string(key)); }

  // False: it could not be written; then nothing happened.
  bool act(const Effect& effect);

 private:
  std::string path_, channel_;
  kit::LineFile file_;
  std::unordered_set<std::string> keys_;
};

std::string format_instant(int64_t at);  // RFC 3339, UTC, milliseconds

}  // namespace sandbox
