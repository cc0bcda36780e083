#include "core/run/settle.h"

#include <algorithm>

#include "core/run/advance.h"
#include "core/run/conversation.h"
#include "core/run/dispatch.h"
#include "core/run/guarded.h"
#include "core/run/human_item.h"
#include "core/run/write_back.h"

namespace relance {
namespace {

constexpr int kMostAttempts = 12;
constexpr std::string_view kRunEnded = "run ended";
// A touch that is unknown for one of these has been quiet for as long as its provider's index
// needs.
constexpr std::string_view kIndexCatchesUp = "the provider's index catches up";
constexpr std::string_view kNoWord = "look-up gives no answer";
constexpr std::string_view kLost = "it may have left in the time that the store lost";
constexpr Duration kAskGateAgain = hours(1);
constexpr Duration kClocksDrift = seconds(1);
constexpr Duration kLargestStep = minutes(5);  // of a clock that is set, before sends are held

// 1 s, 2 s, 4 s ... 1 h. Without jitter: it is replayed.
Duration back_off(int attempts) {
  return std::min(seconds(1) * (int64_t{1} << std::clamp(attempts, 0, 12)), hours(1));
}

struct Promise {
  DeliveryClass delivery = DeliveryClass::blind;
  bool can_look_up = false;
  Duration key_window, index_lag;
  uint64_t effect_hash = 0;
};

// What the touch's channel or connector promises today.
Promise promise_of(const Rules& rules, const Touch& touch) {
  if (touch.what == TouchWhat::operation) {
    const Connector* c = rules.connector(touch.channel);
    return c ? Promise{c->delivery, c->can_look_up, c->key_window, c->index_lag, c->effect_hash}
             : Promise{};
  }
  const Channel* c = rules.channel(touch.channel);
  return c ? Promise{c->delivery, c->can_look_up, c->key_window, c->index_lag, c->effect_hash}
           : Promise{};
}

TouchSettled still_open(const Touch& touch, TouchState state, Instant settle_at,
                        std::string_view reason) {
  TouchSettled settled;
  settled.key = touch.key;
  settled.state = state;
  settled.reason = reason;
  settled.settle_at = settle_at;
  settled.attempts = static_cast<uint8_t>(std::min<int>(touch.held->attempts + 1, 255));
  settled.cost_micro = touch.cost_micro;
  settled.cost_currency = touch.cost_currency;
  return settled;
}

// The time that the store lost, where this touch may have left in it.
const LostTime* lost_time_of(Worker& worker, const Touch& touch) {
  const LostTime* lost = worker.context().lost;
  if (!lost || worker.now() >= lost->over_at) return nullptr;
  const Run* run = worker.customer().find_run(touch.run);
  return !run || run->started_at <= lost->released_at ? lost : nullptr;
}

// The age of the key: the larger of what two clocks say, so that a clock set back does not keep a
// key alive. It may have been given for the first time as soon as the lost time began.
bool key_is_young(Worker& worker, const Touch& touch, Duration window) {
  const LostTime* lost = lost_time_of(worker, touch);
  const Instant given = lost ? std::min(lost->from, touch.intended_at) : touch.intended_at;
  const int64_t wall = (worker.now() - given).ms;
  const int64_t boot = worker.context().boot_ms - touch.held->boot_ms;
  return std::max(wall, boot) < window.ms - window.ms / 10;
}

// The step of an open touch, where its run still lives and still waits for it.
std::optional<StepCase> case_of(Worker& worker, const Touch& touch) {
  const Run* run = worker.customer().find_run(touch.run);
  if (!run) return std::nullopt;
  const Flow* flow = worker.flow_of(run);
  if (!flow || touch.step >= flow->steps.size() || !run->find(touch.step)) return std::nullopt;
  return StepCase{worker, *flow, touch.run, touch.step};
}

std::string_view standard_word(const Touch& touch, OperationStatus status) {
  const bool done = status == OperationStatus::done;
  switch (touch.what) {
    case TouchWhat::charge:
      return done ? "recovered" : status == OperationStatus::refused ? "refused" : "failed";
    case TouchWhat::operation:
      return done ? "done" : status == OperationStatus::refused ? "refused" : "failed";
    case TouchWhat::message:
    case TouchWhat::offer: break;
  }
  return done ? "delivered" : "failed";
}

// A word the step does not know (a plugin's own) becomes the standard word of its status.
std::string word_for(const Step* step, const Touch& touch, const OperationResult& result) {
  const std::string_view standard = standard_word(touch, result.status);
  if (result.word.empty()) return std::string(standard);
  if (!step || result.word == "delivered" || step->has_outcome(result.word)) return result.word;
  if (touch.what == TouchWhat::operation) return std::string(standard);
  return is_try_again(step->kind(), result.word) || result.word == "callback"
             ? result.word
             : std::string(standard);
}

bool had_conversation(const std::optional<StepCase>& c, const Touch& touch) {
  const StepState* state = c ? c->state() : nullptr;
  return state && state->touch == touch.key && !state->talk.empty();
}

// Nobody was there to listen, whatever was said.
bool is_unheard(std::string_view word) {
  constexpr std::string_view kWords[] = {"no_answer",      "busy",   "voicemail", "screened",
                                         "invalid_number", "failed", "delivered"};
  return std::find(std::begin(kWords), std::end(kWords), word) != std::end(kWords);
}

// What a conversation brought is laid over what the channel says of the call: the word its script
// closed with.
OperationResult with_conversation(const Conversed& conversed, OperationResult result) {
  if (!conversed.word.empty()) {
    result.word = conversed.word;
    result.status = OperationStatus::done;
  }
  if (!conversed.data.is_null()) result.data = Doc::merged(result.data, conversed.data);
  return result;
}

// A side message of a conversation left, or did not: its turn goes on.
bool is_side_message(const std::optional<StepCase>& c, const Touch& touch) {
  const StepState* state = c ? c->state() : nullptr;
  return state && state->side == touch.key && !state->talk.empty() && state->phase == Phase::out;
}

// Its run has ended, or nobody waits for it any more, so it must not leave. Operations still do: an
// undo is owed then.
bool comes_too_late(Worker& worker, const Touch& touch) {
  const Run* run = worker.customer().find_run(touch.run);
  if (touch.what == TouchWhat::offer)
    return !offer_stands(worker.customer(), touch) &&
           !is_side_message(case_of(worker, touch), touch);
  return touch.what != TouchWhat::operation && (!run || !run->live());
}

// What its record says of a touch that is done.
TouchSettled settled_as(Worker& worker, const std::optional<StepCase>& c, const Touch& touch,
                        const OperationResult& result) {
  TouchSettled settled;
  settled.key = touch.key;
  settled.forget = touch.of_customer();
  settled.outcome = word_for(c ? &c->step() : nullptr, touch, result);
  settled.reason = result.reason;
  settled.acted_at = result.acted_at == Instant{} ? worker.now() : result.acted_at;
  const bool happened =
      result.status == OperationStatus::done || result.status == OperationStatus::refused;
  settled.cost_micro = result.cost_currency ? result.cost_micro : happened ? touch.cost_micro : 0;
  settled.cost_currency = result.cost_currency ? result.cost_currency : touch.cost_currency;
  if (result.data.view().size() > 0) settled.data = worker.seal(result.data);
  for (const std::string& ref : result.refs)
    settled.reference_hashes.push_back(derive_hash({"ref", touch.channel, ref}));
  return settled;
}

// Only who may be asked to take a message back is asked by its provider's ids once it is done.
void keep_refs(Worker& worker, const Touch& touch, const OperationResult& result,
               TouchSettled& settled) {
  if (result.refs.empty() || !touch.is_contact()) return;
  const Channel* channel = worker.rules().channel(touch.channel);
  if (!channel || !channel->can_recall) return;
  std::vector<Doc> refs;
  for (const std::string& ref : result.refs) refs.push_back(Doc::text(ref));
  settled.refs = worker.seal(Doc::list(refs));
}

enum class Left : uint8_t { yes, never };

void finish(Worker& worker, const Touch& open_touch, const OperationResult& answer,
            Left left = Left::yes) {
  const Touch touch = open_touch;  // the record below changes the ledger's own
  auto c = case_of(worker, touch);
  const bool talked = had_conversation(c, touch);
  const Conversed conversed = talked ? conversation_result(*c) : Conversed{};
  const OperationResult result = with_conversation(conversed, answer);
  TouchSettled settled = settled_as(worker, c, touch, result);
  keep_refs(worker, touch, result, settled);
  const std::string word = settled.outcome;
  const ContactNews news{word,
                         result.reason,
                         settled.acted_at,
                         settled.cost_micro,
                         settled.cost_currency,
                         conversed.answers};
  worker.write(std::move(settled));
  if (talked) {
    remember_conversation(*c, touch.key);
    if (!is_unheard(word)) worker.answered(touch.key, worker.now());
  }
  if (left == Left::yes) tell_outcome(worker, touch, news);
  if (left == Left::yes && word != "failed") tell_guards(worker, touch, Guarded::contact);
  if (word == "opted_out") tell_guards(worker, touch, Guarded::opt_out);

  const auto& suppress = worker.rules().contact().suppress_on;
  if (touch.address && touch.is_contact() &&
      std::find(suppress.begin(), suppress.end(), word) != suppress.end())
    worker.write(AddressSuppressed{touch.address, word});
  if (word == "promised")
    worker.write(Remembered{{Memory::Kind::promised, touch.step_name, touch.key, worker.now()}});

  if (c) {
    const StepState* state = c->state();
    const bool waits =
        state && state->touch == touch.key && (state->phase == Phase::out || !c->run().live());
    OperationResult known = result;
    known.word = word;
    if (is_side_message(c, touch))
      conversation_texted(*c, word == "failed" ? "failed" : "sent");
    else if (waits || touch.what == TouchWhat::operation)
      logic_of(c->step().kind()).settled(*c, touch, known);
    advance(worker, touch.run);
  }
  if (touch.what == TouchWhat::charge) wake_held(worker, Reason::charge_open);
  if (touch.what == TouchWhat::offer) offer_settled(worker, touch, result);
  call_over(worker, touch);
}

// It did not happen, and will not.
void drop(Worker& worker, const Touch& touch, std::string_view reason) {
  OperationResult dropped;
  dropped.status = OperationStatus::failed;
  dropped.reason = reason;
  finish(worker, touch, dropped, Left::never);
}

// Its run goes on as if it had happened.
void go_on_as_sent(Worker& worker, const Touch& touch) {
  auto c = case_of(worker, touch);
  if (!c || touch.what == TouchWhat::charge) return;
  if (is_side_message(c, touch)) {
    conversation_texted(*c, "sent");
    return advance(worker, touch.run);
  }
  const StepState* state = c->state();
  const bool operation = touch.what == TouchWhat::operation;  // an undo's step has ended
  if (!state || state->touch != touch.key || (state->phase != Phase::out && !operation)) return;
  OperationResult as_sent;
  as_sent.status = OperationStatus::done;
  as_sent.word = operation ? "done" : "delivered";
  as_sent.reason = "unknown";
  logic_of(c->step().kind()).settled(*c, touch, as_sent);
  advance(worker, touch.run);
}

// It cannot be settled by us. A message counts as sent and its run goes on; a charge waits for a
// person and blocks the charges of its key.
void park(Worker& worker, const Touch& open_touch, std::string_view reason) {
  const Touch touch = open_touch;
  worker.write(still_open(touch, TouchState::parked, Instant::never(), reason));
  tell_later_news(worker, touch, {"unknown", reason, worker.now(), 0, {}, {}});
  go_on_as_sent(worker, touch);
  call_over(worker, touch);
}

void send_again(Worker& worker, const Touch& touch, TouchState state, std::string_view reason) {
  worker.write(still_open(touch, state, Instant::never(), reason));
  worker.ask(Send{worker.customer().id, *worker.customer().find_touch(touch.key), true, false});
}

// Waits: no attempt was made.
void put_off(Worker& worker, const Touch& touch, TouchState state, Instant until,
             std::string_view reason) {
  TouchSettled settled = still_open(touch, state, until, reason);
  settled.attempts = touch.held->attempts;
  worker.write(std::move(settled));
}

void look_up(Worker& worker, const Touch& touch) {
  worker.write(still_open(touch, TouchState::unknown, Instant::never(), "looking up"));
  worker.ask(LookUp{worker.customer().id, *worker.customer().find_touch(touch.key)});
}

// A clock that was set forward makes a wait shorter than it looks; after a restart of the machine
// its length is not known.
bool has_waited(const Worker& worker, const Touch& touch, Duration quiet) {
  const int64_t waited = worker.context().boot_ms - touch.held->waits_since_ms;
  return touch.delivery == DeliveryClass::lookup && waited + kClocksDrift.ms >= quiet.ms;
}

// A look-up that comes too early finds nothing of what did happen.
void look_up_when_quiet(Worker& worker, const Touch& touch, const Promise& promise) {
  const bool waited = has_waited(worker, touch, promise.index_lag);
  const bool quiet = waited || touch.reason == kIndexCatchesUp || touch.reason == kNoWord;
  if (quiet || promise.index_lag == Duration{}) return look_up(worker, touch);
  // This wait is not looked at again: it bears a clock that is set forward meanwhile.
  const Instant until = worker.now() + promise.index_lag + kLargestStep;
  put_off(worker, touch, TouchState::unknown, until, kIndexCatchesUp);
}

// It cannot be made again: what can be found out is found out.
void give_up(Worker& worker, const Touch& touch, const Promise& promise, std::string_view why) {
  if (touch.state == TouchState::intended) return drop(worker, touch, why);
  if (promise.can_look_up) return look_up_when_quiet(worker, touch, promise);
  park(worker, touch, why);
}

// What has not left yet does not leave under a pause. Where a charge may have happened it goes on:
// that is how it is found out.
bool charge_may_leave(Worker& worker, const Touch& touch, TouchState state) {
  const Pauses* pauses = worker.context().pauses;
  if (!pauses || touch.what != TouchWhat::charge || state != TouchState::intended) return true;
  const Pauses::Wish wish{touch.flow, touch.channel, touch.channel_kind};
  const std::string_view segment = worker.profile().find("segment").text().value_or("");
  if (pauses->holding(wish) || pauses->holding(wish, segment)) {
    put_off(worker, touch, state, worker.now() + kAskGateAgain, reason_name(Reason::paused));
    return false;
  }
  if (!pauses->refusing(wish)) return true;
  drop(worker, touch, reason_name(Reason::channel_off));
  return false;
}

// A message that leaves later than it was allowed to passes the gate once more: hours, consent,
// suppression and who owns the case may have changed. Caps and gap have counted it already. False:
// it was put off, in `state`, or given up.
bool passes_gate_again(Worker& worker, const Touch& touch, TouchState state) {
  if (!charge_may_leave(worker, touch, state)) return false;
  const auto c = touch.is_contact() ? case_of(worker, touch) : std::nullopt;
  const Channel* channel = c ? worker.rules().channel(touch.channel) : nullptr;
  if (!channel) return true;
  const GateAnswer answer = ask_gate_for(*c, *channel, touch.channel, touch.requested, true);
  if (const auto* hold = std::get_if<Hold>(&answer.verdict)) {
    const Instant until =
        hold->until.is_never() ? worker.now() + kAskGateAgain : std::max(hold->until, worker.now());
    put_off(worker, touch, state, until, reason_name(hold->reason));
    return false;
  }
  const auto* deny = std::get_if<Deny>(&answer.verdict);
  if (!deny) return true;
  Touch as_it_is = touch;
  as_it_is.state = state;
  give_up(worker, as_it_is, promise_of(worker.rules(), touch), reason_name(deny->reason));
  return false;
}

// Enough was asked. Of what the CRM is told nothing is waited for: it may be down for days.
bool is_tired(Worker& worker, const Touch& touch) {
  if (touch.held->attempts < kMostAttempts || touch.of_customer()) return false;
  const auto c = case_of(worker, touch);
  return !c || c->step().kind() != StepKind::record;
}

// It may have happened: what its class allows next, and when.
void unknown(Worker& worker, const Touch& touch, std::string_view reason) {
  const Promise promise = promise_of(worker.rules(), touch);
  switch (touch.delivery) {
    case DeliveryClass::repeatable:
    case DeliveryClass::keyed: {
      const Instant next = worker.now() + back_off(touch.held->attempts);
      return worker.write(still_open(touch, TouchState::unknown, next, reason));
    }
    case DeliveryClass::lookup: {
      if (is_tired(worker, touch)) break;
      const Duration wait = std::max(promise.index_lag, back_off(touch.held->attempts));
      TouchSettled waits = still_open(touch, TouchState::unknown, worker.now() + wait, reason);
      waits.boot_ms = worker.context().boot_ms;
      return worker.write(std::move(waits));
    }
    case DeliveryClass::blind: break;
  }
  park(worker, touch, reason);
}

}  // namespace

void leave(Worker& worker, Touch touch, bool slot) {
  const auto is_safe = [&] {
    const bool keyed = touch.delivery == DeliveryClass::keyed;
    return touch.delivery == DeliveryClass::repeatable ||
           (keyed && key_is_young(worker, touch, promise_of(worker.rules(), touch).key_window));
  };
  if (!lost_time_of(worker, touch) || is_safe())
    return worker.ask(Send{worker.customer().id, std::move(touch), false, slot});
  unknown(worker, touch, kLost);
}

void settle(Worker& worker, const Key& key, const OperationResult& result) {
  const Touch* touch = worker.customer().find_touch(key);
  if (!touch || touch->state == TouchState::done || worker.customer().holds(*touch))
    return;  // a late completion is evidence, not an order
  switch (result.status) {
    case OperationStatus::not_now: {
      // Of an earlier attempt it says nothing: what may have happened still may have.
      const bool certain = touch->state == TouchState::intended;
      if (certain && comes_too_late(worker, *touch)) return drop(worker, *touch, kRunEnded);
      Instant again = worker.now() + back_off(touch->held->attempts);
      if (!result.again_at.is_never()) again = std::max(again, result.again_at);
      return worker.write(still_open(*touch, touch->state, again, result.reason));
    }
    case OperationStatus::unknown:
      return unknown(worker, *touch, result.reason.empty() ? "no answer" : result.reason);
    case OperationStatus::absent:  // not an answer to a send: nothing is known
      return unknown(worker, *touch, "absent");
    default: finish(worker, *touch, result);
  }
}

void settle_looked_up(Worker& worker, const Key& key, const OperationResult& result) {
  const Touch* touch = worker.customer().find_touch(key);
  if (!touch || touch->state != TouchState::unknown || worker.customer().holds(*touch)) return;
  if (result.status == OperationStatus::done || result.status == OperationStatus::refused)
    return finish(worker, *touch, result);
  if (result.status == OperationStatus::absent) {
    const auto c = case_of(worker, *touch);
    const auto* send = c ? std::get_if<SendStep>(&c->step().body) : nullptr;
    // A charge that the provider has never seen may be attempted with its own key; anything else
    // only if the flow says so.
    constexpr std::string_view kNeverSeen = "never seen by the provider";
    // So may what this store has not sent since it was put back to an older state.
    const LostTime* lost = lost_time_of(worker, *touch);
    const bool again = touch->what != TouchWhat::message || (send && send->resend_unknown) ||
                       (lost && touch->intended_at > lost->from);
    if (!again || comes_too_late(worker, *touch)) return drop(worker, *touch, kNeverSeen);
    if (passes_gate_again(worker, *touch, TouchState::intended))
      send_again(worker, *touch, TouchState::intended, kNeverSeen);
    return;
  }
  if (is_tired(worker, *touch)) return park(worker, *touch, kNoWord);
  worker.write(still_open(*touch, TouchState::unknown,
                          worker.now() + back_off(touch->held->attempts), kNoWord));
}

void settle_due(Worker& worker, const Key& key) {
  const Touch* touch = worker.customer().find_touch(key);
  if (!touch || !touch->open() || worker.customer().holds(*touch)) return;
  const Promise promise = promise_of(worker.rules(), *touch);
  const bool too_late = comes_too_late(worker, *touch);
  if (too_late) return give_up(worker, *touch, promise, kRunEnded);
  const auto repeat = [&](std::string_view why) {
    const TouchState state = touch->state;
    if (passes_gate_again(worker, *touch, state)) send_again(worker, *touch, state, why);
  };
  // It certainly did not happen: "not now". After a lost time that was the last that is known.
  const LostTime* lost = lost_time_of(worker, *touch);
  const bool certain = !lost || touch->intended_at > lost->from;
  if (touch->state == TouchState::intended)
    return certain ? repeat("asked again") : unknown(worker, *touch, kLost);
  if (touch->delivery == DeliveryClass::repeatable) return repeat("repeatable");
  const bool keyed = touch->delivery == DeliveryClass::keyed;
  const bool same_build = promise.effect_hash == touch->held->effect_hash;
  if (keyed && same_build && key_is_young(worker, *touch, promise.key_window))
    return repeat("same key again");
  if (keyed) return give_up(worker, *touch, promise, "its key is no longer honoured");
  look_up_when_quiet(worker, *touch, promise);
}

void settle_never_begun(Worker& worker, const Key& key) {
  const Touch* touch = worker.customer().find_touch(key);
  if (!touch || !touch->open() || worker.customer().holds(*touch)) return;
  if (comes_too_late(worker, *touch)) return drop(worker, *touch, kRunEnded);
  if (passes_gate_again(worker, *touch, touch->state))
    worker.ask(Send{worker.customer().id, *touch, false, false});
}

void settle_after_crash(Worker& worker, const Key& key) {
  const Touch* touch = worker.customer().find_touch(key);
  if (!touch || !touch->open() || worker.customer().holds(*touch)) return;
  if (!touch->held->settle_at.is_never()) return;  // it waits for its instant; the timer knows
  unknown(worker, *touch, "crash");
}

void settle_by_person(Worker& worker, const Key& key, std::string_view word,
                      std::string_view author) {
  const Touch* touch = worker.customer().find_touch(key);
  if (!touch || touch->state == TouchState::done || worker.customer().holds(*touch)) return;
  worker.write(
      CommandTaken{"settle", std::string(author),
                   Doc::record({{"key", Doc::text(key.text())}, {"as", Doc::text(word)}})});
  OperationResult result;
  result.reason = "settled by " + std::string(author);
  result.status = word == "absent" ? OperationStatus::failed : OperationStatus::done;
  if (word != "absent" && word != "done") result.word = word;
  finish(worker, *worker.customer().find_touch(key), result);
}

}  // namespace relance
