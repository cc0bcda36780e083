#include "answer.h"

#include <relance/plugin.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "kit/share.h"

namespace sandbox {
namespace {

bool is_mailbox(std::string_view address) {
  const size_t at = address.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < address.size();
}

bool is_number(std::string_view address) {
  return address.size() > 6 && address[0] == '+' &&
         std::all_of(address.begin() + 1, address.end(),
                     [](unsigned char c) { return std::isdigit(c) != 0; });
}

// The most specific share: the code's, the action's, any.
double approve_share(const Behaviour& behaviour, const Facts& facts, bool new_method) {
  const auto named = [&](const std::string& name) { return behaviour.approve.find(name); };
  for (const std::string& name : {std::string(new_method ? "new_method" : ""), "code:" + facts.code,
                                  "action:" + facts.action, std::string("*")}) {
    if (const auto it = named(name); it != behaviour.approve.end()) return it->second;
  }
  return 0;
}

// What a charge that is not approved ends in: what only the customer can mend is no mere decline.
std::string_view unapproved(std::string_view action) {
  if (action == "request_authentication") return "needs_customer";
  if (action == "fix_integration") return "failed";
  for (const std::string_view dead :
       {"request_new_method", "request_data_fix", "stop_and_respect", "review_fraud"}) {
    if (action == dead) return "refused";
  }
  return "declined";
}

uint32_t status_of(std::string_view word) {
  if (word == "refused") return RL_REFUSED;
  return word == "failed" ? RL_FAILED : RL_DONE;
}

Answer charge(const Behaviour& behaviour, const Facts& facts, bool new_method) {
  double share = approve_share(behaviour, facts, new_method);
  if (!new_method) share *= std::pow(behaviour.per_try, facts.try_no - 1);
  share = std::min(1.0, share * behaviour.segment_factor(facts.segment));
  Answer answer;
  if (kit::share(behaviour.seed, facts.key, "approve") < share) {
    answer.word = "recovered";
  } else {
    answer.word = new_method ? "declined" : unapproved(facts.action);
    answer.reason = facts.code.empty() ? facts.action : facts.code;
    answer.data = facts.decline;
  }
  answer.status = status_of(answer.word);
  return answer;
}

Answer scripted(const std::vector<std::string>& script, const Facts& facts) {
  const size_t at = std::min<size_t>(facts.try_no, script.size()) - 1;
  return {status_of(script[at]), script[at], "scripted", {}};
}

}  // namespace

std::string pick(const std::map<std::string, double>& shares, const std::string& rest, double u) {
  for (const auto& [word, share] : shares) {
    if (word == rest) continue;
    if (u < share) return word;
    u -= share;
  }
  return rest;
}

Answer answer_to(const Behaviour& behaviour, const Facts& facts, bool new_method) {
  if (!behaviour.script.empty()) return scripted(behaviour.script, facts);
  const double u = kit::share(behaviour.seed, facts.key, "answer");
  switch (behaviour.kind) {
    case As::retry: return charge(behaviour, facts, new_method || facts.new_method);
    case As::email:
      if (!is_mailbox(facts.address)) return {RL_DONE, "bounced", "no_such_mailbox", {}};
      return {RL_DONE, pick(behaviour.answers, "delivered", u), {}, {}};
    case As::sms:
      if (!is_number(facts.address)) return {RL_REFUSED, "failed", "invalid_number", {}};
      return {RL_DONE, pick(behaviour.answers, "delivered", u), {}, {}};
    case As::voice: {
      if (!is_number(facts.address)) return {RL_REFUSED, "invalid_number", "not_a_number", {}};
      auto shares = behaviour.answers;
      auto& picked_up = shares["picked_up"];
      picked_up *= std::pow(behaviour.per_try, facts.try_no - 1);
      picked_up = std::min(1.0, picked_up * behaviour.segment_factor(facts.segment));
      return {RL_DONE, pick(shares, "no_answer", u), {}, {}};
    }
    default: return {RL_DONE, pick(behaviour.answers, "delivered", u), {}, {}};
  }
}

}  // namespace sandbox
