#include "admin/tally.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace relance {
namespace {

constexpr double kZ = 1.959963984540054;  // of the normal distribution, two-sided 95 %

void take_touch(Case& one, const TouchRow& row) {
  const Touch& touch = row.touch;
  if (!touch.reaches_customer()) return;
  if (row.verdict != "sent") {
    one.last_refusal = row.reason;
    return;
  }
  if (touch.cost_currency) one.cost_micro[touch.cost_currency] += touch.cost_micro;
  if (!has_left(row)) return;
  const std::string kind = touch.channel_kind.str();
  if (std::find(one.kinds.begin(), one.kinds.end(), kind) == one.kinds.end())
    one.kinds.push_back(kind);
  if (!touch.is_contact()) return;
  if (one.contacts++ == 0) one.first_contact_at = row.at;
}

double wilson(const Share& share, int side) {
  if (share.whole == 0) return side < 0 ? 0 : 1;
  const double n = static_cast<double>(share.whole), p = share.value(), z2 = kZ * kZ;
  const double middle = p + z2 / (2 * n);
  const double half = kZ * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n));
  return std::clamp((middle + side * half) / (1 + z2 / n), 0.0, 1.0);
}

}  // namespace

std::string Case::mix() const {
  std::vector<std::string> sorted = kinds;
  std::sort(sorted.begin(), sorted.end());
  return sorted.empty() ? "none" : join(sorted, "+");
}

bool has_left(const TouchRow& row) {
  return row.verdict == "sent" &&
         (row.touch.state != TouchState::done || row.touch.outcome != "failed");
}

std::string credited_kind(const RunRow& run, const std::map<Key, std::string>& kinds) {
  if (const auto it = kinds.find(run.by); it != kinds.end()) return it->second;
  return run.handed_off ? "human" : "self";
}

std::vector<Case> cases_of(const Casebook& book, Instant since) {
  std::vector<Case> cases;
  std::map<Key, size_t> by_run;
  for (const RunRow& run : book.runs) {
    if (run.started_at < since) continue;
    by_run[run.run] = cases.size();
    cases.emplace_back().run = &run;
  }
  std::map<Key, std::string> kinds;
  for (const TouchRow& row : book.touches) {
    if (row.verdict == "sent") kinds[row.touch.key] = row.touch.channel_kind.str();
    const auto it = by_run.find(row.touch.run);
    if (it != by_run.end()) take_touch(cases[it->second], row);
  }
  for (Case& one : cases)
    if (one.recovered()) one.by = credited_kind(*one.run, kinds);
  return cases;
}

double Share::value() const {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}
double Share::low() const { return wilson(*this, -1); }
double Share::high() const { return wilson(*this, 1); }

Difference difference(const Share& a, const Share& b) {
  const double p = a.value(), q = b.value();
  return {p - q, p - q - std::hypot(p - a.low(), b.high() - q),
          p - q + std::hypot(a.high() - p, q - b.low())};
}

std::string week_of(Instant at) {
  const Local local = Zone::utc().local(at);
  return format_date({local.date.days - (local.weekday - 1)});
}

Figure words(std::string_view text) { return {std::string(text), Doc::text(text)}; }
Figure count(uint64_t n) {
  return {std::to_string(n), Doc::integer(static_cast<int64_t>(n)), true};
}
Figure number(double n) { return {fmt::format("{:.1f}", n), Doc::number(n), true}; }
Figure percent(double share) {
  return {fmt::format("{:.1f} %", 100 * share), Doc::number(share), true};
}
Figure percent(const Share& share) { return share.whole == 0 ? none() : percent(share.value()); }
Figure amount(int64_t minor, const Currency& currency) {
  if (!currency) return none();
  const std::string text = Money{minor, currency}.text();
  return {text.substr(0, text.rfind(' ')), Doc::integer(minor), true};
}
Figure cost(int64_t micro, const Currency& currency) {
  if (!currency) return none();
  return {fmt::format("{:.3f}", static_cast<double>(micro) / 1e6), Doc::integer(micro), true};
}
Figure moment(Instant at) {
  if (at.is_never()) return none();
  return {format_instant(at), Doc::instant(at)};
}
Figure none() { return {"-", Doc{}, true}; }

void add_interval(std::vector<Figure>& row, const Share& share) {
  row.push_back(percent(share));
  row.push_back(share.whole == 0 ? none() : percent(share.low()));
  row.push_back(share.whole == 0 ? none() : percent(share.high()));
}

}  // namespace relance
