#include "admin/funnel.h"

#include <fmt/format.h>

#include "admin/tally.h"
#include "core/customer/pause.h"

namespace relance {
namespace {

constexpr const char* kBy[] = {"retry", "email", "sms", "voice", "human", "self"};
constexpr const char* kRuns[] = {"started", "goal",    "completed", "stopped", "expired",
                                 "failed",  "waiting", "excluded",  "holdout"};

void count_touch(Funnel& funnel, const TouchRow& row) {
  if (!row.touch.reaches_customer()) return;
  Funnel::Channel& channel = funnel.touches[row.touch.channel];
  if (row.verdict == "held") {
    ++channel.held;
  } else if (row.verdict != "sent") {
    ++channel.denied;
  } else if (row.touch.state == TouchState::done) {
    ++(row.touch.outcome == "failed" ? channel.failed : channel.sent);
    channel.cost_micro += row.touch.cost_micro;
    if (row.touch.cost_currency) channel.cost_currency = row.touch.cost_currency;
    if (row.touch.cost_currency)
      funnel.cost_micro[std::string(row.touch.cost_currency.text())] += row.touch.cost_micro;
  } else {
    ++channel.unknown;
  }
}

}  // namespace

Funnel make_funnel(const Casebook& book) {
  Funnel funnel;
  funnel.events.accepted = book.events;
  for (const char* name : kRuns) funnel.runs[name] = 0;
  std::map<Key, std::string> kinds;
  for (const TouchRow& row : book.touches) {
    count_touch(funnel, row);
    if (row.verdict == "sent") kinds[row.touch.key] = row.touch.channel_kind;
  }
  for (const NotStartedRow& row : book.not_started)
    ++funnel.runs[std::string(run_end_name(row.how))];
  for (const RunRow& run : book.runs) {
    ++funnel.runs["started"];
    const bool ended = !run.ended_at.is_never();
    ++funnel.runs[ended ? run.status : "waiting"];
    if (!run.amount.currency) continue;
    Funnel::Recovered& recovered = funnel.recovered[std::string(run.amount.currency.text())];
    if (run.status != "goal") {
      ++recovered.open_count;
      recovered.open_minor += run.amount.minor;
      continue;
    }
    const std::string by = credited_kind(run, kinds);
    ++recovered.count;
    recovered.amount_minor += run.amount.minor;
    ++recovered.by[by];
    recovered.amount_minor_by[by] += run.amount.minor;
  }
  for (const auto& [number, pause] : book.pauses) funnel.pauses.push_back(pause);
  funnel.from = book.from;
  funnel.to = book.to;
  return funnel;
}

std::string funnel_json(const Funnel& funnel, const FunnelEnd& end) {
  const auto number = [](uint64_t v) { return Doc::integer(static_cast<int64_t>(v)); };
  std::vector<std::pair<std::string, Doc>> runs, touches;
  for (const auto& [name, count] : funnel.runs) runs.emplace_back(name, number(count));
  for (const auto& [name, c] : funnel.touches) {
    touches.emplace_back(name, Doc::record({{"sent", number(c.sent)},
                                            {"failed", number(c.failed)},
                                            {"unknown", number(c.unknown)},
                                            {"denied", number(c.denied)},
                                            {"held", number(c.held)}}));
  }
  std::vector<Doc> recovered, cost;
  for (const auto& [currency, r] : funnel.recovered) {
    std::vector<std::pair<std::string, Doc>> by;
    for (const char* name : kBy)
      by.emplace_back(name, number(r.by.contains(name) ? r.by.at(name) : 0));
    recovered.push_back(Doc::record({{"currency", Doc::text(currency)},
                                     {"count", number(r.count)},
                                     {"amount_minor", Doc::integer(r.amount_minor)},
                                     {"by", Doc::record(by)}}));
  }
  for (const auto& [currency, micro] : funnel.cost_micro) {
    const Currency known = Currency::parse(currency).value_or({});
    int64_t per_minor = 1'000'000;
    for (int i = 0; i < known.exponent(); ++i) per_minor /= 10;
    cost.push_back(Doc::record(
        {{"currency", Doc::text(currency)}, {"amount_minor", Doc::integer(micro / per_minor)}}));
  }
  Doc all = Doc::record({{"events", Doc::record({{"accepted", number(funnel.events.accepted)},
                                                 {"duplicate", number(funnel.events.duplicate)},
                                                 {"rejected", number(funnel.events.rejected)}})},
                         {"runs", Doc::record(runs)},
                         {"touches", Doc::record(touches)},
                         {"recovered", Doc::list(recovered)},
                         {"cost", Doc::list(cost)},
                         {"clock", Doc::record({{"from", Doc::instant(funnel.from)},
                                                {"to", Doc::instant(funnel.to)}})},
                         {"elapsed_s", Doc::number(end.elapsed_s)},
                         {"journal_hash", Doc::text(end.journal_hash)}});
  if (funnel.pauses.empty()) return to_json(all);
  std::vector<Doc> pauses;
  for (const Pause& pause : funnel.pauses) pauses.push_back(to_doc(pause));
  return to_json(Doc::merged(all, Doc::record({{"pauses", Doc::list(pauses)}})));
}

}  // namespace relance
