#include "node/difference.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"

namespace relance {
namespace {

using How = Differing::How;

constexpr size_t kContext = 3;
constexpr size_t kMostLines = 3000;  // of a part that differs; a longer one is shown as replaced

// name -> what tells one state of it from another
std::map<std::string, std::string> states(DocView manifest, std::string_view part) {
  std::map<std::string, std::string> all;
  for (const auto& [name, state] : manifest.find(part).items()) {
    const DocView version = state.find("version");
    all[std::string(name)] = to_json(version.is_null() ? state : version);
  }
  return all;
}

void compare(std::string_view kind, const std::map<std::string, std::string>& before,
             const std::map<std::string, std::string>& after, std::vector<Differing>& found) {
  for (const auto& [name, state] : after) {
    const auto was = before.find(name);
    if (was == before.end())
      found.push_back({How::added, std::string(kind), name});
    else if (was->second != state)
      found.push_back({How::changed, std::string(kind), name});
  }
  for (const auto& [name, state] : before)
    if (!after.contains(name)) found.push_back({How::removed, std::string(kind), name});
}

using Lines = std::vector<std::string_view>;

Lines lines_of(std::string_view text) {
  Lines lines = split(text, '\n');
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

struct Edit {
  char sign;  // ' ', '-', '+'
  std::string_view line;
};

// The longest common subsequence, from lengths of all pairs of ends.
void edit(const Lines& a, const Lines& b, std::vector<Edit>& edits) {
  const bool long_ones = a.size() > kMostLines || b.size() > kMostLines;
  const size_t width = b.size() + 1;
  std::vector<uint16_t> common(long_ones ? 0 : (a.size() + 1) * width, 0);
  if (!long_ones)
    for (size_t i = a.size(); i-- > 0;)
      for (size_t j = b.size(); j-- > 0;)
        common[i * width + j] =
            a[i] == b[j] ? static_cast<uint16_t>(common[(i + 1) * width + j + 1] + 1)
                         : std::max(common[(i + 1) * width + j], common[i * width + j + 1]);
  size_t i = 0, j = 0;
  while (i < a.size() || j < b.size()) {
    const bool both = i < a.size() && j < b.size();
    if (!long_ones && both && a[i] == b[j]) {
      edits.push_back({' ', a[i++]});
      ++j;
    } else if (i < a.size() &&
               (!both || long_ones || common[(i + 1) * width + j] >= common[i * width + j + 1])) {
      edits.push_back({'-', a[i++]});
    } else {
      edits.push_back({'+', b[j++]});
    }
  }
}

std::vector<Edit> edits_of(Lines a, Lines b) {
  std::vector<Edit> edits, end;
  size_t head = 0;
  while (head < a.size() && head < b.size() && a[head] == b[head])
    edits.push_back({' ', a[head++]});
  while (a.size() > head && b.size() > head && a.back() == b.back()) {
    end.push_back({' ', a.back()});
    a.pop_back();
    b.pop_back();
  }
  const auto skip = static_cast<std::ptrdiff_t>(head);
  edit({a.begin() + skip, a.end()}, {b.begin() + skip, b.end()}, edits);
  edits.insert(edits.end(), end.rbegin(), end.rend());
  return edits;
}

}  // namespace

std::string_view how_name(How how) {
  return how == How::added ? "added" : how == How::changed ? "changed" : "removed";
}

std::vector<Differing> difference(const std::string& before, const std::string& after) {
  const Doc a = from_json(before).value_or(Doc{}), b = from_json(after).value_or(Doc{});
  std::vector<Differing> found;
  for (const auto& [kind, part] :
       {std::pair{"flow", "flows"}, std::pair{"file", "files"}, std::pair{"plugin", "plugins"}})
    compare(kind, states(a, part), states(b, part), found);
  return found;
}

std::string line_difference(const std::string& before, const std::string& after) {
  const std::vector<Edit> edits = edits_of(lines_of(before), lines_of(after));
  const auto differs = [](const Edit& one) { return one.sign != ' '; };
  std::string text;
  size_t line_a = 1, line_b = 1;  // of edits[at]
  size_t at = 0;
  const auto pass = [&](const Edit& one) {
    line_a += one.sign != '+';
    line_b += one.sign != '-';
  };
  while (at < edits.size()) {
    const auto from =
        std::find_if(edits.begin() + static_cast<std::ptrdiff_t>(at), edits.end(), differs);
    if (from == edits.end()) break;
    const size_t first = static_cast<size_t>(from - edits.begin());
    const size_t begin = std::max(at, first - std::min(first, kContext));
    size_t last = first;
    for (size_t i = first; i < edits.size() && i <= last + 2 * kContext; ++i)
      if (differs(edits[i])) last = i;
    const size_t end = std::min(edits.size(), last + kContext + 1);
    for (; at < begin; ++at) pass(edits[at]);
    const size_t from_a = line_a, from_b = line_b;
    std::string hunk;
    for (; at < end; ++at) {
      hunk += fmt::format("{}{}\n", edits[at].sign, edits[at].line);
      pass(edits[at]);
    }
    text += fmt::format("@@ -{},{} +{},{} @@\n", from_a, line_a - from_a, from_b, line_b - from_b);
    text += hunk;
  }
  return text;
}

}  // namespace relance
