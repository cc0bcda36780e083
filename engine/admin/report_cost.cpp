// What channels and recoveries cost. Currencies are never converted: each has rows of its own.
#include "admin/tally.h"

namespace relance {
namespace {

struct Sums {
  uint64_t runs = 0, recovered = 0;
  int64_t cost_micro = 0, recovered_minor = 0;
};

Figure per_recovery(const Sums& sums, const Currency& currency) {
  return sums.recovered == 0
             ? none()
             : cost(sums.cost_micro / static_cast<int64_t>(sums.recovered), currency);
}

Sheet channels(const Casebook& book, const std::vector<Case>& cases, Instant since) {
  std::map<std::pair<std::string, Currency>, Sums> sums;
  for (const TouchRow& row : book.touches) {
    if (row.at < since || row.verdict != "sent" || !row.touch.reaches_customer()) continue;
    Sums& sum = sums[{row.touch.channel_kind.str(), row.touch.cost_currency}];
    ++sum.runs;
    sum.cost_micro += row.touch.cost_micro;
  }
  for (const Case& one : cases) {
    if (!one.recovered() || !one.run->amount.currency) continue;
    Sums& sum = sums[{one.by, one.run->amount.currency}];
    ++sum.recovered;
    sum.recovered_minor += one.run->amount.minor;
  }
  Sheet sheet{"channels",
              {"channel", "currency", "touches", "cost", "recovered", "recovered_amount",
               "cost_per_recovery"},
              {}};
  for (const auto& [key, sum] : sums) {
    const auto& [kind, currency] = key;
    sheet.rows.push_back({words(kind), words(currency.text()), count(sum.runs),
                          cost(sum.cost_micro, currency), count(sum.recovered),
                          amount(sum.recovered_minor, currency), per_recovery(sum, currency)});
  }
  return sheet;
}

// A run counts in the currency of its amount, and in each other one that it cost money in.
Sheet recoveries(const std::vector<Case>& cases) {
  std::map<std::tuple<std::string, std::string, std::string, Currency>, Sums> sums;
  for (const Case& one : cases) {
    std::map<Currency, int64_t> spent = one.cost_micro;
    if (one.run->amount.currency) spent[one.run->amount.currency];
    for (const auto& [currency, micro] : spent) {
      Sums& sum = sums[{one.run->flow, one.run->segment, one.mix(), currency}];
      ++sum.runs;
      sum.cost_micro += micro;
      if (!one.recovered()) continue;
      ++sum.recovered;
      if (currency == one.run->amount.currency) sum.recovered_minor += one.run->amount.minor;
    }
  }
  Sheet sheet{"recoveries",
              {"flow", "segment", "channels", "currency", "runs", "cost", "recovered",
               "recovered_amount", "cost_per_recovery"},
              {}};
  for (const auto& [key, sum] : sums) {
    const auto& [flow, segment, mix, currency] = key;
    sheet.rows.push_back({words(flow), words(segment.empty() ? "-" : segment), words(mix),
                          words(currency.text()), count(sum.runs), cost(sum.cost_micro, currency),
                          count(sum.recovered), amount(sum.recovered_minor, currency),
                          per_recovery(sum, currency)});
  }
  return sheet;
}

}  // namespace

Report cost_report(const Casebook& book, Instant since) {
  const std::vector<Case> cases = cases_of(book, since);
  return {"cost", since, book.to, {channels(book, cases, since), recoveries(cases)}};
}

}  // namespace relance
