// What came back: per flow, mix of channels, channel, cohort; what is open; against those held out.
#include <set>

#include "admin/tally.h"

namespace relance {
namespace {

using Row = std::vector<Figure>;

struct Sums {
  Share share;
  int64_t entered_minor = 0, recovered_minor = 0, open_minor = 0;

  void add(const Case& one) {
    const int64_t minor = one.run->amount.minor;
    ++share.whole;
    entered_minor += minor;
    if (one.recovered()) {
      ++share.part;
      recovered_minor += minor;
    } else if (one.open()) {
      open_minor += minor;
    }
  }
};

Sheet flows(const std::vector<Case>& cases) {
  std::map<std::pair<std::string, Currency>, Sums> sums;
  for (const Case& one : cases) sums[{one.run->flow, one.run->amount.currency}].add(one);
  Sheet sheet{"flows",
              {"flow", "currency", "runs", "recovered", "rate", "low", "high", "entered_amount",
               "recovered_amount", "open_amount", "lost_amount"},
              {}};
  for (const auto& [key, s] : sums) {
    const auto& [flow, currency] = key;
    Row row = {words(flow), words(currency.text()), count(s.share.whole), count(s.share.part)};
    add_interval(row, s.share);
    for (const int64_t minor : {s.entered_minor, s.recovered_minor, s.open_minor,
                                s.entered_minor - s.recovered_minor - s.open_minor})
      row.push_back(amount(minor, currency));
    sheet.rows.push_back(std::move(row));
  }
  return sheet;
}

Sheet mixes(const std::vector<Case>& cases) {
  std::map<std::pair<std::string, std::string>, Share> shares;
  for (const Case& one : cases) {
    Share& share = shares[{one.run->flow, one.mix()}];
    ++share.whole;
    share.part += one.recovered();
  }
  Sheet sheet{"mixes", {"flow", "channels", "runs", "recovered", "rate", "low", "high"}, {}};
  for (const auto& [key, share] : shares) {
    Row row = {words(key.first), words(key.second), count(share.whole), count(share.part)};
    add_interval(row, share);
    sheet.rows.push_back(std::move(row));
  }
  return sheet;
}

// A run is caught by the last kind of channel that joined in before it recovered.
Sheet funnel(const std::vector<Case>& cases) {
  struct Stage {
    Share caught;
    uint64_t places = 0;  // sum over runs: first, second, ... kind of the run
  };
  std::map<std::string, std::map<std::string, Stage>> flows;
  for (const Case& one : cases) {
    auto& stages = flows[one.run->flow];
    Stage& all = stages[""];
    ++all.caught.whole;
    all.caught.part += one.recovered() && one.kinds.empty();
    for (size_t n = 0; n < one.kinds.size(); ++n) {
      Stage& stage = stages[one.kinds[n]];
      ++stage.caught.whole;
      stage.places += n + 1;
      stage.caught.part += one.recovered() && n + 1 == one.kinds.size();
    }
  }
  Sheet sheet{"funnel", {"flow", "channel", "entered", "recovered", "remaining"}, {}};
  for (const auto& [flow, stages] : flows) {
    std::multimap<double, std::string> order;  // by the mean place; equal ones by name
    for (const auto& [kind, stage] : stages)
      order.emplace(static_cast<double>(stage.places) / static_cast<double>(stage.caught.whole),
                    kind);
    for (const auto& [place, kind] : order) {
      const Share& caught = stages.at(kind).caught;
      sheet.rows.push_back({words(flow), words(kind.empty() ? "none" : kind), count(caught.whole),
                            count(caught.part), count(caught.whole - caught.part)});
    }
  }
  return sheet;
}

Sheet credit(const std::vector<Case>& cases) {
  std::map<std::tuple<std::string, std::string, Currency>, Sums> sums;
  for (const Case& one : cases)
    if (one.recovered()) sums[{one.run->flow, one.by, one.run->amount.currency}].add(one);
  Sheet sheet{"credit", {"flow", "by", "currency", "runs", "amount"}, {}};
  for (const auto& [key, s] : sums) {
    const auto& [flow, by, currency] = key;
    sheet.rows.push_back({words(flow), words(by), words(currency.text()), count(s.share.part),
                          amount(s.recovered_minor, currency)});
  }
  return sheet;
}

Sheet cohorts(const std::vector<Case>& cases) {
  std::map<std::tuple<std::string, std::string, Currency>, Sums> sums;
  for (const Case& one : cases) {
    if (!one.run->amount.currency) continue;
    sums[{one.run->flow, week_of(one.run->started_at), one.run->amount.currency}].add(one);
  }
  Sheet sheet{
      "cohorts",
      {"flow", "week", "currency", "runs", "recovered", "recovered_amount", "remaining_amount"},
      {}};
  for (const auto& [key, s] : sums) {
    const auto& [flow, week, currency] = key;
    sheet.rows.push_back({words(flow), words(week), words(currency.text()), count(s.share.whole),
                          count(s.share.part), amount(s.recovered_minor, currency),
                          amount(s.entered_minor - s.recovered_minor, currency)});
  }
  return sheet;
}

Sheet open_amounts(const std::vector<Case>& cases) {
  std::map<std::tuple<std::string, std::string, Currency>, Sums> sums;
  for (const Case& one : cases)
    if (one.open() && one.run->amount.currency)
      sums[{one.run->flow, one.run->segment, one.run->amount.currency}].add(one);
  Sheet sheet{"open", {"flow", "segment", "currency", "runs", "amount"}, {}};
  for (const auto& [key, s] : sums) {
    const auto& [flow, segment, currency] = key;
    sheet.rows.push_back({words(flow), words(segment.empty() ? "-" : segment),
                          words(currency.text()), count(s.share.whole),
                          amount(s.open_minor, currency)});
  }
  return sheet;
}

// A later event about a key that is held out is the same case, as it would be for a run.
Sheet holdout(const Casebook& book, const std::vector<Case>& cases, Instant since) {
  std::map<std::string, Share> held_out, treated;
  std::map<std::tuple<std::string, Key, std::string>, bool> seen;  // came back?
  for (const NotStartedRow& row : book.not_started)
    if (row.how == RunEnd::holdout && row.at >= since)
      seen[{row.flow, row.customer, row.key}] |= row.came_back;
  for (const auto& [key, came_back] : seen) {
    Share& share = held_out[std::get<0>(key)];
    ++share.whole;
    share.part += came_back;
  }
  for (const Case& one : cases) {
    Share& share = treated[one.run->flow];
    ++share.whole;
    share.part += one.recovered();
  }
  Sheet sheet{"holdout",
              {"flow", "runs", "gross_rate", "held_out", "came_back", "rate_held_out",
               "incremental_rate", "low", "high", "incremental_runs"},
              {}};
  for (const auto& [flow, other] : held_out) {
    const Share& own = treated[flow];
    const Difference more = difference(own, other);
    const double runs = more.value * static_cast<double>(own.whole);
    sheet.rows.push_back({words(flow), count(own.whole), percent(own), count(other.whole),
                          count(other.part), percent(other), percent(more.value), percent(more.low),
                          percent(more.high), number(runs)});
  }
  return sheet;
}

}  // namespace

Report recovery_report(const Casebook& book, Instant since) {
  std::vector<Case> cases = cases_of(book, since);
  std::erase_if(cases, [](const Case& one) { return !one.run->has_goal; });
  return {"recovery",
          since,
          book.to,
          {flows(cases), mixes(cases), funnel(cases), credit(cases), cohorts(cases),
           open_amounts(cases), holdout(book, cases, since)}};
}

}  // namespace relance
