#include "core/run/dispatch.h"

#include "core/run/advance.h"
#include "core/run/choose.h"
#include "core/run/content.h"
#include "core/run/freeze.h"
#include "core/run/opening.h"
#include "core/run/plan_try.h"
#include "core/run/reading.h"
#include "core/run/rivals.h"
#include "core/run/segment.h"
#include "core/run/settle.h"

namespace relance {
namespace {

constexpr Duration kRecheckHolds = seconds(60);
constexpr Duration kReadAgain = minutes(5);

void hold(const StepCase& c, const Hold& answer, Doc facts) {
  StepState next = c.copy();
  const bool told = next.phase == Phase::held && next.word == reason_name(answer.reason) &&
                    (next.wake_at == answer.until || answer.reason == Reason::outranked);
  if (!told) judged(c, "held", answer.reason, answer.until, std::move(facts));
  const bool paused_now = answer.reason == Reason::paused && !told;
  next.phase = Phase::held;
  next.word = reason_name(answer.reason);
  next.wake_at = answer.until;
  if (paused_now) next.not_before = c.worker.now();
  if (c.worker.rules().contact().opening && is_shut(answer.reason)) {
    next.opened = true;
    if (!answer.until.is_never()) next.not_before = answer.until;
  }
  c.move(std::move(next));
}

void need(const StepCase& c, const Need& answer, Doc facts) {
  if (answer.reason == Reason::history_unread) {
    // The ledger was cut shorter than today's rules look back: the touch waits until it reaches far
    // enough again.
    const Duration back = std::max(c.worker.rules().contact().longest_look_back(),
                                   c.flow.tighten.longest_look_back());
    return hold(c, {c.worker.customer().touches_since + back, "", answer.reason}, std::move(facts));
  }
  if (answer.reason == Reason::recheck_unread) {
    const Recheck& recheck = *c.flow.recheck;
    return ask_read(c, recheck.from, recheck.what, recheck.by, reason_name(answer.reason));
  }
  ask_read(c, "crm", "", "", reason_name(Reason::profile_unread));
}

void deny(const StepCase& c, const Deny& answer, Doc facts) {
  const bool late = answer.reason == Reason::deadline_passed;
  judged(c, late ? "late" : "denied", answer.reason, Instant::never(), std::move(facts));
  if (c.step().kind() == StepKind::charge) {
    const bool dead = answer.reason == Reason::credential_dead;
    return c.end(dead ? "refused" : "failed", reason_name(answer.reason));
  }
  if (late) return end_late(c);
  c.end("denied", reason_name(answer.reason));
}

// Anew for every dispatch: what may go, and what is worth it, changes while a touch is held. Who
// asked to be called back is called, and a want that a restart repeats is the same want.
bool is_to_choose(const StepCase& c) {
  const auto* send = std::get_if<SendStep>(&c.step().body);
  if (!send || send->channels.empty()) return false;
  const StepState* state = c.state();
  return !state || (!state->callback_next && state->phase != Phase::wanting);
}

void send_now(const StepCase& c, const Channel& channel, const Allow& answer, Doc facts) {
  if (!answer.lifted.empty())
    c.worker.explain(c.run_id, c.index, "override", answer.lifted, std::move(facts));
  auto frozen = freeze(c, channel, answer);
  if (!frozen) {
    if (frozen.error().code != Code::script_missing_fact) return c.fail(frozen.error());
    return c.end("failed", "missing_fact");
  }
  c.worker.write(TouchIntended{frozen->touch, true});
  leave(c.worker, std::move(*frozen).to_send(), true);
}

// His record was read again. False: he has left, and the run has ended.
bool still_in_segment(const StepCase& c) {
  const SegmentTest test(*c.flow.segment, c.worker.now());
  const bool in = test.record_fits(c.worker.profile()) &&
                  test.facts_fit(c.worker.open(c.worker.customer().lookout->facts));
  c.worker.explain(c.run_id, c.index, "segment", in ? "stays" : "left", {});
  if (!in) end_run(c.worker, c.run_id, RunEnd::stopped, reason_name(Reason::left_segment));
  return in;
}

}  // namespace

void seek_slot(const StepCase& c) {
  if (is_to_choose(c) && !choose_channel(c)) return;
  StepState next = c.copy();
  const Rules& rules = c.worker.rules();
  Want want{c.worker.customer().id,
            c.run_id,
            c.index,
            next.try_no,
            std::string(via_of(c)),
            rules.contact().priority_of(c.flow.name),
            Instant::never(),
            std::min(next.wake_at, c.worker.now()),
            {},
            0};
  if (c.flow.segment && c.flow.segment->pace > 0) {
    want.paced = c.flow.name;
    want.per_minute = c.flow.segment->pace;
  }
  if (const auto deadline = deadline_of(c, next)) want.deadline = *deadline;
  if (c.worker.context().slots.take(want)) return dispatch(c);
  if (next.phase != Phase::wanting) {
    const bool behind = next.word == reason_name(Reason::outranked);
    const bool begins = next.phase == Phase::waiting || (next.phase == Phase::held && !behind);
    if (begins && !next.opened && rules.contact().opening) next.not_before = c.worker.now();
    next.phase = Phase::wanting;
    next.wake_at = Instant::never();
    c.move(std::move(next));
  }
  c.worker.ask(std::move(want));
}

void wake_held(Worker& worker, Reason reason) {
  std::vector<std::pair<Key, StepIndex>> waiting;
  for (const Run& run : worker.customer().runs)
    for (const StepState& state : run.steps)
      if (run.live() && state.phase == Phase::held && state.word == reason_name(reason))
        waiting.emplace_back(run.id, state.step);
  for (const auto& [id, step] : waiting) {
    const Run* run = worker.customer().find_run(id);
    const Flow* flow = run && run->live() ? worker.flow_of(run) : nullptr;
    const StepState* state = flow ? run->find(step) : nullptr;
    if (!state || state->phase != Phase::held) continue;  // an earlier one moved or ended it
    const StepCase c{worker, *flow, id, step};
    if (worker.rules().contact().opening) {
      StepState next = *state;
      next.not_before = worker.now();
      c.move(std::move(next));
    }
    come_again(c);
    advance(worker, id);
  }
}

namespace {

struct Asking {
  bool requested = false;
  bool repeat = false;
  bool side = false;  // a message in the middle of a conversation
  // Would it go then, by what is known now? never(): it is about to go.
  Instant then = Instant::never();
};

GateAnswer ask_as(const StepCase& c, const Channel& channel, std::string_view via, Asking how) {
  const Sending sending = sending_of(c.step());
  const Rules& rules = c.worker.rules();
  const StepState state = c.copy();
  const DocView profile = c.worker.profile();
  const Recheck* recheck = c.flow.recheck ? &*c.flow.recheck : nullptr;
  const bool about_to_go = !how.side && !how.repeat && how.then.is_never();
  const bool contact = sending.what == TouchWhat::message && about_to_go;
  const std::optional<Rival> rival = contact ? rival_of(c) : std::nullopt;
  const Instant fresh_since = c.worker.now() - kRecheckHolds;
  const bool recheck_pending = recheck && about_to_go && state.rechecked_at < fresh_since;
  const bool is_stale =
      c.flow.segment && about_to_go && c.worker.customer().profile_at < fresh_since;
  return ask_gate({.customer = c.worker.customer(),
                   .run = c.run(),
                   .step = c.index,
                   .now = how.then.is_never() ? c.worker.now() : how.then,
                   .what = sending.what,
                   .channel = via,
                   .channel_kind = channel.kind,
                   .languages = channel.languages,
                   .purpose = c.flow.purpose,
                   .requested = how.requested || how.repeat,
                   .repeat = how.repeat,
                   .overrides = sending.send ? std::span<const Override>(sending.send->overrides)
                                             : std::span<const Override>(),
                   .deadline = how.side ? std::nullopt : deadline_of(c, state),
                   .rules = rules.contact(),
                   .tighten = c.flow.tighten,
                   .suppression = c.worker.context().suppression,
                   .profile = profile,
                   .bundle_zone = rules.zone(),
                   .bundle_locale = rules.locale(),
                   .profile_needed = sending.what == TouchWhat::message,
                   .profile_stale = is_stale,
                   .recheck_pending = recheck_pending,
                   .rival = rival ? &*rival : nullptr,
                   .held_until = contact ? waited_since(c, state) : Instant::never(),
                   .pauses = c.worker.context().pauses});
}

}  // namespace

GateAnswer ask_gate_for(const StepCase& c, const Channel& channel, std::string_view via,
                        bool requested, bool repeat) {
  return ask_as(c, channel, via, {requested, repeat, via != via_of(c)});
}

GateAnswer ask_gate_as_candidate(const StepCase& c, const Channel& channel) {
  const SendStep* send = sending_of(c.step()).send;
  return ask_as(c, channel, channel.name, {send && send->requested, false, false});
}

GateAnswer ask_gate_then(const StepCase& c, const Channel& channel, Instant then) {
  const SendStep* send = sending_of(c.step()).send;
  return ask_as(c, channel, channel.name, {send && send->requested, false, false, then});
}

void dispatch(const StepCase& c) {
  const Sending sending = sending_of(c.step());
  const std::string via(via_of(c));
  const Channel* channel = c.worker.rules().channel(via);
  if (!channel) return c.end("failed", "unknown_channel");
  const StepState state = c.copy();
  const bool requested = state.callback_next || (sending.send && sending.send->requested);
  GateAnswer answer = ask_gate_for(c, *channel, via, requested);
  if (const auto* yes = std::get_if<Allow>(&answer.verdict))
    return wants_content(c) ? ask_content(c, *channel)
                            : send_now(c, *channel, *yes, std::move(answer.facts));
  if (const auto* later = std::get_if<Hold>(&answer.verdict))
    return hold(c, *later, std::move(answer.facts));
  if (const auto* first = std::get_if<Need>(&answer.verdict))
    return need(c, *first, std::move(answer.facts));
  deny(c, std::get<Deny>(answer.verdict), std::move(answer.facts));
}

namespace {

// The source is in trouble: nothing is lost, the touch comes again. A charge needs nobody's record;
// its time is planned without.
void read_later(const StepCase& c, const OperationResult& result, Reason reason) {
  StepState next = c.copy();
  if (awaits_customer(next) && c.step().kind() == StepKind::charge) return plan_known(c);
  next.phase = Phase::held;
  next.word = reason_name(reason);
  next.wake_at = std::max(c.worker.now() + kReadAgain,
                          result.again_at.is_never() ? Instant{} : result.again_at);
  judged(c, "held", reason, next.wake_at, {});
  c.move(std::move(next));
}

}  // namespace

void take_reading(const StepCase& c, const OperationResult& result) {
  StepState next = c.copy();
  if (awaits_content(next)) return take_content(c, result);
  const bool unplanned = awaits_customer(next);
  if (unplanned || next.word == reason_name(Reason::profile_unread)) {
    if (!take_customer(c, result)) return read_later(c, result, Reason::profile_unread);
    if (c.flow.segment && !still_in_segment(c)) return;
    return unplanned ? plan_known(c) : seek_slot(c);
  }
  if (!is_answer(result)) return read_later(c, result, Reason::recheck_unread);
  if (!c.flow.recheck) return seek_slot(c);  // what was read is nothing that its flow asks for
  const Recheck& recheck = *c.flow.recheck;
  const auto says = [&](const std::string& field) {
    return !field.empty() && result.data.view().find_path(field).boolean().value_or(false);
  };
  if (says(recheck.goal))
    return end_run(c.worker, c.run_id, RunEnd::goal, reason_name(Reason::goal_reached));
  if (says(recheck.stop))
    return end_run(c.worker, c.run_id, RunEnd::stopped, reason_name(Reason::stopped_by_recheck));
  next.rechecked_at = c.worker.now();
  c.move(std::move(next));
  seek_slot(c);
}

}  // namespace relance
