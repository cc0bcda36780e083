#include "store/erased.h"

#include <filesystem>

#include "base/text.h"
#include "store/durable_file.h"

namespace relance {

Result<std::map<Key, Instant>> read_erasures(const std::string& path) {
  std::map<Key, Instant> erased;
  std::error_code unreadable;
  if (!std::filesystem::exists(path, unreadable)) return erased;
  const auto text = read_file(path);
  if (!text) return text.error();
  size_t number = 0;
  for (const std::string_view line : split(*text, '\n')) {
    ++number;
    if (line.empty()) continue;
    const size_t space = line.find(' ');
    const auto key = Key::parse(line.substr(0, space));
    const auto at = space == std::string::npos ? Result<Instant>(Error{})
                                               : parse_instant(line.substr(space + 1));
    if (!key || !at)
      return Error{Code::store_corrupt,
                   path + ", line " + std::to_string(number) + ": this names nobody who was erased",
                   {},
                   "put back the list as it was: whoever is missing on it comes back"};
    Instant& known = erased.try_emplace(*key, *at).first->second;
    known = std::max(known, *at);
  }
  return erased;
}

Status add_erasures(const std::string& path, const std::vector<Erasure>& erasures) {
  auto known = read_erasures(path);
  if (!known) return known.error();
  for (const Erasure& one : erasures) (*known)[one.customer] = one.at;
  std::string text;
  for (const auto& [customer, at] : *known)
    text += customer.text() + ' ' + format_instant(at) + '\n';
  return write_durably(path, text);
}

}  // namespace relance
