// Do-not-call files: numbers that must not be called, as data with a date.
//
// A line is a number in international form ("+33612345678"); what follows a comma or semicolon is
// for people. A first line that begins with a letter names the columns; lines that begin with #
// are remarks, and "# as of 2026-11-01" tells the date of the data.
// Threads: any. Blocks: on the file.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/zone.h"
#include "core/graph/contact_rules.h"

namespace relance {

struct DoNotCallList {
  std::string file;  // as contact.lua names it
  std::optional<Purpose> purpose;
  std::optional<Date> as_of;
  std::vector<uint64_t> numbers;  // hashes of addresses, sorted

  bool has(uint64_t address) const;
  std::string title() const;  // "dnc.csv of 2026-11-01"
};
using DoNotCallLists = std::vector<DoNotCallList>;

// Fails with do_not_call_unreadable, at the line of what is no number: a list of which a part is
// not understood protects nobody.
Result<DoNotCallList> parse_do_not_call(const DoNotCallRule& rule, const std::string& path,
                                        std::string_view text);

// All lists of the rules; files lie in `directory`. Fails as parse_do_not_call, and where a file is
// not there.
Result<std::shared_ptr<const DoNotCallLists>> read_do_not_call(
    const std::vector<DoNotCallRule>& rules, const std::string& directory);

}  // namespace relance
