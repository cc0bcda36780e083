// fetch: reads the customer from the CRM, or an object from a connector. `missing` when there is no
// such record or a needed field has neither value nor default; what there is, is there.
#include "core/run/profile.h"
#include "core/run/reading.h"
#include "core/run/steps/kinds.h"

namespace relance::steps {
namespace {

constexpr int kMostReads = 5;

bool has(DocView record, const std::string& field) {
  const DocView value = record.find(field);
  return !value.is_null() && !value.text().value_or("x").empty();
}

// The source's record with the flow's defaults under it: an empty field counts as none.
Doc with_defaults(DocView record, const Doc& defaults) {
  std::vector<std::pair<std::string, Doc>> fields;
  for (const auto& [key, value] : defaults.view().items())
    fields.emplace_back(std::string(key), Doc(value));
  for (const auto& [key, value] : record.items())
    if (has(record, std::string(key))) fields.emplace_back(std::string(key), Doc(value));
  return Doc::record(fields);
}

class Fetch final : public StepLogic {
  static const FetchStep& body(const StepCase& c) { return std::get<FetchStep>(c.step().body); }

  static void ask(const StepCase& c) {
    const FetchStep& fetch = body(c);
    ask_read(c, fetch.from, fetch.what, fetch.by, "fetch");
  }

  void begin(const StepCase& c) const override { ask(c); }
  void due(const StepCase& c) const override { ask(c); }
  void again(const StepCase& c) const override { ask(c); }

  void read(const StepCase& c, const OperationResult& result) const override {
    const FetchStep& fetch = body(c);
    if (result.status == OperationStatus::not_now || result.status == OperationStatus::unknown) {
      StepState next = c.copy();
      if (++next.try_no >= kMostReads) return c.end("failed", result.reason);
      const Instant again = c.worker.now() + minutes(1) * (int64_t{1} << next.try_no);
      next.phase = Phase::waiting;
      next.wake_at = result.again_at.is_never() ? again : std::max(again, result.again_at);
      return c.move(std::move(next));
    }
    const bool found = result.status == OperationStatus::done;
    if (!is_answer(result)) return c.end("failed", result.reason);
    const Doc data = with_defaults(result.data, fetch.defaults);
    if (fetch.from == "crm" && fetch.what.empty()) take_profile(c.worker, data);
    if (!found) return c.end("missing", "no record", data);
    for (const std::string& field : fetch.need)
      if (!has(data, field)) return c.end("missing", "no " + field, data);
    c.end("found", "", data);
  }
};

}  // namespace

const StepLogic& fetch() {
  static const Fetch logic;
  return logic;
}

}  // namespace relance::steps
