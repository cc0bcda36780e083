#include "script/check_voicemail.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace relance {
namespace {

constexpr std::string_view kVoicemail = "voicemail";

// How a step is reached: by a voicemail of which call, and by anything else as well.
struct Reached {
  StepIndex call = kNoStep;
  bool otherwise = false;
};

bool may_end(const Edge& edge, const Step& step, std::string_view word) {
  if (edge.bare) return step.has_outcome(word);
  return std::find(edge.outcomes.begin(), edge.outcomes.end(), word) != edge.outcomes.end();
}

bool is_call(const Step& step) {
  const auto* send = std::get_if<SendStep>(&step.body);
  return send && step.has_outcome(kVoicemail);
}

class FlowCheck {
 public:
  FlowCheck(const Bundle& bundle, const Flow& flow, Findings& findings)
      : bundle_(bundle), flow_(flow), findings_(findings), reached_(flow.steps.size()) {}

  void run() {
    for (StepIndex i = 0; i < flow_.steps.size(); ++i) reach(i);
    for (StepIndex i = 0; i < flow_.steps.size(); ++i) {
      const auto* send = std::get_if<SendStep>(&flow_.steps[i].body);
      if (send && !send->template_name.empty() && reached_[i].call != kNoStep) check(i, *send);
    }
  }

 private:
  // Steps stand in the order in which they run. A message in between has had its say.
  void reach(StepIndex i) {
    Reached& own = reached_[i];
    if (flow_.steps[i].after.kind == After::Kind::none) own.otherwise = true;
    each_edge(flow_.steps[i].after, [&](const Edge& edge, bool) {
      const Step& from = flow_.steps[edge.step];
      if (is_call(from)) {
        const bool left = may_end(edge, from, kVoicemail);
        if (left) own.call = edge.step;
        own.otherwise |= !left || edge.bare || edge.outcomes.size() > 1;
      } else if (from.kind() == StepKind::send) {
        own.otherwise = true;
      } else {
        if (reached_[edge.step].call != kNoStep) own.call = reached_[edge.step].call;
        own.otherwise |= reached_[edge.step].otherwise || reached_[edge.step].call == kNoStep;
      }
    });
  }

  void check(StepIndex i, const SendStep& send) {
    if (!reached_[i].otherwise && users_of(send.template_name) == 1) return;
    const std::string call = flow_.steps[reached_[i].call].name;
    for (const SendChannel& one : send.over()) {
      for (const TemplateText& text : bundle_.templates.all()) {
        if (text.name != send.template_name || text.channel_kind != one.kind) continue;
        if (!speaks_of(text, call)) return warn(flow_.steps[i], call, text);
      }
    }
  }

  static bool speaks_of(const TemplateText& text, const std::string& call) {
    return std::ranges::any_of(text.tags, [&](std::string_view tag) {
      if (tag.starts_with("run.")) tag.remove_prefix(4);
      return tag.starts_with("last_touch.") || tag.starts_with("steps." + call + ".") ||
             tag.find(kVoicemail) != std::string_view::npos;
    });
  }

  size_t users_of(const std::string& name) const {
    size_t users = 0;
    for (const CompiledFlow& flow : bundle_.flows)
      for (const Step& step : flow.flow.steps)
        if (const auto* send = std::get_if<SendStep>(&step.body))
          users += send->template_name == name;
    return users;
  }

  void warn(const Step& step, const std::string& call, const TemplateText& text) {
    findings_.add(
        {Severity::warning,
         {Code::voicemail_unmentioned,
          fmt::format("step '{}' may follow a voicemail of '{}', and {} does not speak of it",
                      step.name, call, text.path),
          {flow_.file, step.line},
          "{{#last_touch.voice.voicemail}}as we said on your voicemail, "
          "...{{/last_touch.voice.voicemail}}"}});
  }

  const Bundle& bundle_;
  const Flow& flow_;
  Findings& findings_;
  std::vector<Reached> reached_;
};

}  // namespace

void check_voicemails(const Bundle& bundle, Findings& findings) {
  for (const CompiledFlow& flow : bundle.flows) FlowCheck(bundle, flow.flow, findings).run();
}

}  // namespace relance
