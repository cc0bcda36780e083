// What became of everybody who should have been asked; what needed a person; the first delay.
#include <algorithm>
#include <set>

#include "admin/tally.h"

namespace relance {
namespace {

using Row = std::vector<Figure>;

struct Group {
  uint64_t cases = 0;
  Instant first = Instant::never(), last = Instant::beginning();

  void add(Instant at) {
    ++cases;
    if (at.is_never()) return;
    first = std::min(first, at);
    last = std::max(last, at);
  }
};
// state, reason
using Groups = std::map<std::pair<std::string, std::string>, Group>;

std::string why_left_out(const Case& one) {
  if (one.recovered()) return "recovered";
  if (!one.last_refusal.empty()) return one.last_refusal;
  return one.run->reason.empty() ? one.run->status : one.run->reason;
}

void place(const Case& one, Groups& groups) {
  if (one.contacts > 0)
    groups[{"contacted", ""}].add(one.first_contact_at);
  else if (one.open())
    groups[{"waiting", one.run->held.empty() ? one.last_refusal : "held"}].add(
        one.run->next_at.is_never() ? one.run->expire_at : one.run->next_at);
  else
    groups[{"excluded", why_left_out(one)}].add(one.run->ended_at);
}

// Each flow's cases fall into exactly one row; one that never began counts once a key.
Sheet coverage(const Casebook& book, const std::vector<Case>& cases, Instant since) {
  std::map<std::string, Groups> flows;
  std::set<std::tuple<std::string, Key, std::string>> known;
  for (const Case& one : cases) {
    known.insert({one.run->flow, one.run->customer, one.run->key});
    place(one, flows[one.run->flow]);
  }
  for (const NotStartedRow& row : book.not_started)
    if (row.has_goal && row.at >= since && known.insert({row.flow, row.customer, row.key}).second)
      flows[row.flow][{"excluded", row.reason}].add(row.at);
  Sheet sheet{"coverage", {"flow", "state", "reason", "cases", "share", "first", "last"}, {}};
  for (const auto& [flow, groups] : flows) {
    Share share;
    for (const auto& [key, group] : groups) share.whole += group.cases;
    for (const auto& [key, group] : groups) {
      share.part = group.cases;
      const bool dated = !group.first.is_never();
      sheet.rows.push_back({words(flow), words(key.first), words(key.second), count(group.cases),
                            percent(share), moment(group.first),
                            moment(dated ? group.last : Instant::never())});
    }
    share.part = share.whole;
    sheet.rows.push_back(
        {words(flow), words("all"), words(""), count(share.whole), percent(share), none(), none()});
  }
  return sheet;
}

Sheet containment(const std::vector<Case>& cases) {
  struct Sums {
    Share alone;
    Duration person_for;
  };
  std::map<std::string, Sums> flows;
  for (const Case& one : cases) {
    if (one.contacts == 0) continue;
    Sums& sums = flows[one.run->flow];
    ++sums.alone.whole;
    sums.alone.part += !one.run->with_person;
    sums.person_for = sums.person_for + one.run->person_for;
  }
  Sheet sheet{"containment",
              {"flow", "contacted", "without_person", "rate", "low", "high", "person_minutes"},
              {}};
  for (const auto& [flow, sums] : flows) {
    Row row = {words(flow), count(sums.alone.whole), count(sums.alone.part)};
    add_interval(row, sums.alone);
    row.push_back(number(static_cast<double>(sums.person_for.ms) / 60'000));
    sheet.rows.push_back(std::move(row));
  }
  return sheet;
}

// By the reason that the customer gave, else by the word that the contact ended with.
Sheet reasons(const Casebook& book, const std::vector<Case>& cases) {
  std::map<Key, bool> with_person;
  for (const Case& one : cases) with_person[one.run->run] = one.run->with_person;
  std::map<std::pair<std::string, std::string>, Share> shares;
  for (const TouchRow& row : book.touches) {
    const auto run = with_person.find(row.touch.run);
    if (run == with_person.end() || !row.touch.is_contact() || !has_left(row)) continue;
    const auto given = row.data.view().find("reason").text();
    Share& share = shares[{row.touch.flow.str(), std::string(given.value_or(row.touch.outcome))}];
    ++share.whole;
    share.part += !run->second;
  }
  Sheet sheet{"reasons", {"flow", "reason", "contacts", "without_person", "rate"}, {}};
  for (const auto& [key, share] : shares)
    sheet.rows.push_back({words(key.first), words(key.second.empty() ? "open" : key.second),
                          count(share.whole), count(share.part), percent(share)});
  return sheet;
}

// The nearest rank: the smallest delay that at least this share of all does not exceed.
double quantile_s(const std::vector<int64_t>& sorted_ms, double share) {
  const double rank = share * static_cast<double>(sorted_ms.size());
  const auto at = static_cast<size_t>(rank);
  const size_t n = static_cast<double>(at) < rank ? at : at - 1;
  return static_cast<double>(sorted_ms[n]) / 1000;
}

Sheet delays(const Casebook& book, const std::vector<Case>& cases) {
  struct Sums {
    std::vector<int64_t> ms;
    uint64_t late = 0;
  };
  std::map<std::string, Sums> flows;
  std::set<Key> runs;
  for (const Case& one : cases) {
    runs.insert(one.run->run);
    if (one.contacts > 0)
      flows[one.run->flow].ms.push_back((one.first_contact_at - one.run->event_at).ms);
  }
  for (const TouchRow& row : book.touches)
    if (row.verdict == "late" && runs.contains(row.touch.run)) ++flows[row.touch.flow.str()].late;
  Sheet sheet{"delays", {"flow", "contacted", "p50_s", "p99_s", "missed_deadlines"}, {}};
  for (auto& [flow, sums] : flows) {
    std::sort(sums.ms.begin(), sums.ms.end());
    const bool any = !sums.ms.empty();
    sheet.rows.push_back({words(flow), count(sums.ms.size()),
                          any ? number(quantile_s(sums.ms, 0.50)) : none(),
                          any ? number(quantile_s(sums.ms, 0.99)) : none(), count(sums.late)});
  }
  return sheet;
}

}  // namespace

Report coverage_report(const Casebook& book, Instant since) {
  const std::vector<Case> all = cases_of(book, since);
  std::vector<Case> cases = all;
  std::erase_if(cases, [](const Case& one) { return !one.run->has_goal; });
  return {"coverage",
          since,
          book.to,
          {coverage(book, cases, since), containment(all), reasons(book, all), delays(book, all)}};
}

}  // namespace relance
