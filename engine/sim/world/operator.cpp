#include "sim/world/operator.h"

namespace relance {
namespace {

constexpr size_t kMostPauses = 2;
constexpr int64_t kPausesOneIn = 6, kResumesOneIn = 3;  // looks

}  // namespace

bool Operator::work(NodeCore& node, bool last) {
  if (plan_.pauses == 0) return true;
  const auto all = node.pauses();
  for (const Pause& one : all ? all->all() : std::vector<Pause>{})
    if (one.stands() && (last || chance_.one_in(kResumesOneIn))) resume(node, one);
  // Who died before all was let go does it now; who did not does it twice.
  if (all) static_cast<void>(finish_releases(node).ok());
  const bool may = !last && (!all || all->all().size() < kMostPauses);
  if (may && chance_.percent(plan_.pauses) && chance_.one_in(kPausesOneIn)) pause(node);
  return !all;
}

void Operator::pause(NodeCore& node) {
  Pause wanted;
  wanted.author = "somebody";
  const auto flows = rules_.active();
  if (chance_.percent(60)) wanted.flow = flows[chance_.below(flows.size())]->name;
  if (wanted.flow.empty() || chance_.percent(30))
    wanted.channel = chance_.pick(plan_.channels).name;
  wanted.off = !wanted.channel.empty() && chance_.percent(25);
  story_.tell("a pause of " + scope_words(wanted));
  node.command(node.pauses_actor_key(), pause_command(wanted));
}

void Operator::resume(NodeCore& node, const Pause& pause) {
  const auto release = static_cast<Release>(chance_.below(4));
  story_.tell("a pause ends: " + std::string(release_name(release)));
  node.command(node.pauses_actor_key(),
               resume_command({pause.number, release, "somebody", "over"}));
}

}  // namespace relance
