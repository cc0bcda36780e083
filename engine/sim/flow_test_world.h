// One flow test's installation: the real engine (node, store in memory, virtual clock, the bundle's
// rules) among scripted channels, connectors and customers. Its functions are the primitives of
// lua/test/library.lua, without Lua.
//
// Threads: one. Lifetime: bundle and rules are shared, nothing else.
// Fails: with a sentence for the test's author.
#pragma once

#include "script/bundle_rules.h"
#include "sim/flow_test_history.h"
#include "sim/scripted_performer.h"
#include "sim/virtual_drive.h"

namespace relance {

struct FlowTestSetting {
  std::shared_ptr<const Bundle> bundle;
  std::shared_ptr<const Rules> rules;  // of this bundle, perhaps with other contact rules
  Instant start;
  uint64_t seed = 1;
};

class FlowTestWorld final : private Playbook {
 public:
  static Result<std::unique_ptr<FlowTestWorld>> make(FlowTestSetting setting);

  Instant now() const { return clock_.now(); }

  // What the CRM knows of record.id from now on: what is not given is made up, `false` means that
  // there is none. `consents`: a list of {channel, purpose, given}; absent: all.
  Status know(DocView record);

  // Queues the start event of a flow; `type` may be empty where there is one. The handle stands for
  // the run that begins or is joined.
  Result<int> start(std::string_view flow, DocView data, std::string_view type,
                    const std::string& subject);
  Result<const Flow*> flow_of_run(int handle);
  // Queues an event now. With a handle (not 0): about that run, see library.lua.
  Status event(std::string_view type, DocView data, const std::string& subject, int handle);
  Status script(int handle, ScriptedSide side, std::string_view name, std::string_view op,
                DocView answers);
  // To the next instant at which anything is due (now, where something is queued), at most to
  // `limit`; does all that is due there.
  Result<Instant> step(Instant limit);

  Result<std::vector<int>> runs(std::string_view flow);  // empty: of all flows
  Result<Doc> view(int handle);                          // null: no run began
  Status resolve(int handle, std::string_view step, std::string_view word, DocView data);

 private:
  // A run as a test speaks of it, from before it begins.
  struct Handle {
    std::string subject, flow;
    Doc data;  // of the start event
    uint64_t event = 0;
    Key run;
    struct Told {
      std::vector<ScriptedAnswer> answers;
      size_t given = 0;
    };
    std::map<std::string, Told> told;  // by side, name and operation
  };

  explicit FlowTestWorld(FlowTestSetting setting);
  Status open();
  std::string subject_of(const Key& customer) const;
  const CompiledFlow* flow_of(std::string_view name) const;
  Result<Handle*> known(int handle);
  void refresh();  // takes in what was committed, finds the handles' runs
  void queue(EventInput event);
  Result<int> find(const CompiledFlow& flow, DocView data, const std::string& subject);
  Doc record_in_segment(const Segment& segment, const std::string& subject);
  Result<EventInput> event_of(std::string_view type, DocView data, const std::string& subject);
  Status address(EventInput& event, const Handle& about);

  // --- Playbook
  std::optional<ScriptedAnswer> answer(const Key& run, ScriptedSide side, std::string_view name,
                                       std::string_view op) override;
  Key run_of(const Key& customer, const Key& read) override;
  Doc found(const Read& read) override;
  const Turn* turn_of(const Key& customer, const Key& touch) override;

  FlowTestSetting setting_;
  VirtualClock clock_;
  SimulatedProcess process_;
  VirtualDrive drive_;
  std::unique_ptr<NodeCore> node_;
  std::unique_ptr<StoreReader> reader_;
  std::unique_ptr<ScriptedPerformer> performer_;
  FlowTestHistory history_;
  std::map<std::string, Doc> crm_;  // by customer
  std::vector<Handle> handles_;     // handle n at n - 1
  int events_ = 0;
  bool queued_ = false;
};

}  // namespace relance
