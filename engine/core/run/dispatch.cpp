#include "core/run/dispatch.h"

#include "core/run/advance.h"
#include "core/run/choose.h"
#include "core/run/content.h"
#include "core/run/freeze.h"
#include "core/run/moment.h"
#include "core/run/opening.h"
#include "core/run/profile.h"
#include "core/run/rivals.h"
#include "core/run/segment.h"
#include "core/run/settle.h"

namespace relance {
namespace {

constexpr Duration kRecheckHolds = seconds(60);
constexpr Duration kReadAgain = minutes(5);

// After a first try the step ends in the last try's word instead.
void end_late(const StepCase& c, const StepState& state) {
  c.end(state.last_word.empty() ? "late" : std::string_view(state.last_word),
        reason_name(Reason::deadline_passed));
}

void judged(const StepCase& c, std::string_view verdict, Reason reason, Instant until, Doc facts) {
  const StepState state = c.copy();
  c.worker.write(TouchJudged{c.run_id, c.index, static_cast<uint8_t>(state.try_no + 1),
                             std::string(via_of(c)), std::string(verdict),
                             std::string(reason_name(reason)), until, std::move(facts)});
}

// Asks the step's policy for the next try's instant. nullopt: the step has ended.
std::optional<Instant> ask_policy(const StepCase& c, const StepState& state, const Sending& sending,
                                  Instant earliest) {
  PolicyQuestion question{"at", c.index, state.try_no + 1, {}, earliest, nullptr};
  for (const Touch& touch : c.worker.customer().touches)
    if (touch.run == c.run_id && touch.step == c.index)
      question.earlier.push_back(touch.intended_at);
  const DocView profile = c.worker.profile();
  question.zone = zone_of(c, profile).candidates.front();
  const auto answer = c.worker.rules().policy(sending.at->policy, question, c.view());
  if (!answer) {
    c.fail(answer.error());
    return std::nullopt;
  }
  const std::string choice = answer->never ? "never" : format_instant(answer->at);
  c.worker.explain(c.run_id, c.index, "policy", choice,
                   Doc::record({{"policy", Doc::text(sending.at->policy)},
                                {"reason", Doc::text(answer->reason)},
                                {"try", Doc::integer(state.try_no + 1)}}));
  if (!answer->never) return std::max(earliest, answer->at);
  const std::string_view word = sending.what == TouchWhat::charge ? "refused" : "denied";
  c.end(state.last_word.empty() || sending.what == TouchWhat::charge
            ? word
            : std::string_view(state.last_word),
        answer->reason);
  return std::nullopt;
}

std::optional<TimeOfDay> time_of_day(const StepCase& c, const SendTime& at) {
  if (at.path.empty()) return at.local;
  const View view = c.view();
  const auto time = parse_time_of_day(view.find(at.path).first.text().value_or(""));
  return time ? std::optional(*time) : std::nullopt;
}

void hold(const StepCase& c, const Hold& answer, Doc facts) {
  StepState next = c.copy();
  const bool told = next.phase == Phase::held && next.word == reason_name(answer.reason) &&
                    (next.wake_at == answer.until || answer.reason == Reason::outranked);
  if (!told) judged(c, "held", answer.reason, answer.until, std::move(facts));
  next.phase = Phase::held;
  next.word = reason_name(answer.reason);
  next.wake_at = answer.until;
  const bool opens = answer.reason == Reason::outside_window || answer.reason == Reason::quiet_day;
  if (opens && c.worker.rules().contact().opening) next.not_before = answer.until;
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
  if (late) return end_late(c, c.copy());
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
  auto touch = freeze(c, channel, answer);
  if (!touch) {
    if (touch.error().code != Code::script_missing_fact) return c.fail(touch.error());
    return c.end("failed", "missing_fact");
  }
  c.worker.write(TouchIntended{*touch, true});
  leave(c.worker, *touch, true);
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

std::string_view via_of(const StepCase& c) {
  const auto* send = std::get_if<SendStep>(&c.step().body);
  if (!send) return std::get<ChargeStep>(c.step().body).via;
  if (send->channels.empty()) return send->via;
  const StepState* state = c.state();
  const size_t chosen = state ? state->channel : 0;
  return send->channels[std::min(chosen, send->channels.size() - 1)].via;
}

Sending sending_of(const Step& step) {
  if (const auto* send = std::get_if<SendStep>(&step.body))
    return {TouchWhat::message, send->tries, send->gap, &send->at, &send->data, send};
  const auto& charge = std::get<ChargeStep>(step.body);
  return {TouchWhat::charge, charge.tries, charge.gap, &charge.at, &charge.data, nullptr};
}

ZoneGuess zone_of(const StepCase& c, DocView profile) {
  return zone_of_profile(profile, c.worker.rules().zone());
}

std::optional<Instant> deadline_of(const StepCase& c, const StepState& state) {
  const SendStep* send = sending_of(c.step()).send;
  if (!send || !send->deadline || state.callback_next) return std::nullopt;
  const DocView profile = c.worker.profile();
  return resolve(*send->deadline, c.view(), *zone_of(c, profile).candidates.front());
}

void plan_try(const StepCase& c) {
  const Sending sending = sending_of(c.step());
  StepState next = c.copy();
  Instant at = std::max(c.worker.now(), next.not_before);
  if (!next.callback_next && !sending.at->policy.empty()) {
    const auto chosen = ask_policy(c, next, sending, at);
    if (!chosen) return;
    at = *chosen;
  } else if (const auto time = next.callback_next ? std::nullopt : time_of_day(c, *sending.at)) {
    const DocView profile = c.worker.profile();
    at = zone_of(c, profile).candidates.front()->next(at, *time);
  }
  if (const auto deadline = deadline_of(c, next); deadline && at > *deadline) {
    judged(c, "late", Reason::deadline_passed, *deadline, {});
    return end_late(c, next);
  }
  if (at <= c.worker.now()) return seek_slot(c);
  next.phase = Phase::waiting;
  next.wake_at = at;
  next.not_before = at;
  c.move(std::move(next));
}

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
    const bool begins = next.phase == Phase::waiting && rules.contact().opening;
    if (begins) next.not_before = c.worker.now();
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
    seek_slot(c);
    advance(worker, id);
  }
}

namespace {

struct Asking {
  bool requested = false;
  bool repeat = false;
  bool side = false;  // a message in the middle of a conversation
};

GateAnswer ask_as(const StepCase& c, const Channel& channel, std::string_view via, Asking how) {
  const Sending sending = sending_of(c.step());
  const Rules& rules = c.worker.rules();
  const StepState state = c.copy();
  const DocView profile = c.worker.profile();
  const Recheck* recheck = c.flow.recheck ? &*c.flow.recheck : nullptr;
  const bool contact = sending.what == TouchWhat::message && !how.side && !how.repeat;
  const std::optional<Rival> rival = contact ? rival_of(c) : std::nullopt;
  const bool recheck_pending =
      recheck && !how.side && !how.repeat && state.rechecked_at + kRecheckHolds < c.worker.now();
  const bool is_stale = c.flow.segment && !how.side && !how.repeat &&
                        c.worker.customer().profile_at + kRecheckHolds < c.worker.now();
  return ask_gate({.customer = c.worker.customer(),
                   .run = c.run(),
                   .step = c.index,
                   .now = c.worker.now(),
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
                   .held_until = contact ? waited_since(c, state) : Instant::never()});
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

void ask_read(const StepCase& c, std::string_view connector, std::string_view what,
              std::string_view by, std::string_view why) {
  StepState next = c.copy();
  Read read;
  read.customer = c.worker.customer().id;
  read.connector = connector;
  read.what = what;
  read.subject = c.worker.subject();
  if (!by.empty()) {
    const std::string path =
        by.find('.') == std::string_view::npos ? "event." + std::string(by) : std::string(by);
    const View view = c.view();
    const DocView value = view.find(path).first;
    read.by = value.text() ? std::string(*value.text()) : to_json(value);
  }
  read.operation = derive_key({c.worker.context().installation, c.run_id.view(), c.step().name,
                               "read", std::to_string(c.worker.customer().entries), why});
  next.phase = Phase::reading;
  next.touch = read.operation;
  next.word = why;
  next.wake_at = Instant::never();
  c.move(std::move(next));
  c.worker.ask(std::move(read));
}

void take_reading(const StepCase& c, const OperationResult& result) {
  StepState next = c.copy();
  if (awaits_content(next)) return take_content(c, result);
  const bool profile = next.word == reason_name(Reason::profile_unread);
  const bool answered =
      result.status == OperationStatus::done || result.status == OperationStatus::absent;
  if (!answered) {  // the source is in trouble: nothing is lost, the touch comes again
    next.phase = Phase::held;
    next.wake_at = std::max(c.worker.now() + kReadAgain,
                            result.again_at.is_never() ? Instant{} : result.again_at);
    judged(c, "held", profile ? Reason::profile_unread : Reason::recheck_unread, next.wake_at, {});
    return c.move(std::move(next));
  }
  if (profile) {
    const bool known = result.status == OperationStatus::done && !result.data.is_null();
    take_profile(c.worker, known ? result.data : Doc::empty_record());
    if (c.flow.segment && !still_in_segment(c)) return;
    return seek_slot(c);
  }
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
