#include "calls.h"

#include <algorithm>

#include "kit/complete.h"
#include "kit/json.h"
#include "kit/share.h"

namespace sandbox {
namespace {

constexpr int64_t kPatienceMs = 10 * 60 * 1000;
constexpr int64_t kAnswerWithinMs = 2000;
constexpr std::string_view kSilent = "silent", kHangsUp = "hangs_up", kUnclear = "unclear";

std::string spoken(std::string_view word) {
  std::string text(word);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

bool expected(const rl_do& what, std::string_view word) {
  if (word == kSilent || word == kHangsUp || word == kUnclear) return true;
  for (size_t i = 0; i < what.expect_count; ++i) {
    if (kit::view(what.expect[i]) == word) return true;
  }
  return false;
}

// The shares of the question that is asked; where its name is not told, the first whose words all
// fit.
const std::map<std::string, double>* talk_of(const Behaviour& behaviour,
                                             const std::string& question, const rl_do& what) {
  for (const auto& [name, shares] : behaviour.talk) {
    const bool fits =
        question.empty() && std::all_of(shares.begin(), shares.end(),
                                        [&](const auto& s) { return expected(what, s.first); });
    if (name == question || fits) return &shares;
  }
  return nullptr;
}

}  // namespace

void Calls::ring(rl_op send, const Facts& facts) {
  calls_[send].facts = facts;
  timers_.after(behaviour_.ring_ms / 2, [this, send] { pick_up(send); });
}

void Calls::pick_up(rl_op send) {
  const auto it = calls_.find(send);
  if (it == calls_.end()) return;
  Call& call = it->second;
  call.up = true;
  call.up_at = call.last_turn_at = host_->now(host_);
  if (!call.facts.talks) {  // a recorded message: played, and over
    timers_.after(behaviour_.turn_ms, [this, send] { end(send, "delivered"); });
    return;
  }
  timers_.after(kPatienceMs, [this, send] { watch(send); });
  const std::deque<Turn> waiting = std::move(call.waiting);
  hear(send, RL_HEARD_PICKED_UP, 0, {});
  for (const Turn& turn : waiting) play(send, turn);
}

void Calls::watch(rl_op send) {
  const auto it = calls_.find(send);
  if (it == calls_.end()) return;
  const int64_t quiet = host_->now(host_) - it->second.last_turn_at;
  if (quiet >= kPatienceMs) {
    hear(send, RL_HEARD_HUNG_UP, 0, {});
    return end(send, "hung_up");
  }
  timers_.after(kPatienceMs - quiet, [this, send] { watch(send); });
}

void Calls::perform(rl_op op, const rl_do& what) {
  const auto it = calls_.find(what.call);
  if (it == calls_.end()) {
    return kit::complete(host_, op, {.status = RL_FAILED, .reason = "call_over"});
  }
  const Turn turn{op, &what};
  if (!it->second.up) {
    it->second.waiting.push_back(turn);
  } else {
    play(what.call, turn);
  }
}

void Calls::play(rl_op send, const Turn& turn) {
  const auto it = calls_.find(send);
  if (it == calls_.end()) {
    return kit::complete(host_, turn.op, {.status = RL_FAILED, .reason = "call_over"});
  }
  it->second.last_turn_at = host_->now(host_);
  timers_.after(behaviour_.turn_ms, [this, send, turn] {
    const auto now = calls_.find(send);
    if (now == calls_.end()) {
      return kit::complete(host_, turn.op, {.status = RL_FAILED, .reason = "call_over"});
    }
    switch (turn.what->kind) {
      case RL_ASK: return listen(send, turn);
      case RL_TRANSFER: {
        const bool taken = kit::share(behaviour_.seed, now->second.facts.key, "transfer") <
                           behaviour_.transfer_accepted;
        return kit::complete(host_, turn.op, {.status = taken ? RL_DONE : RL_REFUSED});
      }
      case RL_END: kit::complete(host_, turn.op, {}); return end(send, "delivered");
      default: return kit::complete(host_, turn.op, {});
    }
  });
}

void Calls::listen(rl_op send, const Turn& turn) {
  Call& call = calls_.at(send);
  const std::string word = answer_of(call, *turn.what);
  const uint32_t number = turn.what->turn;
  const int64_t silence_ms = turn.what->listen_ms;
  const auto& promises = behaviour_.promises;
  if (std::find(promises.begin(), promises.end(), word) != promises.end()) call.promised = true;
  kit::complete(host_, turn.op, {});  // `turn.what` is gone from here on
  const int64_t wait = word == kSilent ? silence_ms : behaviour_.turn_ms;
  timers_.after(wait, [this, send, number, word] {
    if (word == kHangsUp) {
      hear(send, RL_HEARD_HUNG_UP, number, {});
      end(send, "hung_up");
    } else {
      hear(send, word == kSilent ? RL_HEARD_SILENCE : RL_HEARD_WORDS, number, word);
    }
  });
}

// By the shares declared for this question, else by the weights of the expected words. Asked a
// second time, she may answer otherwise: the turn is part of the hash.
std::string Calls::answer_of(const Call& call, const rl_do& what) const {
  const kit::Json data(kit::view(what.data));
  const std::string question(kit::text(data.root(), "reached"));
  const std::string which = "turn:" + question + ':' + std::to_string(what.turn);
  double u = kit::share(behaviour_.seed, call.facts.key, which);
  if (const auto* shares = talk_of(behaviour_, question, what)) {
    for (const auto& [word, share] : *shares) {
      if (u < share) return word;
      u -= share;
    }
    return std::string(kSilent);
  }
  if (u < behaviour_.silent) return std::string(kSilent);
  if (u < behaviour_.silent + behaviour_.hang_up) return std::string(kHangsUp);
  const auto weight = [this](std::string_view word) {
    auto it = behaviour_.words.find(std::string(word));
    if (it == behaviour_.words.end()) it = behaviour_.words.find("*");
    return it == behaviour_.words.end() ? 0.0 : it->second;
  };
  double total = 0;
  for (size_t i = 0; i < what.expect_count; ++i) total += weight(kit::view(what.expect[i]));
  double at = kit::share(behaviour_.seed, call.facts.key, which + ":word") * total;
  for (size_t i = 0; i < what.expect_count; ++i) {
    at -= weight(kit::view(what.expect[i]));
    if (at < 0) return std::string(kit::view(what.expect[i]));
  }
  return std::string(kSilent);
}

void Calls::hear(rl_op send, uint32_t kind, uint32_t turn, const std::string& word) {
  const auto it = calls_.find(send);
  if (it == calls_.end()) return;
  it->second.last_turn_at = host_->now(host_);
  const std::string text = word == kUnclear ? "mumble" : spoken(word);
  rl_heard heard{};
  heard.struct_size = sizeof heard;
  heard.kind = kind;
  heard.call = send;
  heard.turn = turn;
  if (kind == RL_HEARD_WORDS) {
    heard.text = kit::str(text);
    if (behaviour_.understood && word != kUnclear) heard.word = kit::str(word);
  }
  heard.at = host_->now(host_);
  heard.answer_by = heard.at + kAnswerWithinMs;
  host_->heard(host_, &heard);
}

bool Calls::hang_up(rl_op send) {
  if (!calls_.contains(send)) return false;
  end(send, "hung_up");
  return true;
}

void Calls::end(rl_op send, const std::string& word) {
  const auto it = calls_.find(send);
  if (it == calls_.end()) return;
  CallEnd over;
  over.send = send;
  over.facts = it->second.facts;
  over.word = word;
  over.promised = it->second.promised;
  if (it->second.up) over.duration_ms = host_->now(host_) - it->second.up_at;
  const std::deque<Turn> waiting = std::move(it->second.waiting);
  calls_.erase(it);
  for (const Turn& turn : waiting) {
    kit::complete(host_, turn.op, {.status = RL_FAILED, .reason = "call_over"});
  }
  ended_(over);
}

}  // namespace sandbox
