// How often customers were contacted, answered and objected; what was not sent, and why.
#include <algorithm>

#include "admin/tally.h"

namespace relance {
namespace {

using Row = std::vector<Figure>;

constexpr size_t kMostBlocked = 20;

bool counts(const TouchRow& row, Instant since) {
  return row.at >= since && row.touch.what == TouchWhat::message && !row.touch.of_customer();
}
bool contact(const TouchRow& row, Instant since) { return counts(row, since) && has_left(row); }

// Everybody with a run or a contact in the time: also who was contacted never.
Sheet per_customer(const Casebook& book, Instant since) {
  std::map<Key, uint64_t> contacts;
  for (const RunRow& run : book.runs)
    if (run.started_at >= since) contacts[run.customer];
  for (const TouchRow& row : book.touches)
    if (contact(row, since)) ++contacts[row.customer];
  std::map<uint64_t, Share> shares;
  for (const auto& [customer, n] : contacts) ++shares[n].part;
  Sheet sheet{"per_customer", {"contacts", "customers", "share"}, {}};
  for (auto& [n, share] : shares) {
    share.whole = contacts.size();
    sheet.rows.push_back({count(n), count(share.part), percent(share)});
  }
  return sheet;
}

// One touch is asked about again and again while it is held: it counts once a reason.
Sheet blocked(const Casebook& book, Instant since) {
  struct Blocked {
    uint64_t put_off = 0, refused = 0;
  };
  using Try = std::tuple<Key, StepIndex, uint8_t, std::string>;
  std::map<Try, bool> tries;  // refused in the end?
  std::map<Try, const TouchRow*> rows;
  for (const TouchRow& row : book.touches) {
    if (!counts(row, since) || row.verdict == "sent") continue;
    const Try one{row.touch.run, row.touch.step, row.touch.try_no, row.reason};
    tries[one] |= row.verdict != "held";
    rows.try_emplace(one, &row);
  }
  std::map<std::tuple<std::string, std::string, std::string>, Blocked> sums;
  for (const auto& [one, refused] : tries) {
    const TouchRow& row = *rows[one];
    Blocked& sum = sums[{row.touch.flow.str(), row.touch.channel.str(), row.reason}];
    ++(refused ? sum.refused : sum.put_off);
  }
  std::vector<std::pair<std::tuple<std::string, std::string, std::string>, Blocked>> top(
      sums.begin(), sums.end());
  std::stable_sort(top.begin(), top.end(), [](const auto& a, const auto& b) {
    return a.second.put_off + a.second.refused > b.second.put_off + b.second.refused;
  });
  if (top.size() > kMostBlocked) top.resize(kMostBlocked);
  Sheet sheet{"blocked", {"flow", "channel", "reason", "put_off", "refused"}, {}};
  for (const auto& [key, sum] : top) {
    const auto& [flow, channel, reason] = key;
    sheet.rows.push_back(
        {words(flow), words(channel), words(reason), count(sum.put_off), count(sum.refused)});
  }
  return sheet;
}

Sheet responses(const Casebook& book, Instant since) {
  std::map<std::pair<std::string, std::string>, Share> shares;
  for (const TouchRow& row : book.touches) {
    if (!contact(row, since)) continue;
    Share& share = shares[{row.touch.channel_kind.str(), week_of(row.at)}];
    ++share.whole;
    share.part += !row.answered_at.is_never();
  }
  Sheet sheet{"responses", {"channel", "week", "contacts", "answered", "rate", "low", "high"}, {}};
  for (const auto& [key, share] : shares) {
    Row row = {words(key.first), words(key.second), count(share.whole), count(share.part)};
    add_interval(row, share);
    sheet.rows.push_back(std::move(row));
  }
  return sheet;
}

Sheet objections(const Casebook& book, Instant since) {
  struct Sums {
    Share complaints, opt_outs;
  };
  std::map<std::string, Sums> flows;
  for (const TouchRow& row : book.touches) {
    if (!contact(row, since)) continue;
    Sums& sums = flows[row.touch.flow.str()];
    ++sums.complaints.whole;
    ++sums.opt_outs.whole;
    sums.complaints.part += row.complained;
    sums.opt_outs.part += row.opted_out;
  }
  Sheet sheet{"objections",
              {"flow", "contacts", "complaints", "complaint_rate", "opt_outs", "opt_out_rate"},
              {}};
  for (const auto& [flow, sums] : flows)
    sheet.rows.push_back({words(flow), count(sums.complaints.whole), count(sums.complaints.part),
                          percent(sums.complaints), count(sums.opt_outs.part),
                          percent(sums.opt_outs)});
  return sheet;
}

}  // namespace

Report contacts_report(const Casebook& book, Instant since) {
  return {"contacts",
          since,
          book.to,
          {per_customer(book, since), blocked(book, since), responses(book, since),
           objections(book, since)}};
}

}  // namespace relance
