// start_flow: another flow for this customer. Of the own flow and key: this run ends completed, and
// a new one begins in its place, however long the chain.
#include <algorithm>

#include "core/run/advance.h"
#include "core/run/begin_run.h"
#include "core/run/freeze.h"
#include "core/run/steps/kinds.h"

namespace relance::steps {
namespace {

// No type of the catalogue: no event came, a flow began it.
constexpr std::string_view kEventType = "flow.started";

class StartFlow final : public StepLogic {
  static const StartFlowStep& body(const StepCase& c) {
    return std::get<StartFlowStep>(c.step().body);
  }

  static const Flow* target(const StepCase& c) {
    for (const Flow* flow : c.worker.rules().active())
      if (flow->name == body(c).flow) return flow;
    return nullptr;
  }

  // What the step says, and beside it the time and the target's keys as this run knows them.
  static Doc event_data(const StepCase& c, const Flow& flow, const Doc& said) {
    const View view = c.view();
    std::vector<std::pair<std::string, Doc>> fields{{"time", Doc::instant(c.worker.now())}};
    for (const std::string& key : flow.key) {
      const std::string field = key.substr(0, key.find('.'));
      if (const DocView value = view.event().find(field); !value.is_null())
        fields.emplace_back(field, Doc(value));
    }
    return Doc::merged(Doc::record(fields), said);
  }

  void begin(const StepCase& c) const override {
    const Flow* flow = target(c);
    if (!flow) return c.end("refused", "unknown_flow");
    const auto said = data_of(c, body(c).data);
    if (!said) return c.fail(said.error());
    const Doc data = event_data(c, *flow, *said);
    EventTaken event;
    event.type = kEventType;
    event.time = c.worker.now();
    event.data = c.worker.seal(data);
    Entrant entrant{*flow, event, key_hashes(*flow, data)};
    const bool anew = flow->name == c.flow.name && entrant.keys == c.run().keys;
    if (anew) {
      entrant.continues = &c.run();
      entrant.failures = static_cast<uint16_t>(std::clamp<int64_t>(c.view().failures(), 0, 0xffff));
    }
    if (const auto refused = refusal(c.worker, entrant)) {
      c.worker.write(
          RunNotStarted{flow->name, flow->version, refused->how, std::string(refused->reason)});
      return c.end("refused", refused->reason);
    }
    entrant.continues = nullptr;  // the records below move the runs
    Worker& worker = c.worker;
    const Key own = c.run_id;
    const std::string origin = std::string(own.view()) + c.step().name;
    c.end("started");
    if (anew) end_run(worker, own, RunEnd::completed, "goes on as a new run");
    begin_run(worker, std::move(entrant), origin, own);
  }
};

}  // namespace

const StepLogic& start_flow() {
  static const StartFlow logic;
  return logic;
}

}  // namespace relance::steps
