// Flows by hand, for tests of the core: one call a step, edges by name.
//
//   FlowBuilder b("recovery");
//   b.add("email", send("email", "email"));
//   b.add("call", send("voice", "voice"), on("email.ignored"));
//   b.add("note", RecordStep{}, any({on("call.refused"), on("call")}));   // a bare name: any
//   outcome
//
// Each step stands on the line of its number (1, 2, ...), has the outcomes of its kind and channel,
// and `skipped` after skippable(). A slip in a name ends the test.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "core/graph/flow.h"

namespace relance::testing {

// An After with names instead of step numbers.
struct Start {
  After::Kind kind = After::Kind::none;
  std::string edge;  // "email", "email.ignored", "email.ignored|responded", "email.otherwise"
  std::vector<Start> of;
  std::vector<RunEnd> ends;
};

Start on(std::string edge);
Start any(std::vector<Start> of);
Start all(std::vector<Start> of);
Start ended(std::vector<RunEnd> ends);

SendStep send(std::string via, std::string channel_kind);
DecideStep decide(std::vector<std::string> words);
AwaitStep await(std::string event);

class FlowBuilder {
 public:
  explicit FlowBuilder(std::string name);

  // `otherwise` in `start` stands for what earlier and this step's other edges do not name.
  FlowBuilder& add(std::string name, StepBody body, const Start& start = {});
  FlowBuilder& skippable();                             // the last step has a `when`
  FlowBuilder& closes(std::vector<std::string> words);  // the last step's script gives these words
  FlowBuilder& ignore(const std::string& edge);

  StepIndex index(std::string_view name) const;
  Step& last() { return flow_.steps.back(); }
  Flow& flow() { return flow_; }

  // Fills the words of `otherwise` edges and gives the flow.
  Flow build();

 private:
  After resolve(const Start& start) const;
  Edge edge(std::string_view text) const;
  void fill_otherwise(After& after) const;

  Flow flow_;
};

// The flow of the first page of docs/flows: payment recovery with its thirteen steps.
Flow payment_recovery();

}  // namespace relance::testing
