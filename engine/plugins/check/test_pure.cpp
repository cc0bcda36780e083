// Pure calls: estimates and decisions.
#include <algorithm>

#include "base/text.h"
#include "plugins/c_text.h"
#include "plugins/check/stage.h"
#include "plugins/check/tests.h"
#include "plugins/check/trial.h"

namespace relance::conformance {
namespace {

bool same(const rl_cost& a, const rl_cost& b) {
  return a.micro == b.micro && a.quality == b.quality &&
         std::equal(std::begin(a.currency), std::end(a.currency), std::begin(b.currency));
}

rl_cost estimate(Stage& stage, const rl_touch& touch) {
  rl_cost cost{};
  stage.call("estimate",
             [&] { stage.bench().plugin().channel->estimate(stage.self(), &touch, &cost); });
  return cost;
}

rl_touch empty_touch() {
  rl_touch touch{};
  touch.struct_size = sizeof touch;
  return touch;
}

bool has_estimate(const Bench& bench) {
  return bench.plugin().channel && bench.plugin().channel->estimate;
}

std::string services_used(const Stage& stage) {
  const Seen seen = const_cast<Stage&>(stage).host().seen();
  return seen.services.empty() ? "" : "it asked the host for '" + seen.services.front() + "'";
}

struct Ask {
  uint32_t kind;
  const char* json;
};

// Questions as the engine asks them (policy.h).
constexpr Ask kAsks[] = {
    {RL_AT,
     R"({"try":1,"now":"2026-01-05T08:00:00Z","local":"2026-01-05T09:00","earlier":[],)"
     R"("window":{"from":"09:00","to":"21:00"},"event":{"decline":{"action":"retry_scheduled",)"
     R"("network":"visa","network_decline_code":"51"},"amount":{"minor":4900,"currency":"EUR"}},)"
     R"("customer":{"segment":"loyal"},"touches":[],"run":{"invoice_id":"i-1"}})"},
    {RL_AT, R"({"try":3,"now":"2026-01-09T17:30:00Z","local":"2026-01-09T18:30",)"
            R"("earlier":["2026-01-05T09:00","2026-01-07T12:00"],"answer":{"decline":{"action":)"
            R"("request_new_method"}},"event":{},"customer":{},"touches":[{"channel":"retry",)"
            R"("kind":"retry","at":"2026-01-07T11:00:00Z","outcome":"declined","step":"retry"}],)"
            R"("run":{"invoice_id":"i-2"}})"},
    {RL_CHOOSE, R"({"try":1,"now":"2026-01-05T08:00:00Z","local":"2026-01-05T09:00",)"
                R"("choices":["sms","email"],"customer":{"segment":"vip"},"touches":[],"event":{},)"
                R"("run":{"invoice_id":"i-1"}})"},
    {RL_CHOOSE,
     R"({"try":2,"now":"2026-01-05T08:00:00Z","local":"2026-01-05T09:00","failures":1,)"
     R"("deadline":"2026-01-05T10:00","choices":["email","voice"],"candidates":[)"
     R"({"channel":"email",)"
     R"("kind":"email","allowed":false,"denied":true,"reason":"no_address","sent":0,"answered":0},)"
     R"({"channel":"voice","kind":"voice","allowed":false,"reason":"outside_window",)"
     R"("until":"2026-01-05T09:30","cost_micro":500000,"currency":"EUR","sent":2,"answered":1,)"
     R"("last_at":"2026-01-02T08:00:00Z","last_outcome":"no_answer"}],)"
     R"("customer":{"segment":"vip"},)"
     R"("touches":[],"event":{"amount":{"minor":4900,"currency":"EUR"}},)"
     R"("run":{"invoice_id":"i-1"}})"},
    {RL_DECIDE, R"({"try":1,"now":"2026-01-05T08:00:00Z","local":"2026-01-05T09:00",)"
                R"("choices":["ask","stop"],"customer":{},"touches":[],"event":{},)"
                R"("run":{"invoice_id":"i-1"}})"}};

std::string decide(Stage& stage, const Ask& ask) {
  Out out;
  const rl_policy_in in{sizeof in, ask.kind, c_str(ask.json)};
  stage.call("decide", [&] { stage.bench().plugin().policy->decide(stage.self(), &in, out.c()); });
  return out.text();
}

std::vector<Ask> asks_of(const rl_policy& policy) {
  std::vector<Ask> all;
  for (const Ask& ask : kAsks)
    if (ask.kind & policy.kinds) all.push_back(ask);
  return all;
}

bool listed(const rl_policy& policy, std::string_view reason) {
  for (size_t i = 0; i < policy.reasons_count; ++i)
    if (policy.reasons[i] && reason == policy.reasons[i]) return true;
  return false;
}

bool names_choice(const char* question, std::string_view choice) {
  const auto ask = from_json(question);
  const DocView choices = ask->view().find("choices");
  for (const auto& [key, value] : choices.items())
    if (value.text() == choice) return true;
  return false;
}

std::string wrong_answer(const rl_policy& policy, const Ask& ask, const std::string& text) {
  const auto answer = from_json(text);
  if (!answer || answer->view().type() != DocType::record) return "the answer is no JSON object";
  const DocView view = answer->view();
  if (view.find("problem").text()) return "";
  const auto reason = view.find("reason").text();
  if (!reason) return "an answer without reason: " + shortened(text, 80);
  if (!listed(policy, *reason))
    return "the reason '" + std::string(*reason) + "' is not in its list";
  if (ask.kind == RL_AT) {
    const bool whole = view.find("at").text() || view.find("never").boolean() == true;
    return whole ? "" : "neither 'at' nor 'never': " + shortened(text, 80);
  }
  if (ask.kind == RL_CHOOSE && view.find("never").boolean() == true) return "";
  const auto choice = view.find(ask.kind == RL_CHOOSE ? "choice" : "outcome").text();
  if (!choice) return "an answer without its choice: " + shortened(text, 80);
  return names_choice(ask.json, *choice)
             ? ""
             : "it chose '" + std::string(*choice) + "', which was not offered";
}

}  // namespace

Outcome test_estimate_pure(Bench& bench) {
  if (!has_estimate(bench)) return not_applicable("it has no estimate");
  Stage stage(bench), other(bench);
  if (!stage.ready()) return not_applicable(stage.problem());
  const rl_touch* touch = stage.touch("one").c();
  stage.host().forget();
  const rl_cost first = estimate(stage, *touch);
  estimate(stage, empty_touch());
  const rl_cost second = estimate(stage, *touch);
  if (std::string used = services_used(stage); !used.empty()) return failed(used);
  stage.host().run_for(24 * kHourMs);
  const rl_cost later = estimate(stage, *touch);
  const rl_cost elsewhere = estimate(other, *touch);
  if (!stage.threw().empty()) return not_applicable("estimate threw an exception");
  if (!same(first, second)) return failed("the second answer to the same touch is another");
  if (!same(first, later)) return failed("a day later the answer is another");
  if (!same(first, elsewhere)) return failed("another instance answers otherwise");
  return passed();
}

Outcome test_estimate_bounds(Bench& bench) {
  if (!has_estimate(bench)) return not_applicable("it has no estimate");
  Stage stage(bench);
  if (!stage.ready()) return not_applicable(stage.problem());
  const rl_cost one = estimate(stage, *stage.touch("one").c());
  const rl_cost most = estimate(stage, empty_touch());
  if (!stage.threw().empty()) return not_applicable("estimate threw an exception");
  for (const rl_cost& cost : {one, most}) {
    if (cost.quality < RL_COST_EXACT || cost.quality > RL_COST_UNKNOWN)
      return failed("an estimate's quality is " + std::to_string(cost.quality));
    if (cost.micro < 0) return failed("an estimate is negative");
  }
  const bool comparable =
      one.quality != RL_COST_UNKNOWN && most.quality != RL_COST_UNKNOWN &&
      std::equal(std::begin(one.currency), std::end(one.currency), std::begin(most.currency));
  if (comparable && most.micro < one.micro)
    return failed("a touch costs " + std::to_string(one.micro) + " micro, the most is said to be " +
                  std::to_string(most.micro));
  return passed();
}

Outcome test_decide_pure(Bench& bench) {
  if (!bench.plugin().policy) return not_applicable("it is no policy");
  Stage stage(bench), other(bench);
  if (!stage.ready()) return not_applicable(stage.problem());
  const std::vector<Ask> all = asks_of(*bench.plugin().policy);
  if (all.empty()) return failed("it answers none of the three questions");
  stage.host().forget();
  std::vector<std::string> first;
  for (const Ask& ask : all) first.push_back(decide(stage, ask));
  for (int round = 0; round < 3; ++round) {
    decide(stage, all.front());  // so that each question comes at another turn
    for (size_t i = 0; i < all.size(); ++i) {
      if (decide(stage, all[i]) != first[i])
        return failed(round == 0 ? "the second answer to the same question is another"
                                 : "a day later the answer is another");
      if (std::string used = services_used(stage); !used.empty()) return failed(used);
    }
    stage.host().run_for(24 * kHourMs);
  }
  for (size_t i = 0; i < all.size(); ++i)
    if (decide(other, all[i]) != first[i]) return failed("another instance answers otherwise");
  if (!stage.threw().empty()) return not_applicable("decide threw an exception");
  return passed();
}

Outcome test_decide_reasons(Bench& bench) {
  if (!bench.plugin().policy) return not_applicable("it is no policy");
  Stage stage(bench);
  if (!stage.ready()) return not_applicable(stage.problem());
  for (const Ask& ask : asks_of(*bench.plugin().policy)) {
    const std::string answer = decide(stage, ask);
    if (!stage.threw().empty()) return not_applicable("decide threw an exception");
    if (std::string wrong = wrong_answer(*bench.plugin().policy, ask, answer); !wrong.empty())
      return failed(wrong);
  }
  return passed();
}

}  // namespace relance::conformance
