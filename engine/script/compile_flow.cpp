#include "script/compile_flow.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "core/graph/flow_json.h"
#include "script/check_reads.h"
#include "script/flow_header.h"
#include "script/freeze.h"
#include "script/step_kind.h"
#include "script/steps_above.h"

namespace relance {
namespace {

using Kind = Value::Kind;

constexpr size_t kMostSteps = 200;

// "shop/payment_recovery.lua" -> "payment_recovery"
std::string stem_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string file = slash == std::string::npos ? path : path.substr(slash + 1);
  return file.substr(0, file.rfind('.'));
}

class FlowBuilder : public StepSink {
 public:
  FlowBuilder(LuaState& lua, const SourceFile& file, const CompileContext& context,
              Findings& findings)
      : compilation_(lua, file, context, findings), above_(file, findings, "step") {
    flow().file = file.path;
    flow().name = stem_of(file.path);
  }

  bool begin(const std::string& name, Value header) override {
    const Where where{compilation_.file.path, header.line};
    if (begun_) {
      compilation_.findings.error(where, Code::not_a_flow, "a file holds one flow");
      return false;
    }
    begun_ = true;
    if (name != flow().name) {
      compilation_.findings.error(
          where, Code::not_a_flow,
          fmt::format("flow '{}' stands in the file of '{}'", name, flow().name),
          "a flow is named as its file");
    }
    read_header(compilation_, header);
    return true;
  }

  void assign(const std::string& name, Value draft, int line) override {
    StepKind kind{};
    const bool is_step = draft.is(Kind::word) && step_kind_from(draft.text, kind);
    if (is_step) line = draft.line;
    if (!above_.claim(name, line)) {
      compilation_.incomplete = true;
      return;
    }
    if (!is_step || flow().steps.size() == kMostSteps) {
      above_.spoil(name);
      compilation_.incomplete = true;
      if (!draft.is(Kind::spoilt)) report_no_step(draft, line);
      return;
    }
    make_step(name, kind, draft);
    above_.stand(name, static_cast<StepIndex>(flow().steps.size() - 1));
  }

  StepIndex read(const std::string& name, int line) override {
    const StepIndex step = above_.read(name, line);
    if (step == kNoStep) compilation_.incomplete = true;
    return step;
  }

  bool edge(StepIndex step, const std::string& word, int line) override {
    // Of a step whose words cannot be known every word is taken; its error was reported.
    if (any_word_[step]) return false;
    const Step& named = flow().steps[step];
    const bool known = check_outcome(named.outcomes, named.name, word,
                                     {compilation_.file.path, line}, compilation_.findings);
    if (!known) compilation_.incomplete = true;
    return known;
  }

  void ignore(Value edges) override {
    const std::vector<Value> alone = {edges};
    for (const Value& item : edges.is(Kind::table) ? edges.items : alone) {
      if (item.is(Kind::edge)) {
        flow().ignored.push_back(item.edge);
      } else if (item.is(Kind::step)) {
        flow().ignored.push_back(
            {item.edge.step, flow().steps[item.edge.step].outcomes, false, false});
      } else if (!item.is(Kind::spoilt)) {
        compilation_.findings.error({compilation_.file.path, edges.line}, Code::wrong_type,
                                    fmt::format("ignore wants edges, not {}", describe(item)),
                                    "ignore { f.STEP.OUTCOME }");
      }
    }
  }

  FlowBuild finish(const std::optional<Value>& returned) {
    above_.report_missing();
    const bool is_ledger = returned && (returned->is_word("ledger") || returned->is(Kind::spoilt));
    if (returned && !(is_ledger && begun_)) report_no_flow();
    if (!begun_) return std::move(compilation_.build);
    resolve_otherwise(flow().steps, flow().ignored);
    freeze_functions();
    check_was();
    check_reads(compilation_);
    const bool whole = returned && !compilation_.incomplete;
    if (whole) {
      for (Finding& finding :
           check_flow({flow(), compilation_.build.reads, compilation_.context.channel_gives})) {
        compilation_.findings.add(std::move(finding));
      }
    }
    gather_scripts();
    flow().version = version();
    return std::move(compilation_.build);
  }

 private:
  Flow& flow() { return compilation_.build.flow; }

  void make_step(const std::string& name, StepKind kind, const Value& draft) {
    const StepKindEntry& entry = step_kind_entry(kind);
    std::vector<Field> known(entry.fields.begin(), entry.fields.end());
    known.insert(known.end(), common_step_fields().begin(), common_step_fields().end());
    const Fields fields(draft, known, fmt::format("step '{}'", name),
                        {&compilation_.file, draft.line, {}}, compilation_.findings);
    compilation_.current = static_cast<StepIndex>(flow().steps.size());
    Step step;
    step.name = name;
    step.line = draft.line;
    step.was = fields.text("was");
    read_start(fields, kind, step);
    StepDraft made{compilation_, fields, step};
    entry.build(made);
    step.when = compilation_.function(fields, "when");
    if (fields.written("when")) made.add_outcomes(std::vector<std::string>{"skipped"});
    if (made.any_word) compilation_.incomplete = true;
    any_word_.push_back(made.any_word);
    flow().steps.push_back(std::move(step));
    compilation_.current = kNoStep;
  }

  void read_start(const Fields& fields, StepKind kind, Step& step) {
    const Value* after = fields.get("after");
    if (after == nullptr) {
      if (fields.written("after")) compilation_.incomplete = true;
      return;
    }
    step.after = after_of(compilation_, fields, *after);
    if (step.after.kind == After::Kind::ended && kind != StepKind::act &&
        kind != StepKind::record) {
      fields.error("after", Code::bad_value,
                   fmt::format("{} cannot run after the run's end", fields.what()),
                   "only act and record can");
    }
  }

  void report_no_step(const Value& draft, int line) {
    if (flow().steps.size() == kMostSteps) {
      compilation_.findings.error({compilation_.file.path, line}, Code::bad_value,
                                  fmt::format("a flow has at most {} steps", kMostSteps));
      return;
    }
    compilation_.findings.error({compilation_.file.path, line}, Code::wrong_type,
                                fmt::format("{} is no step", describe(draft)),
                                "f.name = kind { ... }");
  }

  void report_no_flow() {
    compilation_.findings.error(
        {compilation_.file.path, 0}, Code::not_a_flow,
        begun_ ? "the file does not return its flow" : "the file holds no flow",
        begun_ ? "end it with `return f`" : "local f = flow \"name\" { ... } ... return f");
  }

  void freeze_functions() {
    for (const LuaFunction& function : compilation_.build.functions) {
      Status frozen = freeze(compilation_.lua, function);
      if (!frozen.ok()) compilation_.findings.add({Severity::error, frozen.error()});
    }
  }

  void check_was() {
    for (const Step& step : flow().steps) {
      if (step.was.empty() || flow().find(step.was) == nullptr) continue;
      compilation_.findings.error(
          {compilation_.file.path, step.line}, Code::bad_value,
          fmt::format("step '{}' cannot have been '{}', which is another step", step.name,
                      step.was));
    }
  }

  void gather_scripts() {
    std::vector<std::string>& scripts = compilation_.build.scripts;
    for (const Step& step : flow().steps) {
      const auto* send = std::get_if<SendStep>(&step.body);
      if (send != nullptr && !send->script.empty()) scripts.push_back(send->script);
    }
    std::sort(scripts.begin(), scripts.end());
    scripts.erase(std::unique(scripts.begin(), scripts.end()), scripts.end());
  }

  Key version() const {
    std::string scripts;
    for (const std::string& name : compilation_.build.scripts) {
      const auto source = compilation_.context.script_sources.find(name);
      if (source != compilation_.context.script_sources.end())
        scripts += derive_key({name, source->second}).text();
    }
    return derive_key({"flow", compilation_.file.text, scripts, std::to_string(kLanguage)});
  }

  Compilation compilation_;
  StepsAbove above_;
  std::vector<bool> any_word_;
  bool begun_ = false;
};

}  // namespace

FlowBuild compile_flow(LuaState& lua, const SourceFile& file, const CompileContext& context,
                       Findings& findings) {
  FlowBuilder builder(lua, file, context, findings);
  const std::optional<Value> returned = load_file(lua, Sheet::flow, file, findings, &builder);
  return builder.finish(returned);
}

LuaFunction compile_policy(LuaState& lua, const SourceFile& file, Findings& findings) {
  const std::optional<Value> returned = load_file(lua, Sheet::policy, file, findings);
  if (!returned) return {};
  if (returned->is(Kind::function)) {
    const Status frozen = freeze(lua, returned->function);
    if (frozen.ok()) return returned->function;
    findings.add({Severity::error, frozen.error()});
    return {};
  }
  findings.error({file.path, 0}, Code::wrong_type, "a policy's file returns a function",
                 "return function(ask) ... end");
  return {};
}

std::string stored_json(Flow flow) {
  flow.file = flow.name + ".lua";
  return flow_to_json(flow);
}

}  // namespace relance
