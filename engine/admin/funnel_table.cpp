// The funnel for a person on a terminal.
#include <fmt/format.h>

#include "admin/funnel.h"

namespace relance {
namespace {

constexpr const char* kBy[] = {"retry", "email", "sms", "voice", "human", "self"};

std::string_view by_words(std::string_view by) {
  if (by == "retry") return "by a payment attempt";
  if (by == "human") return "by a person";
  if (by == "self") return "by themselves";
  if (by == "email") return "after an e-mail";
  if (by == "sms") return "after an SMS";
  return "after a call";
}

// 1234567 minor units -> "12 345.67"
std::string amount(int64_t minor, const Currency& currency) {
  const std::string plain = Money{minor, currency}.text();
  const size_t end = plain.find_first_of(". ");
  std::string digits = plain.substr(0, end);
  for (int at = static_cast<int>(digits.size()) - 3; at > (digits[0] == '-' ? 1 : 0); at -= 3)
    digits.insert(static_cast<size_t>(at), " ");
  return digits + plain.substr(end, plain.rfind(' ') - end);
}

std::string cost(int64_t micro, const Currency& currency) {
  return fmt::format("{:.2f} {}", static_cast<double>(micro) / 1e6, currency.text());
}

class Table {
 public:
  explicit Table(bool colours) : colours_(colours) {}
  void title(std::string_view text) { out_ += "\n" + bold(text) + "\n"; }
  void line(std::string text) { out_ += "  " + std::move(text) + "\n"; }
  std::string take() { return std::move(out_); }
  std::string bold(std::string_view text) const {
    return colours_ ? fmt::format("\x1b[1m{}\x1b[0m", text) : std::string(text);
  }

 private:
  bool colours_;
  std::string out_;
};

void touches(Table& table, const Funnel& funnel) {
  table.title("What was done");
  table.line(fmt::format("{:<10}{:>8}{:>8}{:>9}{:>8}{:>9}{:>14}", "channel", "sent", "failed",
                         "unknown", "denied", "put off", "cost"));
  for (const auto& [name, c] : funnel.touches)
    table.line(fmt::format("{:<10}{:>8}{:>8}{:>9}{:>8}{:>9}{:>14}", name, c.sent, c.failed,
                           c.unknown, c.denied, c.held,
                           c.cost_currency ? cost(c.cost_micro, c.cost_currency) : "-"));
}

void recovered(Table& table, const std::string& name, const Funnel::Recovered& r) {
  const Currency currency = Currency::parse(name).value_or({});
  const uint64_t all = r.count + r.open_count;
  table.title("Came back, " + name);
  table.line(fmt::format("{:<24}{:>8}{:>16}{:>8}", "", "runs", "amount", "share"));
  const auto row = [&](std::string_view what, uint64_t runs, int64_t minor) {
    table.line(
        fmt::format("{:<24}{:>8}{:>16}{:>7.1f}%", what, runs, amount(minor, currency),
                    all ? 100.0 * static_cast<double>(runs) / static_cast<double>(all) : 0.0));
  };
  row("entered", all, r.amount_minor + r.open_minor);
  for (const char* by : kBy)
    if (const auto it = r.by.find(by); it != r.by.end())
      row(by_words(by), it->second, r.amount_minor_by.at(by));
  row("came back", r.count, r.amount_minor);
  row("did not", r.open_count, r.open_minor);
}

}  // namespace

std::string funnel_table(const Funnel& funnel, const FunnelEnd& end, bool colours) {
  Table table(colours);
  const auto runs = [&](const char* name) { return funnel.runs.at(name); };
  table.title(fmt::format("From {} to {}", format_instant(funnel.from), format_instant(funnel.to)));
  table.line(fmt::format("events   {} accepted, {} duplicate, {} rejected", funnel.events.accepted,
                         funnel.events.duplicate, funnel.events.rejected));
  table.line(fmt::format(
      "runs     {} started: {} goal, {} completed, {} stopped, {} expired, {} failed, {} waiting",
      runs("started"), runs("goal"), runs("completed"), runs("stopped"), runs("expired"),
      runs("failed"), runs("waiting")));
  if (runs("excluded") + runs("holdout") > 0)
    table.line(fmt::format("besides  {} excluded, {} held out", runs("excluded"), runs("holdout")));
  for (const Pause& pause : funnel.pauses)
    table.line(fmt::format("{} {}: {} since {}, by {}{}{}", pause.off ? "off" : "paused",
                           pause.number, scope_words(pause), format_instant(pause.since),
                           pause.author, pause.reason.empty() ? "" : ": ", pause.reason));
  touches(table, funnel);
  for (const auto& [currency, r] : funnel.recovered) recovered(table, currency, r);
  table.title("Cost");
  for (const auto& [currency, micro] : funnel.cost_micro) {
    uint64_t count = 0;
    for (const auto& [name, r] : funnel.recovered) count += r.count;
    table.line(
        fmt::format("{} in all, {:.3f} for each run that came back",
                    cost(micro, Currency::parse(currency).value_or({})),
                    count ? static_cast<double>(micro) / 1e6 / static_cast<double>(count) : 0.0));
  }
  table.line(
      fmt::format("worked in {:.2f} s; journal {}", end.elapsed_s, end.journal_hash.substr(0, 16)));
  return table.take();
}

}  // namespace relance
