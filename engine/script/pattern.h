// Patterns: Lua's own pattern language (classes, sets, * + - ?, captures, %b, %f, back references)
// with a budget.
//
// Lua's matcher runs in C, where no instruction budget reaches it; a pattern such as "a-a-a-a-b" on
// a long text would hang a worker. This one pays for every step it takes. Threads: one.
#pragma once

#include <bitset>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace relance {

struct Capture {
  size_t at = 0;
  size_t length = 0;
  bool is_position = false;  // `()`: the capture is a place, not a text
};

struct Match {
  size_t from = 0, to = 0;  // [from, to)
  std::vector<Capture> captures;
};

class Pattern {
 public:
  // Fails with bad_value for a pattern that is malformed, or longer than 256 bytes.
  static Result<Pattern> parse(std::string_view source);

  // The first match that begins at `from` or later. `pay` is called with the number of steps taken
  // since it was called last, and may throw.
  std::optional<Match> find(std::string_view text, size_t from,
                            const std::function<void(int64_t)>& pay) const;
  bool anchored() const { return anchored_; }

 private:
  friend class PatternParser;
  friend class Matcher;
  using Bytes = std::bitset<256>;
  struct Item {
    enum class Kind : uint8_t { bytes, open, open_position, close, balance, frontier, repeat, end };
    Kind kind = Kind::bytes;
    Bytes bytes;     // bytes, frontier
    char how = '1';  // bytes: '1', '*', '+', '-', '?'
    uint8_t first = 0,
            last = 0;  // balance: its two bytes; open, close, repeat: number of the capture
  };
  std::vector<Item> items_;
  int captures_ = 0;
  bool anchored_ = false;
};

}  // namespace relance
