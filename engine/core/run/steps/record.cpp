// record: a fact to CRM and run, exactly once. The write has a key; a CRM that is down delays it
// and loses nothing.
#include "core/run/freeze.h"
#include "core/run/steps/kinds.h"
#include "core/run/steps/operation.h"

namespace relance::steps {
namespace {

class RecordFact final : public StepLogic {
  void begin(const StepCase& c) const override {
    const auto& record = std::get<RecordStep>(c.step().body);
    const auto data = data_of(c, record.data);
    if (!data) return c.fail(data.error());
    c.worker.explain(c.run_id, c.index, "record", record.what, {});
    if (!c.worker.rules().connector("crm")) return c.end("written", "no crm", *data);
    StepState next = c.copy();
    next.data = c.worker.seal(*data);
    c.move(std::move(next));
    start_operation(c, "crm", record.what, *data, {}, "record");
  }

  void settled(const StepCase& c, const Touch&, const OperationResult& result) const override {
    if (c.state()->phase != Phase::ended) c.end("written", result.reason);
  }
};

}  // namespace

const StepLogic& record() {
  static const RecordFact logic;
  return logic;
}

}  // namespace relance::steps
