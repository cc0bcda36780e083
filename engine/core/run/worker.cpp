#include "core/run/worker.h"

namespace relance {

Worker::Worker(Customer& customer, const Context& context, Decision& decision)
    : customer_(customer), context_(context), decision_(decision), openings_(customer.id) {
  decision_.entry.customer = customer.id;
  decision_.entry.at = context.now;
  decision_.entry.generation = context.rules.generation();
}

void Worker::write(Record record) {
  auto& records = decision_.entry.records;
  records.push_back(std::move(record));
  if (std::holds_alternative<EventTaken>(records.back())) event_at_ = records.size() - 1;
  apply(customer_, records.back(), {context_.now, event()});
}

const EventTaken* Worker::event() const {
  return event_at_ == SIZE_MAX ? nullptr
                               : &std::get<EventTaken>(decision_.entry.records[event_at_]);
}

void Worker::answered(const Key& key, Instant at) {
  const Touch* touch = customer_.find_touch(key);
  if (touch && touch->is_contact() && touch->answered_s == 0) write(TouchAnswered{key, at});
}

void Worker::explain(const Key& run, StepIndex step, std::string_view what, std::string_view choice,
                     Doc facts) {
  write(Decided{run, step, std::string(what), std::string(choice), std::move(facts)});
}

void Worker::explain_error(const Key& run, StepIndex step, const Error& error) {
  explain(run, step, "error", code_text(error.code),
          Doc::record({{"message", Doc::text(error.text())}}));
}

std::string Worker::subject() const {
  return std::string(open(customer_.subject).find("subject").text().value_or(""));
}

void Decision::clear() {
  entry.records.clear();
  effects.clear();
  recovered.clear();
  duplicate_event = false;
}

}  // namespace relance
