#include "core/graph/ladder.h"

#include <fmt/format.h>

namespace relance {
namespace {

std::string amount(const ChannelCost& cost) {
  return fmt::format("{:.4f} {}", static_cast<double>(cost.micro) / 1e6, cost.currency.text());
}

}  // namespace

std::vector<Finding> check_ladders(
    const Flow& flow, const std::function<std::optional<ChannelCost>(std::string_view)>& cost_of) {
  std::vector<Finding> findings;
  for (const Step& step : flow.steps) {
    const auto* send = std::get_if<SendStep>(&step.body);
    if (!send) continue;
    const SendChannel* below = nullptr;
    std::optional<ChannelCost> least;
    for (const SendChannel& rung : send->channels) {
      const auto cost = cost_of(rung.via);
      if (!cost) continue;
      const bool down = least && least->currency == cost->currency && cost->micro < least->micro;
      if (down)
        findings.push_back({Severity::warning,
                            {Code::dear_first,
                             fmt::format("step '{}' tries '{}' ({}) before '{}' ({})", step.name,
                                         below->via, amount(*least), rung.via, amount(*cost)),
                             {flow.file, step.line},
                             "name the cheaper channel first"}});
      below = &rung;
      least = cost;
    }
  }
  return findings;
}

}  // namespace relance
