#include "core/customer/pause.h"

#include <algorithm>

#include "base/random.h"
#include "core/run/advance.h"
#include "core/run/dispatch.h"
#include "core/run/plan_try.h"
#include "core/run/rivals.h"

namespace relance {
namespace {

std::string text_of(const Doc& data, std::string_view field) {
  return std::string(data.view().find(field).text().value_or(""));
}

uint64_t number_of(const Doc& data) {
  return static_cast<uint64_t>(data.view().find("number").integer().value_or(0));
}

const Pause* find(Worker& worker, uint64_t number) {
  for (const Pause& one : worker.customer().lookout->pauses)
    if (one.number == number) return &one;
  return nullptr;
}

bool same_scope(const Pause& a, const Pause& b) {
  return a.flow == b.flow && a.channel == b.channel && a.segment == b.segment && a.off == b.off;
}

void end_pause(Worker& worker, const CommandInput& command) {
  const Pause* known = find(worker, number_of(command.data));
  Pause pause = known ? *known : Pause{};
  if (!known || !known->stands() || !release_from(text_of(command.data, "release"), pause.release))
    return;
  pause.ended_at = worker.now();
  pause.ended_by = command.author;
  pause.end_reason = text_of(command.data, "reason");
  worker.write(PauseChanged{pause});
}

void forget_pause(Worker& worker, const CommandInput& command) {
  const Pause* known = find(worker, number_of(command.data));
  if (!known || known->stands()) return;
  const Pause over = *known;  // the record takes it away
  worker.write(PauseChanged{over, true});
}

using Steps = std::vector<std::pair<Key, StepIndex>>;

bool is_held(const StepState& state) {
  return state.phase == Phase::held && state.word == reason_name(Reason::paused);
}

bool sends(const StepCase& c) {
  return c.step().kind() == StepKind::send || c.step().kind() == StepKind::charge;
}

Pauses::Wish wish_of(const StepCase& c) {
  const std::string_view via = via_of(c);
  const Channel* channel = c.worker.rules().channel(via);
  return {c.flow.name, via, channel ? std::string_view(channel->kind) : std::string_view()};
}

// By this pause, and by no other that still stands. Who has left its segment since is let go too:
// nobody else would. So is what was to leave over a channel that is gone.
bool is_held_by(const StepCase& c, const Pause& pause) {
  if (!sends(c)) return false;
  const Pauses::Wish wish = wish_of(c);
  const bool gone = wish.channel_kind.empty() && (pause.flow.empty() || pause.flow == wish.flow);
  if (!gone && !pause.concerns(wish.flow, wish.channel, wish.channel_kind)) return false;
  const std::string_view segment = c.worker.profile().find("segment").text().value_or("");
  const Pauses* others = c.worker.context().pauses;
  return !others || (!others->holding(wish) && !others->holding(wish, segment));
}

// Most urgent first.
Steps held_by(Worker& worker, const Pause& pause) {
  Steps held;
  for (const Run& run : worker.customer().runs) {
    const Flow* flow = run.live() ? worker.flow_of(&run) : nullptr;
    if (!flow) continue;
    for (const StepState& state : run.steps)
      if (is_held(state) && is_held_by({worker, *flow, run.id, state.step}, pause))
        held.emplace_back(run.id, state.step);
  }
  most_urgent_first(worker, held);
  return held;
}

bool is_message(const StepCase& c) { return c.step().kind() == StepKind::send; }

GateAnswer ask_now(const StepCase& c) {
  const Channel* channel = c.worker.rules().channel(via_of(c));
  return channel ? ask_gate_then(c, *channel, c.worker.now())
                 : GateAnswer{Deny{Reason::channel_off}, {}};
}

// Of the messages the most urgent that would not be refused; kNoStep: there is none.
std::pair<Key, StepIndex> best_of(Worker& worker, const Steps& held) {
  for (const auto& [id, step] : held) {
    const Run* run = worker.customer().find_run(id);
    const StepCase c{worker, *worker.flow_of(run), id, step};
    if (is_message(c) && !std::holds_alternative<Deny>(ask_now(c).verdict)) return {id, step};
  }
  return {Key{}, kNoStep};
}

void drop(const StepCase& c, Reason why, const Pause& pause) {
  judged(c, "denied", why, Instant::never(),
         Doc::record({{"pause", Doc::integer(static_cast<int64_t>(pause.number))},
                      {"paused", Doc::text(scope_words(pause))},
                      {"paused_by", Doc::text(pause.ended_by)}}));
  c.end(c.step().kind() == StepKind::charge ? "failed" : "denied", reason_name(why));
}

// Its turn comes then. It is not held by the pause any more, so a second release passes it over.
void let_go(const StepCase& c, Instant at) {
  if (at <= c.worker.now()) return come_again(c);
  StepState next = c.copy();
  next.word = reason_name(Reason::resumed);
  next.wake_at = at;
  judged(c, "held", Reason::resumed, at, {});
  c.move(std::move(next));
}

// Where contact.lua says how openings go, the end of a pause is one.
Instant turn_of(const StepCase& c, const Pause& pause) {
  const auto& opening = c.worker.rules().contact().opening;
  if (!opening || opening->spread <= Duration{}) return c.worker.now();
  const double share = unit_hash({"pause", c.worker.customer().id.view(),
                                  std::to_string(pause.number), format_instant(pause.ended_at)});
  return pause.ended_at +
         milliseconds(static_cast<int64_t>(share * static_cast<double>(opening->spread.ms)));
}

void open(const StepCase& c) {
  StepState next = c.copy();
  if (!c.worker.rules().contact().opening) return;
  next.opened = true;
  next.not_before = c.worker.now();
  c.move(std::move(next));
}

// So much later than it would have been.
void shift(const StepCase& c, const Pause& pause) {
  const Instant held_at = std::max(c.state()->not_before, pause.since);
  let_go(c, held_at + (pause.ended_at - pause.since));
}

void shift_runs(Worker& worker, const Steps& held, const Pause& pause) {
  std::vector<Key> runs;
  for (const auto& [id, step] : held)
    if (std::ranges::find(runs, id) == runs.end()) runs.push_back(id);
  for (const Key& id : runs) {
    const Instant from = std::max(pause.since, worker.customer().find_run(id)->started_at);
    worker.write(RunShifted{id, pause.ended_at - from});
  }
}

HeldTouch fate_of(const StepCase& c) {
  HeldTouch held;
  held.run = c.run_id;
  held.flow = c.flow.name;
  held.step = c.step().name;
  held.channel = via_of(c);
  held.since = c.state()->not_before;
  const GateAnswer answer = ask_now(c);
  if (const auto* later = std::get_if<Hold>(&answer.verdict)) {
    held.fate = HeldTouch::Fate::waits;
    held.reason = later->reason;
    held.until = later->until;
  } else if (const auto* no = std::get_if<Deny>(&answer.verdict)) {
    const bool late = no->reason == Reason::deadline_passed;
    held.fate = late ? HeldTouch::Fate::late : HeldTouch::Fate::refused;
    held.reason = no->reason;
  } else if (const auto* first = std::get_if<Need>(&answer.verdict)) {
    held.fate = HeldTouch::Fate::to_read;
    held.reason = first->reason;
  }
  return held;
}

}  // namespace

std::string pauses_actor() { return "pauses:"; }

bool set_pause(Worker& worker, Pause pause) {
  if (worker.customer().subject.empty())
    worker.write(CustomerMet{worker.seal(Doc::record({{"subject", Doc::text(pauses_actor())}}))});
  for (const Pause& one : worker.customer().lookout->pauses)
    if (one.stands() && same_scope(one, pause)) return false;
  pause.number = worker.customer().lookout->last_pause + 1;
  pause.since = worker.now();
  worker.write(PauseChanged{std::move(pause)});
  return true;
}

void command_pauses(Worker& worker, const CommandInput& command) {
  if (command.command == "resume") return end_pause(worker, command);
  if (command.command == "resumed") return forget_pause(worker, command);
  Pause pause;
  pause.flow = text_of(command.data, "flow");
  pause.channel = text_of(command.data, "channel");
  pause.segment = text_of(command.data, "segment");
  pause.off = command.data.view().find("off").boolean().value_or(false);
  pause.author = command.author;
  pause.reason = text_of(command.data, "reason");
  set_pause(worker, std::move(pause));
}

void release_held(Worker& worker, const CommandInput& command) {
  const Pauses* pauses = worker.context().pauses;
  const Pause* known = pauses ? pauses->find(number_of(command.data)) : nullptr;
  if (!known || known->stands()) return;
  const Pause pause = *known;
  const Steps held = held_by(worker, pause);
  if (held.empty()) return;
  worker.write(
      CommandTaken{"release", pause.ended_by,
                   Doc::record({{"pause", Doc::integer(static_cast<int64_t>(pause.number))},
                                {"paused", Doc::text(scope_words(pause))},
                                {"release", Doc::text(release_name(pause.release))}})});
  if (pause.release == Release::shift) shift_runs(worker, held, pause);
  const auto best =
      pause.release == Release::merge ? best_of(worker, held) : std::pair(Key{}, kNoStep);
  for (const auto& [id, step] : held) {
    const Run* run = worker.customer().find_run(id);
    const Flow* flow = run && run->live() ? worker.flow_of(run) : nullptr;
    const StepState* state = flow ? run->find(step) : nullptr;
    if (!state || !is_held(*state)) continue;  // an earlier one moved or ended it
    const StepCase c{worker, *flow, id, step};
    const bool second = best.second != kNoStep && is_message(c) && std::pair(id, step) != best;
    if (pause.release == Release::drop || second) {
      drop(c, second ? Reason::merged : Reason::paused, pause);
    } else if (pause.release == Release::shift) {
      shift(c, pause);
    } else {
      open(c);
      let_go(c, turn_of(c, pause));
    }
    advance(worker, id);
  }
}

std::string_view fate_name(HeldTouch::Fate fate) {
  static constexpr std::string_view names[] = {"leaves", "waits", "late", "refused", "to_read"};
  return names[static_cast<size_t>(fate)];
}

Doc to_doc(const Pause& pause) {
  return Doc::record({{"number", Doc::integer(static_cast<int64_t>(pause.number))},
                      {"flow", Doc::text(pause.flow)},
                      {"channel", Doc::text(pause.channel)},
                      {"segment", Doc::text(pause.segment)},
                      {"off", Doc::boolean(pause.off)},
                      {"since", Doc::instant(pause.since)},
                      {"author", Doc::text(pause.author)},
                      {"reason", Doc::text(pause.reason)}});
}

bool may_hold(const Customer& customer, const Pause& pause) {
  return std::ranges::any_of(customer.runs, [&](const Run& run) {
    return (pause.flow.empty() || run.flow == pause.flow) &&
           std::ranges::any_of(run.steps, is_held);
  });
}

std::vector<HeldTouch> held_touches(Customer& customer, const Context& context,
                                    const Pause& pause) {
  Decision nothing;
  Worker worker(customer, context, nothing);
  const Steps held = held_by(worker, pause);
  const auto best = best_of(worker, held);
  std::vector<HeldTouch> touches;
  for (const auto& [id, step] : held) {
    const Run* run = customer.find_run(id);
    const StepCase c{worker, *worker.flow_of(run), id, step};
    touches.push_back(fate_of(c));
    touches.back().second = best.second != kNoStep && is_message(c) && std::pair(id, step) != best;
  }
  return touches;
}

}  // namespace relance
