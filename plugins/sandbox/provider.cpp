#include "provider.h"

#include <stdexcept>

#include "kit/complete.h"
#include "kit/share.h"

namespace sandbox {
namespace {

constexpr int64_t kComeBackMs = 60 * 1000;
constexpr int64_t kAskAgainMs = 1000;
constexpr int64_t kMinuteMs = 60 * 1000;
constexpr int64_t kLongCallMinutes = 5;  // what `estimate` expects at most

}  // namespace

Provider::Provider(const rl_host* host, std::string_view config)
    : host_(host),
      behaviour_(read_behaviour(config)),
      timers_(host),
      effects_(behaviour_.effects, behaviour_.channel),
      customers_(host, behaviour_, timers_),
      calls_(host, behaviour_, timers_, [this](const CallEnd& over) { call_ended(over); }) {
  const std::string problems = problems_of(config);
  if (!problems.empty()) throw std::invalid_argument(problems);
}

void Provider::start(rl_op op) {
  try {
    effects_.load();
    customers_.load();
    kit::complete(host_, op, {});
  } catch (const std::exception& error) {
    kit::complete(host_, op, {.status = RL_FAILED, .reason = error.what()});
  }
}

rl_cost Provider::cost(int64_t micro, uint32_t quality) const {
  rl_cost cost{};
  cost.micro = micro;
  behaviour_.currency.copy(cost.currency, 3);
  cost.quality = quality;
  return cost;
}

void Provider::estimate(const rl_touch&, rl_cost& into) const {
  const bool voice = behaviour_.kind == As::voice;
  into = cost(behaviour_.cost_micro * (voice ? kLongCallMinutes : 1), RL_COST_AT_MOST);
}

void Provider::send(rl_op op, const rl_touch& touch) {
  Sending& sending = sending_[op];
  sending.facts = read_facts(touch);
  sending.not_after = touch.not_after;
  under_way_.insert(sending.facts.key);
  timers_.after(behaviour_.delay_ms, [this, op] { act(op); });
}

void Provider::act(rl_op op) {
  const auto it = sending_.find(op);
  if (it == sending_.end()) return;  // cancelled
  const Sending sending = std::move(it->second);
  sending_.erase(it);
  const Facts& facts = sending.facts;
  const int64_t now = host_->now(host_);
  if (sending.not_after != 0 && now > sending.not_after) {
    return finish(op, facts, {RL_FAILED, "failed", "too_late", {}}, 0);
  }
  if (put_off(op, facts.key)) return;
  const bool again = behaviour_.keyed && effects_.done(facts.key);
  const bool new_method = customers_.world().has_new_method(facts.customer);
  const Answer answer = answer_to(behaviour_, facts, new_method);
  if (!again) {
    const std::string& to = facts.address.empty() ? facts.customer : facts.address;
    if (!write_effect(op, {facts.key, to, now, facts.try_no})) return;
    if (answer.word == "recovered") customers_.world().pay(facts.bill_id);
    const bool message = behaviour_.kind != As::retry && behaviour_.kind != As::voice;
    if (message && answer.word == "delivered") {
      customers_.expect(facts, plan_reactions(behaviour_, facts, now));
    }
    if (kit::share(behaviour_.seed, facts.key, "unknown") < behaviour_.unknown) {
      return finish(op, facts, {RL_UNKNOWN, {}, "no_answer_from_provider", {}}, 0);
    }
  }
  timers_.after(behaviour_.answer_after_ms, [this, op, facts, answer] {
    host_->effect(host_, op, RL_ANSWERED);
    respond(op, facts, answer);
  });
}

void Provider::respond(rl_op op, const Facts& facts, const Answer& answer) {
  if (behaviour_.kind != As::voice) return finish(op, facts, answer, behaviour_.cost_micro);
  if (answer.word == "picked_up") return calls_.ring(op, facts);
  const bool rings = answer.word == "voicemail" || answer.word == "no_answer";
  timers_.after(rings ? behaviour_.ring_ms : 0, [this, op, facts, answer] {
    finish(op, facts, answer, behaviour_.cost_unanswered_micro);
  });
}

void Provider::finish(rl_op op, const Facts& facts, const Answer& answer, int64_t cost_micro) {
  under_way_.erase(facts.key);
  kit::complete(host_, op,
                {.status = answer.status,
                 .word = answer.word,
                 .reason = answer.reason,
                 .data = answer.data,
                 .ref = facts.key,
                 .cost = cost(cost_micro, RL_COST_EXACT)});
}

void Provider::call_ended(const CallEnd& over) {
  const int64_t now = host_->now(host_);
  const int64_t minutes = (over.duration_ms + kMinuteMs - 1) / kMinuteMs;
  const std::string data = kit::Object().integer("duration_s", over.duration_ms / 1000).close();
  call_words_[over.facts.key] = over.word;
  customers_.expect(over.facts,
                    {{now, Move::tell, "call.ended",
                      kit::Object().text("text", over.word).raw("data", data).close()}});
  if (over.promised) {
    customers_.expect(over.facts, plan_promise(behaviour_, over.facts, now));
  }
  finish(over.send, over.facts, {RL_DONE, over.word, {}, data}, minutes * behaviour_.cost_micro);
}

void Provider::cancel(rl_op op) {
  if (calls_.hang_up(op)) return;
  const auto it = sending_.find(op);
  if (it == sending_.end()) return;  // it acted already and will answer
  const Facts facts = std::move(it->second.facts);
  sending_.erase(it);
  finish(op, facts, {RL_CANCELLED, {}, "cancelled", {}}, 0);
}

void Provider::lookup(rl_op op, const rl_touch& touch) {
  const Facts facts = read_facts(touch);
  if (under_way_.contains(facts.key)) {
    const int64_t again_at = host_->now(host_) + kAskAgainMs;
    return kit::complete(host_, op,
                         {.status = RL_NOT_NOW, .reason = "under_way", .again_at = again_at});
  }
  if (!effects_.done(facts.key)) {
    return kit::complete(host_, op, {.status = RL_ABSENT, .reason = "never_seen"});
  }
  const bool new_method = customers_.world().has_new_method(facts.customer);
  Answer answer = answer_to(behaviour_, facts, new_method);
  int64_t micro = behaviour_.cost_micro;
  if (answer.word == "picked_up") {
    // A call that was cut off when the engine died: she heard us, and it ended there.
    const auto ended = call_words_.find(facts.key);
    answer.word = ended != call_words_.end() ? ended->second : "hung_up";
  } else if (behaviour_.kind == As::voice) {
    micro = behaviour_.cost_unanswered_micro;
  }
  finish(op, facts, answer, micro);
}

// The same key comes back after a while and is served then.
bool Provider::put_off(rl_op op, const std::string& key) {
  if (kit::share(behaviour_.seed, key, "not_now") >= behaviour_.not_now) return false;
  if (!put_off_.insert(key).second) return false;
  under_way_.erase(key);
  const int64_t again_at = host_->now(host_) + kComeBackMs;
  kit::complete(host_, op, {.status = RL_NOT_NOW, .reason = "rate_limited", .again_at = again_at});
  return true;
}

bool Provider::write_effect(rl_op op, const Effect& effect) {
  host_->effect(host_, op, RL_MAYBE);
  if (effects_.act(effect)) return true;
  under_way_.erase(std::string(effect.key));
  kit::complete(host_, op, {.status = RL_UNKNOWN, .reason = "ledger_not_written"});
  return false;
}

}  // namespace sandbox
