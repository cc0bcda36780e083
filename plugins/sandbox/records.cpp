// The sandbox as a connector: reads what its configuration lists, makes up customers that it does
// not, and does what it is asked to do.
#include <array>

#include "kit/complete.h"
#include "kit/share.h"
#include "provider.h"

namespace sandbox {
namespace {

constexpr std::array<std::string_view, 6> kFirstNames = {"Ada", "Noor", "Jan", "Lea", "Tom", "Eva"};
constexpr std::array<std::string_view, 3> kSegments = {"new", "loyal", "vip"};

std::string made_up_customer(uint64_t seed, const std::string& id) {
  const auto one_of = [&](const auto& list, std::string_view what) {
    return list[kit::mix(seed, id, what) % list.size()];
  };
  const std::string digits = std::to_string(10000000 + kit::mix(seed, id, "phone") % 90000000);
  return kit::Object()
      .text("id", id)
      .text("email", id + "@example.com")
      .text("phone", "+336" + digits)
      .text("timezone", "Europe/Paris")
      .text("locale", "fr")
      .text("segment", one_of(kSegments, "segment"))
      .text("first_name", one_of(kFirstNames, "first_name"))
      .close();
}

uint32_t status_of(std::string_view word) {
  if (word == "refused") return RL_REFUSED;
  return word == "failed" ? RL_FAILED : RL_DONE;
}

}  // namespace

void Provider::read(rl_op op, const rl_read& read) const {
  std::string what(kit::view(read.what));
  const std::string id(kit::view(read.value));
  if (what.empty()) what = "customer";
  if (const auto objects = behaviour_.records.find(what); objects != behaviour_.records.end()) {
    auto it = objects->second.find(id);
    if (it == objects->second.end()) it = objects->second.find("*");
    if (it != objects->second.end()) return kit::complete(host_, op, {.data = it->second});
  }
  if (id.empty() || kit::share(behaviour_.seed, id, "missing:" + what) < behaviour_.missing) {
    return kit::complete(host_, op, {.status = RL_ABSENT, .reason = "no_record"});
  }
  const std::string record = what == "customer" ? made_up_customer(behaviour_.seed, id)
                                                : kit::Object().text("id", id).close();
  kit::complete(host_, op, {.data = record});
}

Answer Provider::write_answer(const rl_write& write) const {
  const double u = kit::share(behaviour_.seed, kit::view(write.key_text), "answer");
  Answer answer;
  answer.word = pick(behaviour_.answers, "done", u);
  answer.status = status_of(answer.word);
  return answer;
}

void Provider::write(rl_op op, const rl_write& write) {
  Facts facts;
  facts.key = kit::view(write.key_text);
  facts.customer = kit::view(write.customer);
  facts.try_no = write.try_no == 0 ? 1 : write.try_no;
  const Answer answer = write_answer(write);
  timers_.after(behaviour_.delay_ms, [this, op, facts, answer] {
    if (put_off(op, facts.key)) return;
    if (!(behaviour_.keyed && effects_.done(facts.key))) {
      const int64_t now = host_->now(host_);
      if (!write_effect(op, {facts.key, facts.customer, now, facts.try_no})) return;
      if (kit::share(behaviour_.seed, facts.key, "unknown") < behaviour_.unknown) {
        return finish(op, facts, {RL_UNKNOWN, {}, "no_answer_from_provider", {}}, 0);
      }
    }
    timers_.after(behaviour_.answer_after_ms, [this, op, facts, answer] {
      host_->effect(host_, op, RL_ANSWERED);
      finish(op, facts, answer, behaviour_.cost_micro);
    });
  });
}

void Provider::lookup(rl_op op, const rl_write& write) {
  const std::string key(kit::view(write.key_text));
  if (!effects_.done(key)) {
    return kit::complete(host_, op, {.status = RL_ABSENT, .reason = "never_seen"});
  }
  const Answer answer = write_answer(write);
  kit::complete(host_, op, {.status = answer.status, .word = answer.word, .ref = key});
}

}  // namespace sandbox
