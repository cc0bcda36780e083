#include "core/graph/step.h"

#include <algorithm>

namespace relance {
namespace {

void walk(const After& after, bool joins, const std::function<void(const Edge&, bool)>& visit) {
  if (after.kind == After::Kind::edge) visit(after.edge, joins);
  const bool joined = joins || after.kind == After::Kind::all;
  for (const After& part : after.of) walk(part, joined, visit);
}

}  // namespace

std::vector<SendChannel> SendStep::over() const {
  return channels.empty() ? std::vector<SendChannel>{{via, channel_kind}} : channels;
}

bool Step::has_outcome(std::string_view word) const {
  return std::find(outcomes.begin(), outcomes.end(), word) != outcomes.end();
}

void each_edge(const After& after, const std::function<void(const Edge& edge, bool joins)>& visit) {
  walk(after, false, visit);
}

}  // namespace relance
