#include "node/do_not_call.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "core/gate/gate.h"

namespace relance {
namespace {

constexpr std::string_view kAsOf = "as of ";
constexpr std::string_view kSpace = " \t\r";

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

Error unreadable(std::string message, const std::string& path, int line) {
  return {Code::do_not_call_unreadable,
          std::move(message),
          {path, line},
          "write one number a line in international form: +33612345678"};
}

void take_remark(std::string_view remark, DoNotCallList& list) {
  const size_t at = remark.find(kAsOf);
  if (at == std::string_view::npos) return;
  if (const auto date = parse_date(trimmed(remark.substr(at + kAsOf.size())).substr(0, 10)))
    list.as_of = *date;
}

}  // namespace

bool DoNotCallList::has(uint64_t address) const {
  return std::binary_search(numbers.begin(), numbers.end(), address);
}

std::string DoNotCallList::title() const {
  return as_of ? file + " of " + format_date(*as_of) : file;
}

Result<DoNotCallList> parse_do_not_call(const DoNotCallRule& rule, const std::string& path,
                                        std::string_view text) {
  DoNotCallList list{rule.file, rule.purpose, {}, {}};
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // a byte order mark
  int number = 0;
  bool first = true;
  for (std::string_view line : split(text, '\n')) {
    ++number;
    line = trimmed(line);
    if (line.starts_with('#')) take_remark(line, list);
    if (line.empty() || line.starts_with('#')) continue;
    const bool names = std::exchange(first, false) && is_letter(line.front());
    if (names) continue;
    const std::string_view cell = line.substr(0, line.find_first_of(",;"));
    const AddressOf address = normalised_address("voice", cell);
    if (address.text.empty() || !address.valid)
      return unreadable(fmt::format("'{}' is not a number", shortened(std::string(cell), 40)), path,
                        number);
    list.numbers.push_back(address.hash);
  }
  std::sort(list.numbers.begin(), list.numbers.end());
  return list;
}

Result<std::shared_ptr<const DoNotCallLists>> read_do_not_call(
    const std::vector<DoNotCallRule>& rules, const std::string& directory) {
  auto lists = std::make_shared<DoNotCallLists>();
  for (const DoNotCallRule& rule : rules) {
    const bool whole = rule.file.starts_with('/') || directory.empty();
    const std::string path = whole ? rule.file : directory + '/' + rule.file;
    const auto text = read_file(path);
    if (!text)
      return unreadable("a do-not-call file cannot be read: " + text.error().message, path, 0);
    auto list = parse_do_not_call(rule, path, *text);
    if (!list) return list.error();
    lists->push_back(std::move(*list));
  }
  return std::shared_ptr<const DoNotCallLists>(std::move(lists));
}

}  // namespace relance
