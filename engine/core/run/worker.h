// Worker: one call of decide() at work. It is the only way to write a record or to ask for an
// effect, so a record is always applied the moment it is written and what a step sees next is what
// the store will hold.
//
// Threads: one. Lifetime: one decide() call.
#pragma once

#include <string_view>

#include "core/run/context.h"
#include "core/run/input.h"
#include "core/state/apply.h"
#include "core/state/opened.h"

namespace relance {

class Worker {
 public:
  Worker(Customer& customer, const Context& context, Decision& decision);

  Customer& customer() { return customer_; }
  const Context& context() const { return context_; }
  const Rules& rules() const { return context_.rules; }
  // Of a run that may move; nullptr: there is none, or it is held.
  const Flow* flow_of(const Run* run) const {
    return run && !run->held ? rules().flow(run->version) : nullptr;
  }
  Instant now() const { return context_.now; }

  void write(Record record);
  void ask(Effect effect) { decision_.effects.push_back(std::move(effect)); }

  // The customer answered a contact of his: TouchAnswered, the first time.
  void answered(const Key& touch, Instant at);

  // Records the decision's facts for `explain`. Facts are derived values: amounts, classes, zones,
  // counts.
  void explain(const Key& run, StepIndex step, std::string_view what, std::string_view choice,
               Doc facts);
  // The same for something that went wrong: a function that failed, amounts nobody can compare.
  void explain_error(const Key& run, StepIndex step, const Error& error);

  Sealed seal(const Doc& doc) const { return relance::seal(customer_.id, doc.bytes()); }
  // Null where there is nothing. Good as long as the Worker.
  DocView open(const Sealed& sealed) const { return openings_.open(sealed); }
  DocView profile() const { return open(customer_.profile); }
  Openings& openings() const { return openings_; }
  std::string subject() const;

  // The entry's event, from its EventTaken on.
  const EventTaken* event() const;

  Decision& decision() { return decision_; }

 private:
  Customer& customer_;
  const Context& context_;
  Decision& decision_;
  mutable Openings openings_;
  size_t event_at_ = SIZE_MAX;  // index of EventTaken among the records
};

}  // namespace relance
