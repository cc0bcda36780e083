#include "cli/moves.h"

#include <fmt/format.h>

namespace relance::cli {
namespace {

std::string_view text_in(DocView record, std::string_view field) {
  return record.find(field).text().value_or("");
}

int64_t number_in(DocView record, std::string_view field) {
  return record.find(field).integer().value_or(0);
}

std::string_view words_of(std::string_view what) {
  if (what == "clean") return "would move cleanly";
  if (what == "would_skip") return "would skip a step";
  if (what == "would_lose") return "would lose a value";
  if (what == "would_repeat") return "would repeat a contact";
  if (what == "needs_mapping") return "need a mapping (`was`)";
  return "in the middle of an effect";
}

std::string next_of(DocView next) {
  const std::string_view at = text_in(next, "at");
  if (text_in(next, "step").empty()) return "events only";
  return fmt::format("{}{}", text_in(next, "step"), at.empty() ? "" : fmt::format(" at {}", at));
}

}  // namespace

void print_moves(DocView runs) {
  for (const auto& [key, flow] : runs.items()) {
    if (number_in(flow, "pinned") == 0) continue;
    fmt::print("{}: {} runs stay on their version; moved, of them\n", text_in(flow, "flow"),
               number_in(flow, "pinned"));
    for (const auto& [what, group] : flow.find("classes").items()) {
      fmt::print("  {:>7}  {}\n", number_in(group, "count"), words_of(what));
      for (const auto& [index, one] : group.find("examples").items()) {
        const std::string_view why = text_in(one, "why");
        fmt::print("           {} of {}: {}{}{} -> {}\n", text_in(one, "run").substr(0, 6),
                   text_in(one, "customer"), why, why.empty() ? "" : "; ",
                   next_of(one.find("before")), next_of(one.find("after")));
      }
    }
  }
}

}  // namespace relance::cli
