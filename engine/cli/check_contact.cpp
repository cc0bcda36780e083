#include "cli/check_contact.h"

#include <fmt/format.h>

#include "core/gate/packs.h"
#include "node/do_not_call.h"

namespace relance::cli {
namespace {

// A register is to be read again at least every 31 days: 16 CFR 310.4(b)(3)(iv).
constexpr int kMostDaysOld = 31;

std::optional<Finding> too_old(const DoNotCallList& list, Instant now) {
  const Date today = Zone::utc().local(now).date;
  if (list.as_of && today.days - list.as_of->days <= kMostDaysOld) return std::nullopt;
  const std::string problem =
      list.as_of ? fmt::format("is {} days old", today.days - list.as_of->days) : "tells no date";
  return Finding{Severity::warning,
                 {Code::do_not_call_old,
                  "do-not-call file '" + list.file + "' " + problem,
                  {},
                  "fetch it again; its first line says '# as of 2026-11-01'"}};
}

}  // namespace

void print_packs(const ContactRules& rules) {
  for (const Pack* pack : rules.packs) {
    fmt::print("pack {} {} adds {} rules for customers who are, or may be, there:\n", pack->name,
               pack->version, pack->lines.size());
    for (const PackLine& line : pack->lines)
      fmt::print("  {:<6}{:<10}{:<10}{:<10}{}{} ({})\n", line.place, line.purpose, line.kinds,
                 line.rule, line.value,
                 line.since.empty() ? "" : fmt::format(" since {}", line.since), line.source);
  }
}

std::vector<Finding> check_do_not_call(const Bundle& bundle, Instant now, bool print) {
  std::vector<Finding> findings;
  for (const DoNotCallRule& rule : bundle.contact.do_not_call) {
    const auto lists = read_do_not_call({rule}, bundle.directory);
    if (!lists) {
      findings.push_back({Severity::error, lists.error()});
      continue;
    }
    const DoNotCallList& list = (*lists)->front();
    if (auto old = too_old(list, now)) findings.push_back(std::move(*old));
    if (print)
      fmt::print("do-not-call file {}: {} numbers{}\n", list.title(), list.numbers.size(),
                 rule.purpose ? fmt::format(", {} only", purpose_name(*rule.purpose)) : "");
  }
  return findings;
}

}  // namespace relance::cli
