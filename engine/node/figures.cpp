#include "node/figures.h"

#include <algorithm>

namespace relance {

void Delays::add(Duration delay) {
  const int64_t ms = std::max<int64_t>(delay.ms, 0);
  const auto bound = std::lower_bound(kBoundsMs.begin(), kBoundsMs.end(), ms);
  ++counts_[static_cast<size_t>(bound - kBoundsMs.begin())];
  total_ms_ += static_cast<uint64_t>(ms);
}

void Figures::count(const Decision& decision, const Customer& customer) {
  for (const Money& amount : decision.recovered)
    recovered_minor.of(amount.currency.text()) += amount.minor;
  for (const Record& record : decision.entry.records) {
    if (const auto* judged = std::get_if<TouchJudged>(&record))
      count(*judged);
    else if (const auto* intended = std::get_if<TouchIntended>(&record))
      ++channels.of(intended->touch.channel).intended;
    else if (const auto* settled = std::get_if<TouchSettled>(&record))
      count(*settled, customer);
    else if (const auto* started_run = std::get_if<RunStarted>(&record))
      ++started.of(started_run->flow);
    else if (const auto* ending = std::get_if<RunEnding>(&record))
      ++ended_[static_cast<size_t>(ending->how)];
    else if (const auto* held = std::get_if<RunHeld>(&record))
      runs_held += held->held ? 1 : 0;
  }
}

void Figures::count(const TouchJudged& record) {
  const auto verdict = record.verdict == "held"   ? Verdict::held
                       : record.verdict == "late" ? Verdict::late
                                                  : Verdict::denied;
  Reason reason = Reason::none;
  if (!reason_from(record.reason, reason)) return;
  ++judged_[static_cast<size_t>(verdict)][static_cast<size_t>(reason)];
}

// A touch's cost is final with its outcome.
void Figures::count(const TouchSettled& record, const Customer& customer) {
  const Touch* touch = customer.find_touch(record.key);
  if (!touch) return;
  ChannelFigures& channel = channels.of(touch->channel);
  switch (record.state) {
    case TouchState::intended: return;
    case TouchState::unknown: ++channel.unknown; return;
    case TouchState::parked: ++channel.parked; return;
    case TouchState::done: break;
  }
  ++(record.outcome == "failed" ? channel.failed : channel.done);
  if (record.cost_currency) channel.cost_micro.of(record.cost_currency.text()) += record.cost_micro;
}

}  // namespace relance
