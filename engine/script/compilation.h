// Compilation: what the parts of the compiler of one file share: its place in messages, the names
// it may use, the functions it has numbered, and what those and its tables look at, for the checks
// at the end.
//
// Threads: one. Lifetime: one call of compile_flow or compile_script.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "script/compile_flow.h"
#include "script/fields.h"

namespace relance {

// A function or a path, and who looks at it: checked when all steps are known (check_reads.h).
struct FunctionUse {
  LuaFunction function;
  StepIndex reader = kNoStep;            // kNoStep: the header
  std::vector<std::string> event_types;  // of a `where`: what it filters; empty: it sees `run`
};
struct PathUse {
  std::string path;
  StepIndex reader = kNoStep;
  Where where;
  bool moment = false;  // it must lead to an instant or a date
};

struct Compilation {
  Compilation(LuaState& state, const SourceFile& source, const CompileContext& names,
              Findings& sink)
      : lua(state), file(source), context(names), findings(sink) {}

  LuaState& lua;
  const SourceFile& file;
  const CompileContext& context;
  Findings& findings;
  FlowBuild build;
  std::vector<FunctionUse> function_uses;
  std::vector<PathUse> path_uses;
  StepIndex current = kNoStep;  // the step being made
  // Something of the graph is missing because of an error: the graph's own checks would only echo
  // it.
  bool incomplete = false;

  FunctionRef function(const Value& value, std::vector<std::string> event_types = {});
  void use_path(std::string path, const Where& where, bool moment = false);

  // --- readers of fields that flows and scripts share; what is wrong is reported
  FunctionRef function(const Fields& fields, std::string_view name);
  DataSource data(const Fields& fields, std::string_view name);
  std::vector<EventPattern> events(const Fields& fields, std::string_view name);
  SendTime send_time(const Fields& fields, std::string_view name);
  std::optional<FieldMoment> moment(const Fields& fields, std::string_view name);
  // "event.order_id"; a name without a dot is a field of the event.
  std::string path(const Fields& fields, std::string_view name);
  // Reports words that cannot stand as f.STEP.WORD, or mean something else there.
  void check_words(const Fields& fields, std::string_view name,
                   const std::vector<std::string>& words);
  // A name of the bundle; empty: not there, or reported.
  std::string channel(const Fields& fields, std::string_view name);
  std::string connector(const Fields& fields, std::string_view name);
  std::string policy(const Fields& fields, std::string_view name);
  std::string queue(const Fields& fields, std::string_view name);
  std::string template_of(const Fields& fields, std::string_view name,
                          const std::string& channel_kind);

 private:
  EventPattern event(const Value& word);
  std::string named_policy(const Fields& fields, std::string_view name, const Value& value);
};

// The tree of `after` from what was written. Edges of `otherwise` are filled by resolve_otherwise.
After after_of(Compilation& compilation, const Fields& fields, const Value& value);

// Fills the edges written `f.x.otherwise` of all steps and of `ignored`, once all steps are known:
// every outcome that no other edge names, except those it never stands for.
void resolve_otherwise(std::vector<Step>& steps, std::vector<Edge>& ignored);

}  // namespace relance
