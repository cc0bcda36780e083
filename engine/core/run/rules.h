// Rules: what a generation of a bundle says, as the core asks for it. Script and plugins implement
// it; the core knows neither. Immutable: one generation, shared by all workers.
//
// Threads: every function may be called from any worker. Blocks: never; functions have an
// instruction and a memory budget. Fails: a function that fails (error, budget, wrong type) is an
// Error with the place in the flow.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/gate/reason.h"
#include "core/graph/contact_rules.h"
#include "core/graph/flow.h"
#include "core/graph/human_queue.h"
#include "core/graph/talk.h"
#include "core/run/view.h"
#include "core/state/touch.h"

namespace relance {

// A channel as the rules know it: from the bundle's entry and the plugin's static tables.
struct Channel {
  std::string name, kind;
  DeliveryClass delivery = DeliveryClass::blind;
  bool can_look_up = false;
  Duration key_window;  // keyed: how long the provider honours a key
  Duration index_lag;   // lookup: how long until a look-up finds what happened
  bool contact = true;  // reaches a person
  bool conversation = false;
  bool context = false;    // is told the run's event, the profile and earlier contacts
  int64_t cost_micro = 0;  // upper bound of one touch
  Currency cost_currency;
  uint64_t effect_hash = 0;            // of plugin build and configuration
  std::vector<std::string> languages;  // BCP 47, that a conversation can be held in; none: any
  bool can_recall = false;             // takes back what was accepted and is not delivered yet
  Duration receipts = days(3);         // so long after a touch news of its delivery may come
  int most_in_flight = 64;             // touches at once
};

struct Connector {
  std::string name;
  DeliveryClass delivery = DeliveryClass::repeatable;  // of its writes
  bool can_look_up = false;
  Duration key_window, index_lag;
  uint64_t effect_hash = 0;
  bool takes_outcomes = false;  // of contacts: its operation kTouchOutcome, or one for any fact
};
constexpr std::string_view kTouchOutcome = "touch_outcome";

// One of several channels that a try may go over, as it stands at this instant.
struct Candidate {
  enum class Stand : uint8_t { allowed, held, denied };
  const Channel* channel = nullptr;
  Stand stand = Stand::allowed;      // what the gate would say now
  Reason reason = Reason::none;      // why not now
  Instant until = Instant::never();  // held: when it is asked again; never: when an event comes
  // What the ledger keeps of this customer's contacts over it, in all flows.
  int sent = 0, answered = 0;
  const Touch* last = nullptr;
};

// What a policy is asked and says. `at`: when may this try leave; `decide`: which outcome;
// `choose`: which channel.
struct PolicyQuestion {
  std::string_view kind;  // at, decide, choose
  StepIndex step = kNoStep;
  int try_no = 1;                          // the try that would leave
  std::vector<Instant> earlier;            // dispatch instants of this step's tries
  Instant not_before;                      // `at`: not before this (gap)
  const Zone* zone = nullptr;              // the customer's
  std::vector<Candidate> candidates = {};  // `choose`: in the order of the step
  std::optional<Instant> deadline = {};    // `choose`: the step's
};
struct PolicyAnswer {
  Instant at;          // kind at
  bool never = false;  // kinds at and choose: no further try; the step ends refused or denied
  std::string choice;  // kinds choose and decide
  std::string reason;
  Doc facts = {};  // a flat record: what its reason rests on; null: nothing
};

// A message made ready: what is frozen with the intent, and what it renders to.
struct TemplateRef {
  std::string name, channel_kind, locale;
};
struct Part {
  std::string role, content_type, text;  // role: subject, text, html, script
};

class Rules {
 public:
  virtual ~Rules() = default;

  virtual uint64_t generation() const = 0;
  virtual const std::string& tenant() const = 0;

  // Any version that still has runs; nullptr: it cannot be loaded, its runs are held and named.
  virtual const Flow* flow(const Key& version) const = 0;
  virtual std::string why_missing(const Key&) const { return "the store does not hold it"; }
  // Active flows, most urgent first.
  virtual std::span<const Flow* const> started_by(std::string_view event_type) const = 0;
  virtual std::span<const Flow* const> active() const = 0;

  // Active flows that start by the absence of this event.
  virtual std::span<const Flow* const> watching(std::string_view event_type) const = 0;
  // Does anything ask what the engine keeps of a customer's orders and reactions
  // (run/kept_facts.h)?
  virtual bool keeps_facts() const = 0;

  // --- functions of flows
  virtual Result<bool> test(const Flow& flow, FunctionRef function, const View& view) const = 0;
  virtual Result<Doc> data(const Flow& flow, FunctionRef function,
                           const View& view) const = 0;  // a record
  virtual Result<std::string> choose(const Flow& flow, FunctionRef function,
                                     const View& view) const = 0;
  virtual Result<bool> where(const Flow& flow, FunctionRef function, DocView event) const = 0;
  virtual Result<PolicyAnswer> policy(std::string_view name, const PolicyQuestion& question,
                                      const View& view) const = 0;
  // Tells one state of a policy (its code and configuration) from another; empty: not known.
  virtual std::string policy_revision(std::string_view) const { return {}; }

  // --- the bundle
  virtual const Channel* channel(std::string_view name) const = 0;
  virtual const Connector* connector(std::string_view name) const = 0;  // "crm" is one
  virtual const ContactRules& contact() const = 0;
  virtual const Zone& zone() const = 0;
  virtual const std::string& locale() const = 0;
  virtual Duration attribution() const {
    return days(7);
  }  // a touch this long before the goal is credited with it
  virtual const HumanQueue* queue(std::string_view name) const = 0;  // nullptr: it is gone
  virtual const std::string& controller() const = 0;  // who answers for the customer's data
  // Is the event about the customer ("customer"), a touch ("touch"), or found by its keys ("")?
  virtual std::string_view about(std::string_view event_type) const = 0;
  virtual const TalkScript* script(const Flow& flow, std::string_view name) const = 0;

  // --- templates. `inputs`: the values a template of today needs, taken from the view and the
  // step's data; a record with member "template" (its hash). What the data says already is not said
  // again. `render` makes the parts again from these two alone, also for a template of an earlier
  // generation. Fails with unknown_template or
  // bad_template.
  virtual Result<Doc> inputs(const TemplateRef& wanted, const View& view, DocView data) const = 0;
  virtual Result<std::vector<Part>> render(DocView inputs, DocView data) const = 0;
  virtual Result<std::string> line(std::string_view script, std::string_view text_id,
                                   std::string_view locale,
                                   DocView inputs) const = 0;  // one text of a conversation
  // What is said before a conversation's own first line: that the caller is a machine. Empty:
  // nothing.
  virtual std::string disclosure(std::string_view script, std::string_view locale,
                                 DocView inputs) const = 0;
};

}  // namespace relance
