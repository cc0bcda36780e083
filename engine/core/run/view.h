// What a flow's functions, tables and templates may look at: the run, its customer, this instant.
// Read-only, thin: nothing is copied until it is asked for.
//
// Threads: one. Lifetime: customer and run must outlive it and not change while it lives.
#pragma once

#include <forward_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/doc.h"
#include "core/graph/flow.h"
#include "core/state/customer.h"
#include "core/state/opened.h"

namespace relance {

// A question about touches in all flows: `run.touches.last { channel = "voice" }`, `.count { ...
// }`. Empty: any.
struct TouchFilter {
  std::string_view channel, flow, step, outcome;
  std::optional<Instant> since;
};

class View {
 public:
  // `current` is the event being looked at where there is one (a `where` filter), else null.
  // `openings`: where opened blobs are kept, if they are to outlive the View.
  View(const Customer& customer, const Run& run, const Flow& flow, Instant now,
       DocView current = {}, Openings* openings = nullptr)
      : customer_(customer),
        run_(run),
        flow_(flow),
        now_(now),
        current_(current),
        openings_(openings) {}

  const Customer& who() const { return customer_; }
  const Run& run() const { return run_; }
  const Flow& flow() const { return flow_; }
  Instant now() const { return now_; }
  DocView current() const { return current_; }

  DocView event() const;    // data of the first event; its `time` is among the fields
  DocView latest() const;   // data of the last that joined; the first where none did
  DocView profile() const;  // null until it was read
  DocView facts() const;    // what the engine keeps of him (kept_facts.h); null: nothing yet
  DocView step_data(StepIndex step) const;              // a record, possibly empty
  std::string_view step_outcome(StepIndex step) const;  // empty until it ended
  int64_t failures() const;  // distinct failed payment attempts: start, joined, own declines
  double random() const;     // [0, 1), the same for the whole life of the run
  const Touch* last_touch(const TouchFilter& filter) const;
  int64_t count_touches(const TouchFilter& filter) const;
  bool remembers(Memory::Kind kind, std::string_view word) const;

  // A dotted path as in tables and templates: event.*, latest.*, customer.*, facts.*,
  // steps.NAME.outcome, steps.NAME.data.*, failures, now. Null where there is nothing. The second
  // is false when no path of that form can exist.
  std::pair<DocView, bool> find(std::string_view path) const;

 private:
  DocView keep(std::string plain) const;
  DocView opened(const Sealed& sealed) const;
  std::pair<DocView, bool> find_step(std::string_view path) const;

  const Customer& customer_;
  const Run& run_;
  const Flow& flow_;
  Instant now_;
  DocView current_;
  Openings* openings_;
  mutable std::optional<Openings> own_;
  mutable std::forward_list<std::string> kept_;
  mutable std::optional<DocView> event_, latest_, profile_, facts_;
};

}  // namespace relance
