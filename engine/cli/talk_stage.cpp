#include "cli/talk_stage.h"

#include "base/text.h"

namespace relance::cli {
namespace {

const SendStep* call_with(const Step& step, const std::string& script) {
  const auto* send = std::get_if<SendStep>(&step.body);
  return send && !send->script.empty() && (script.empty() || send->script == script) ? send
                                                                                     : nullptr;
}

// Without the call none of these can start, and nothing else is meant to.
bool follows(const Step& step, const std::vector<bool>& after_call) {
  bool found = false;
  each_edge(step.after, [&](const Edge& edge, bool) { found |= after_call[edge.step]; });
  return found;
}

// Of several channels the one with the script.
void keep_the_speaking(SendStep& send) {
  for (const SendChannel& one : send.channels) {
    if (one.kind != "voice") continue;
    send.via = one.via;
    send.channel_kind = one.kind;
  }
  send.channels.clear();
  send.choose.clear();
  if (!send.script.empty()) send.template_name.clear();
}

// The call begins with the run and is made once, now. What does not follow it never starts: as
// `ended { }` without an ending.
void cut(Flow& flow, StepIndex call) {
  flow.absence.reset();
  flow.segment.reset();
  flow.start.resize(1, {"customer.updated", {}});
  flow.start[0].where = {};
  flow.when = {};
  flow.recheck.reset();
  flow.holdout_percent = 0;
  std::vector<bool> after_call(flow.steps.size());
  for (StepIndex i = 0; i < flow.steps.size(); ++i) {
    Step& step = flow.steps[i];
    after_call[i] = i == call || follows(step, after_call);
    if (after_call[i]) continue;
    step.after = {};
    step.after.kind = After::Kind::ended;
  }
  Step& step = flow.steps[call];
  step.after = {};
  step.when = {};
  auto& send = std::get<SendStep>(step.body);
  send.tries = 1;
  send.callbacks = 0;
  send.at = {};
  send.gap.reset();
  send.deadline.reset();
  keep_the_speaking(send);
}

Doc made_up(FieldType type, const std::string& name, const Bundle& bundle, Instant at) {
  const Zone& zone = bundle.zone ? *bundle.zone : Zone::utc();
  switch (type) {
    case FieldType::text: return Doc::text(name);
    case FieldType::number: return Doc::integer(1);
    case FieldType::money: return Doc::money(Money{4900, bundle.currency});
    case FieldType::instant: return Doc::instant(at);
    case FieldType::date: return Doc::date(zone.local(at).date);
    case FieldType::boolean: return Doc::boolean(false);
    case FieldType::record: break;
  }
  return Doc::empty_record();
}

}  // namespace

Result<TalkStage> talk_stage(const Bundle& bundle, const std::string& script) {
  std::vector<std::string> scripts;
  for (const CompiledFlow& compiled : bundle.flows) {
    for (StepIndex i = 0; i < compiled.flow.step_count(); ++i) {
      const Step& step = compiled.flow.steps[i];
      if (const SendStep* any = call_with(step, "")) scripts.push_back(any->script);
      if (!call_with(step, script)) continue;
      auto own = std::make_shared<Bundle>(bundle);
      own->flows = {compiled};
      CompiledFlow& only = own->flows.front();
      cut(only.flow, i);
      const auto named = std::find_if(only.scripts.begin(), only.scripts.end(),
                                      [&](const TalkScript& one) { return one.name == script; });
      RELANCE_ASSERT(named != only.scripts.end());  // checked when the bundle was loaded
      return TalkStage{own, &only.flow, i, &*named};
    }
  }
  return Error{Code::unknown_script,
               "no step of a flow uses a script '" + script + "'",
               {},
               scripts.empty() ? "no flow of the bundle holds a conversation"
                               : "there are: " + join(scripts, ", ")};
}

Result<Doc> made_up_event(const Bundle& bundle, const std::string& type, DocView given,
                          Instant at) {
  std::vector<std::pair<std::string, Doc>> fields;
  if (const EventType* known = bundle.events.find(type))
    for (const auto& [name, field] : known->fields)
      if (name.find('.') == std::string::npos)
        fields.emplace_back(name, made_up(field, name, bundle, at));
  return type_event_data(type, Doc::merged(Doc::record(fields), given), bundle.events, at);
}

}  // namespace relance::cli
