// await: for an event of this run. Without `after` it sees the run's past too, the start event
// included; with `after` only what comes from then on.
#include "core/run/steps/kinds.h"

namespace relance::steps {
namespace {

class Await final : public StepLogic {
  static const AwaitStep& body(const StepCase& c) { return std::get<AwaitStep>(c.step().body); }

  // nullopt: the filter failed, and the step with it.
  static std::optional<bool> fits(const StepCase& c, std::string_view type, DocView data) {
    for (const EventPattern& pattern : body(c).events) {
      if (pattern.type != type) continue;
      if (!pattern.where) return true;
      const auto yes = c.worker.rules().where(c.flow, pattern.where, data);
      if (!yes) {
        c.fail(yes.error());
        return std::nullopt;
      }
      if (*yes) return true;
    }
    return false;
  }

  static bool arrived(const StepCase& c, std::string_view type, DocView data) {
    const auto yes = fits(c, type, data);
    if (yes && *yes) c.end("arrived", type, Doc(data));
    return !yes || *yes;
  }

  void begin(const StepCase& c) const override {
    if (c.step().after.kind == After::Kind::none) {
      const Run run = c.run();
      if (arrived(c, run.event_type, c.worker.open(run.event))) return;
      for (const SeenEvent& seen : run.past)
        if (arrived(c, seen.type, c.worker.open(seen.data))) return;
    }
    const auto& within = body(c).within;
    c.wait_until(within ? c.worker.now() + *within : Instant::never());
  }

  void due(const StepCase& c) const override { c.end("expired"); }

  void event(const StepCase& c, const EventTaken& event, DocView data) const override {
    arrived(c, event.type, data);
  }
};

}  // namespace

const StepLogic& await() {
  static const Await logic;
  return logic;
}

}  // namespace relance::steps
