// What a kind of step does: one small class a kind (steps/*.cpp), called while its step is at work.
// A logic holds no state; everything it knows stands in the run, and everything it changes goes
// through the Worker.
#pragma once

#include "core/run/view.h"
#include "core/run/worker.h"

namespace relance {

// One step of one run, being worked. References stay good until the next record is written about
// its run.
struct StepCase {
  Worker& worker;
  const Flow& flow;
  Key run_id;
  StepIndex index = kNoStep;

  const Step& step() const { return flow.steps[index]; }
  Run& run() const { return *worker.customer().find_run(run_id); }
  const StepState* state() const { return run().find(index); }
  StepState copy() const;  // of the state; a fresh one, begun now, where there is none
  View view() const {
    return View(worker.customer(), run(), flow, worker.now(), {}, &worker.openings());
  }

  void move(StepState state) const;  // StepMoved
  void end(std::string_view outcome, std::string_view reason = {},
           const Doc& data = {}) const;  // StepEnded
  // A function of the flow failed: the step ends `failed`, or the run does where the kind has no
  // such outcome.
  void fail(const Error& error) const;
  void wait_until(Instant at) const;  // Phase::waiting with that wake
};

class StepLogic {
 public:
  virtual ~StepLogic() = default;

  virtual void begin(const StepCase& c) const = 0;  // its edges let it start and its `when` agreed
  virtual void due(const StepCase&) const {}        // its wake_at has come
  virtual void slot(const StepCase&) const {}       // its lane lets one touch go
  virtual void event(const StepCase&, const EventTaken&, DocView) const {
  }                                                 // an event reached its run
  virtual void refreshed(const StepCase&) const {}  // fields of the run's event changed
  virtual void read(const StepCase&, const OperationResult&) const {}
  virtual void settled(const StepCase&, const Touch&, const OperationResult&) const {
  }                                                                // its touch has an outcome
  virtual void heard(const StepCase&, const HeardInput&) const {}  // a turn of its conversation
  virtual void understood(const StepCase&, const UnderstoodInput&) const {}
  virtual void again(const StepCase&) const {
  }  // after a restart: wants and reads are asked for again
  virtual void cancel(const StepCase&) const {}  // the run is ending: stop what is under way
};

const StepLogic& logic_of(StepKind kind);

}  // namespace relance
