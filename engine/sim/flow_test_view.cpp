#include "sim/flow_test_view.h"

namespace relance {
namespace {

using Fields = std::vector<std::pair<std::string, Doc>>;

// Instants are RFC 3339 text in a view, so that tests compare and print them as they write them.
void add_instant(Fields& fields, const char* name, Instant at) {
  const bool known = !at.is_never() && at != Instant::beginning() && at != Instant{};
  if (known) fields.emplace_back(name, Doc::text(format_instant(at)));
}

void add_text(Fields& fields, const char* name, std::string_view text) {
  if (!text.empty()) fields.emplace_back(name, Doc::text(text));
}

Doc step_of(const SeenRun& seen, const StepState& state) {
  const RunStory& story = seen.story;
  const bool ended = state.phase == Phase::ended && !story.cancelled.contains(state.step);
  Fields fields{{"name", Doc::text(seen.flow.steps[state.step].name)}};
  const auto reason = story.reasons.find(state.step);
  if (ended) add_text(fields, "outcome", state.word);
  if (reason != story.reasons.end()) add_text(fields, "reason", reason->second);
  if (!ended && state.phase == Phase::held) add_text(fields, "reason", state.word);
  add_instant(fields, "sent_at", state.first_sent_at);
  const Doc data = opened(story.customer, state.data);
  fields.emplace_back("data", data.is_null() ? Doc::empty_record() : data);
  return Doc::record(fields);
}

// In order of their ending, then those under way.
Doc steps_of(const SeenRun& seen) {
  std::vector<Doc> steps;
  for (const StepIndex ended : seen.story.ended)
    if (const StepState* state = seen.story.run.find(ended)) steps.push_back(step_of(seen, *state));
  for (const StepState& state : seen.story.run.steps)
    if (state.phase != Phase::ended) steps.push_back(step_of(seen, state));
  return Doc::list(steps);
}

Doc touch_of(const SeenRun& seen, const TouchStory& told) {
  const Touch& touch = told.touch;
  const Channel* channel = seen.rules.channel(touch.channel);
  Fields fields{{"run", Doc::text(seen.story.run.id.text())},
                {"flow", Doc::text(seen.flow.name)},
                {"step", Doc::text(seen.flow.steps[touch.step].name)},
                {"try", Doc::integer(touch.try_no)},
                {"customer", Doc::text(seen.subject)},
                {"channel", Doc::text(touch.channel)},
                {"contact", Doc::boolean(channel && channel->contact)}};
  add_text(fields, "reason", touch.reason);
  if (!told.verdict.empty()) {
    add_text(fields, "outcome", told.verdict);
    return Doc::record(fields);
  }
  fields.emplace_back("key", Doc::text(touch.key.text()));
  fields.emplace_back("requested", Doc::boolean(touch.requested));
  fields.emplace_back("cost_minor", Doc::integer(0));
  add_text(fields, "outcome", touch.outcome);
  add_instant(fields, "intended_at", touch.intended_at);
  add_instant(fields, "sent_at", touch.intended_at);
  if (touch.state == TouchState::done) add_instant(fields, "done_at", touch.done_at);
  if (Doc rendered = seen.performer.rendered(touch.key); !rendered.is_null())
    fields.emplace_back("rendered", std::move(rendered));
  return Doc::record(fields);
}

Doc touches_of(const SeenRun& seen) {
  std::vector<Doc> touches;
  for (const TouchStory& told : seen.story.touches)
    if (told.touch.reaches_customer()) touches.push_back(touch_of(seen, told));
  return Doc::list(touches);
}

// Facts that `record` writes are told apart from what acts, holds and undos do.
Doc acts_of(const SeenRun& seen) {
  std::vector<Doc> acts;
  for (const PerformedOperation& done : seen.performer.operations()) {
    if (done.run != seen.story.run.id) continue;
    if (seen.flow.steps[done.step].kind() == StepKind::record) continue;
    acts.push_back(
        Doc::record({{"on", Doc::text(done.on)}, {"op", Doc::text(done.op)}, {"data", done.data}}));
  }
  return Doc::list(acts);
}

Doc facts_of(const RunStory& story) {
  std::vector<Doc> facts;
  for (const auto& [what, data] : story.facts)
    facts.push_back(Doc::record({{"what", Doc::text(what)}, {"data", data}}));
  return Doc::list(facts);
}

Doc packets_of(const SeenRun& seen) {
  Fields packets;
  for (const auto& [step, packet] : seen.story.packets)
    packets.emplace_back(seen.flow.steps[step].name, packet);
  return Doc::record(packets);
}

}  // namespace

Doc view_of(const SeenRun& seen) {
  const RunStory& story = seen.story;
  Fields fields{{"run", Doc::text(story.run.id.text())},
                {"flow", Doc::text(seen.flow.name)},
                {"version", Doc::text(story.run.version.text())},
                {"customer", Doc::text(seen.subject)},
                {"steps", steps_of(seen)},
                {"touches", touches_of(seen)},
                {"acts", acts_of(seen)},
                {"records", facts_of(story)},
                {"packets", packets_of(seen)}};
  add_instant(fields, "started_at", story.run.started_at);
  if (story.end != RunEnd::none) {
    add_text(fields, "ended", run_end_name(story.end));
    add_text(fields, "reason", story.reason);
    add_instant(fields, "ended_at", story.ended_at);
  }
  return Doc::record(fields);
}

Doc view_of_none(const FlowEventFate& fate, const Flow& flow, std::string_view subject) {
  const Doc none = Doc::list({});
  return Doc::record({{"flow", Doc::text(flow.name)},
                      {"version", Doc::text(flow.version.text())},
                      {"customer", Doc::text(subject)},
                      {"steps", none},
                      {"touches", none},
                      {"acts", none},
                      {"records", none},
                      {"packets", Doc::empty_record()},
                      {"ended", Doc::text(run_end_name(fate.not_started))},
                      {"reason", Doc::text(fate.reason)}});
}

}  // namespace relance
