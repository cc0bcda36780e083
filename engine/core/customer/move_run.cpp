#include "core/customer/move_run.h"

#include <algorithm>
#include <set>

#include "core/run/advance.h"

namespace relance {
namespace {

constexpr std::string_view kNames[] = {"clean",        "would_skip",    "would_lose",
                                       "would_repeat", "needs_mapping", "busy"};

StepIndex index_of(const Flow& flow, const Step* step) {
  return step ? static_cast<StepIndex>(step - flow.steps.data()) : kNoStep;
}

// The step of `to` that goes on with this one; of the same kind.
StepIndex counterpart(const Step& step, const Flow& to) {
  const Step* found = to.find(step.name);
  for (const Step& other : to.steps)
    if (!found && other.was == step.name) found = &other;
  return found && found->kind() == step.kind() ? index_of(to, found) : kNoStep;
}

bool same_undo(const Step& before, const Step& after) {
  const auto* a = std::get_if<HoldStep>(&before.body);
  const auto* b = std::get_if<HoldStep>(&after.body);
  return !a || (a->on == b->on && a->op == b->op && a->undo == b->undo);
}

// What a contact says over which kind of channel, or that it is a charge; empty: neither.
std::set<std::string> says(const Step& step) {
  std::set<std::string> all;
  if (std::holds_alternative<ChargeStep>(step.body)) all.insert("charge");
  if (const auto* send = std::get_if<SendStep>(&step.body))
    for (const SendChannel& channel : send->over())
      all.insert(channel.kind + " " +
                 (send->script.empty() ? send->template_name : "script " + send->script));
  return all;
}

// Else a later move could not tell what was said.
bool says_still(const Step& before, const Step& after) {
  const std::set<std::string> said = says(before), now = says(after);
  return std::includes(now.begin(), now.end(), said.begin(), said.end());
}

bool reached_him(const StepState& state) { return !state.first_sent_at.is_never(); }

class Planner {
 public:
  Planner(const Customer& customer, const Run& run, const Flow& from, const Flow& to)
      : customer_(customer), run_(run), from_(from), to_(to) {}

  MovePlan plan() {
    if (from_.key != to_.key) note(MoveClass::needs_mapping, "its flow has other key fields");
    if (run_.held || run_.paused || !run_.live()) note(MoveClass::busy, "it is held, or ending");
    for (const Touch& touch : customer_.touches)
      if (touch.run == run_.id && touch.state != TouchState::done)
        note(MoveClass::busy, "'" + touch.step_name.str() + "' is under way");
    for (const StepState& state : run_.steps) map(state);
    skip_what_is_before();
    find_repeats();
    return std::move(plan_);
  }

 private:
  void note(MoveClass what, std::string why) {
    if (what <= plan_.what && plan_.what != MoveClass::clean) return;
    plan_.what = what;
    plan_.why = std::move(why);
  }

  void map(const StepState& state) {
    if (state.step >= from_.steps.size()) return note(MoveClass::busy, "it is held");
    const Step& step = from_.steps[state.step];
    const std::string name = "'" + step.name + "'";
    const bool at_work = state.phase == Phase::wanting || state.phase == Phase::reading ||
                         state.phase == Phase::out || !state.talk.empty();
    if (at_work) note(MoveClass::busy, name + " is at work");
    const StepIndex to = counterpart(step, to_);
    if (to == kNoStep) return leave(state, name);
    if (!same_undo(step, to_.steps[to]) && !state.wake_at.is_never())
      note(MoveClass::needs_mapping, name + " would be undone otherwise than it was done");
    if (reached_him(state) && !says_still(step, to_.steps[to]))
      note(MoveClass::needs_mapping, name + " has said what it would not say any more");
    const bool word = state.phase == Phase::ended && step.has_outcome(state.word.str());
    if (word && !to_.steps[to].has_outcome(state.word.str()))
      note(MoveClass::would_lose, name + " ended '" + state.word.str() + "', which is gone");
    plan_.steps.push_back({state.step, to});
  }

  void leave(const StepState& state, const std::string& name) {
    const bool over = state.phase == Phase::ended && state.wake_at.is_never();
    if (over && !reached_him(state)) return note(MoveClass::would_lose, name + " is gone");
    note(MoveClass::needs_mapping, name + " has no counterpart");
  }

  // Steps of `to` that were in no version he knows.
  bool is_new(StepIndex index) const {
    return std::none_of(from_.steps.begin(), from_.steps.end(),
                        [&](const Step& step) { return counterpart(step, to_) == index; });
  }

  // Every edge points to an earlier step: one pass from the end finds all that stand before.
  void skip_what_is_before() {
    std::vector<bool> before(to_.steps.size(), false);
    for (StepIndex i = to_.step_count(); i-- > 0;) {
      const bool begun = std::any_of(plan_.steps.begin(), plan_.steps.end(),
                                     [&](const StepMapped& one) { return one.to == i; });
      if (!before[i] && !begun) continue;
      each_edge(to_.steps[i].after, [&](const Edge& edge, bool) { before[edge.step] = true; });
      if (begun || !is_new(i)) continue;
      plan_.skipped.push_back(i);
      note(MoveClass::would_skip, "'" + to_.steps[i].name + "' stands before what it has done");
    }
    std::sort(plan_.skipped.begin(), plan_.skipped.end());
  }

  // What a step said already in the version before is no matter of the move.
  std::set<std::string> says_anew(StepIndex index) const {
    std::set<std::string> all = says(to_.steps[index]);
    for (const Step& step : from_.steps)
      if (counterpart(step, to_) == index)
        for (const std::string& known : says(step)) all.erase(known);
    return all;
  }

  bool is_over(StepIndex index) const {
    if (std::find(plan_.skipped.begin(), plan_.skipped.end(), index) != plan_.skipped.end())
      return true;
    return std::any_of(plan_.steps.begin(), plan_.steps.end(), [&](const StepMapped& one) {
      const StepState* state = run_.find(one.from);
      return one.to == index && state && state->phase == Phase::ended;
    });
  }

  void find_repeats() {
    std::set<std::string> said;
    for (const StepState& state : run_.steps)
      if (reached_him(state) && state.step < from_.steps.size())
        said.merge(says(from_.steps[state.step]));
    for (StepIndex i = 0; i < to_.step_count(); ++i) {
      if (is_over(i)) continue;
      for (const std::string& again : says_anew(i))
        if (said.contains(again))
          note(MoveClass::would_repeat,
               "'" + to_.steps[i].name + "' would say or charge again (" + again + ")");
    }
  }

  const Customer& customer_;
  const Run& run_;
  const Flow& from_;
  const Flow& to_;
  MovePlan plan_;
};

bool allowed(MoveClass what, DocView also) {
  if (what == MoveClass::clean) return true;
  if (what > MoveClass::would_lose) return false;
  for (const auto& [key, name] : also.items())
    if (name.text().value_or("") == move_class_name(what)) return true;
  return false;
}

void write_move(Worker& worker, const CommandInput& input, const MovePlan& plan, const Flow& to) {
  const Key from = worker.customer().find_run(input.run)->version;
  worker.write(CommandTaken{input.command, input.author,
                            Doc::record({{"run", Doc::text(input.run.text())},
                                         {"from", Doc::text(from.text())},
                                         {"to", Doc::text(to.version.text())},
                                         {"class", Doc::text(move_class_name(plan.what))}})});
  worker.write(RunMoved{input.run, to.version, plan.steps, input.command == "unmigrate"});
  for (StepIndex step : plan.skipped)
    worker.write(StepEnded{input.run, step, "skipped", "moved", {}});
  advance(worker, input.run);
}

}  // namespace

std::string_view move_class_name(MoveClass what) { return kNames[static_cast<size_t>(what)]; }

std::optional<MoveClass> move_class_named(std::string_view name) {
  for (size_t i = 0; i < std::size(kNames); ++i)
    if (kNames[i] == name) return static_cast<MoveClass>(i);
  return std::nullopt;
}

MovePlan plan_move(const Customer& customer, const Run& run, const Flow& from, const Flow& to) {
  return Planner(customer, run, from, to).plan();
}

// Steps that began since are new ones there: they are left behind, unless something left with them.
MovePlan plan_return(const Customer& customer, const Run& run, const Flow& from, const Flow& to) {
  MovePlan plan = plan_move(customer, run, from, to);
  plan.skipped.clear();
  const auto refuse = [&](std::string why) {
    plan.what = MoveClass::needs_mapping;
    plan.why = std::move(why);
  };
  if (plan.what == MoveClass::busy) return plan;
  plan.what = MoveClass::clean;
  plan.why.clear();
  if (!run.moved.there() || run.moved->version != to.version)
    refuse("it was not moved from there");
  else if (!run.moved->whole)
    refuse("a part of it was left behind");
  for (const Touch& touch : customer.touches)
    if (touch.run == run.id && touch.intended_at >= run.moved->at)
      refuse("'" + touch.step_name.str() + "' has left since");
  return plan;
}

void move_run(Worker& worker, const CommandInput& input) {
  const Run* run = worker.customer().find_run(input.run);
  const auto version = Key::parse(input.word);
  if (!run || !version || run->version == *version) return;
  const Flow* from = worker.rules().flow(run->version);
  const Flow* to = worker.rules().flow(*version);
  if (!from || !to || from->name != to->name) return;
  const bool back = input.command == "unmigrate";
  const MovePlan plan = back ? plan_return(worker.customer(), *run, *from, *to)
                             : plan_move(worker.customer(), *run, *from, *to);
  if (!allowed(plan.what, input.data.view().find("also"))) return;
  write_move(worker, input, plan, *to);
}

}  // namespace relance
