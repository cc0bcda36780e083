#include "core/run/reading.h"

#include "core/run/profile.h"

namespace relance {
namespace {

constexpr std::string_view kCustomer = "customer";
constexpr std::string_view kCrm = "crm";

}  // namespace

void ask_read(const StepCase& c, std::string_view connector, std::string_view what,
              std::string_view by, std::string_view why) {
  StepState next = c.copy();
  Read read;
  read.customer = c.worker.customer().id;
  read.connector = connector;
  read.what = what;
  read.subject = c.worker.subject();
  if (!by.empty()) {
    const std::string path =
        by.find('.') == std::string_view::npos ? "event." + std::string(by) : std::string(by);
    const View view = c.view();
    const DocView value = view.find(path).first;
    read.by = value.text() ? std::string(*value.text()) : to_json(value);
  }
  read.operation = derive_key({c.worker.context().installation, c.run_id.view(), c.step().name,
                               "read", std::to_string(c.worker.customer().entries), why});
  next.phase = Phase::reading;
  next.touch = read.operation;
  next.word = why;
  next.wake_at = Instant::never();
  c.move(std::move(next));
  c.worker.ask(std::move(read));
}

bool read_customer_first(const StepCase& c) {
  if (!c.worker.customer().profile.empty() || !c.worker.rules().connector(kCrm)) return false;
  ask_read(c, kCrm, "", "", kCustomer);
  return true;
}

bool awaits_customer(const StepState& state) {
  return state.phase == Phase::reading && state.word == kCustomer;
}

bool take_customer(const StepCase& c, const OperationResult& result) {
  if (!is_answer(result)) return false;
  const bool known = result.status == OperationStatus::done && !result.data.is_null();
  take_profile(c.worker, known ? result.data : Doc::empty_record());
  return true;
}

}  // namespace relance
