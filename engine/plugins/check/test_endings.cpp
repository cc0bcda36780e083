// How operations end, in every weather.
#include <map>

#include "base/text.h"
#include "plugins/c_text.h"
#include "plugins/check/tests.h"
#include "plugins/check/trial.h"

namespace relance::conformance {
namespace {

constexpr int64_t kCallLimitMs = 50;     // a call into an instance
constexpr int64_t kLoadLimitMs = 10000;  // create, start and destroy may read files
constexpr int kAttempts = 5;             // the machine may be busy: the best one counts

std::string status_name(uint32_t status) {
  static constexpr const char* kNames[] = {"0",      "DONE",      "REFUSED", "NOT_NOW",
                                           "FAILED", "CANCELLED", "UNKNOWN", "ABSENT"};
  return status < std::size(kNames) ? kNames[status] : std::to_string(status);
}

bool money_code(const char (&currency)[4]) {
  for (int i = 0; i < 3; ++i)
    if (currency[i] < 'A' || currency[i] > 'Z') return false;
  return currency[3] == '\0';
}

std::string wrong_result(const Completed& result, bool may_be_absent) {
  if (result.status < RL_DONE || result.status > RL_ABSENT)
    return "the status is " + std::to_string(result.status);
  if (result.status == RL_ABSENT && !may_be_absent) return "ABSENT is for look-ups and reads";
  if (!result.data.empty()) {
    const auto data = from_json(result.data);
    if (!data || data->view().type() != DocType::record)
      return "data is no JSON object: " + shortened(result.data, 60);
  }
  for (const std::string& ref : result.refs)
    if (ref.empty() || !valid_utf8(ref)) return "a reference is empty or no UTF-8";
  if (!valid_utf8(result.reason)) return "the reason is no UTF-8";
  if (result.cost.quality > RL_COST_UNKNOWN) return "the cost's quality is not known";
  if (result.cost.micro < 0) return "the cost is negative";
  if (result.cost.micro != 0 && !money_code(result.cost.currency))
    return "the cost has no currency of three capital letters";
  if (result.again_at != 0 && result.again_at < result.at) return "again_at is past";
  if (result.again_scope > RL_SCOPE_CHANNEL) return "again_scope is not known";
  return "";
}

bool declared(const rl_channel_caps& caps, const std::string& word) {
  if (word.empty()) return true;
  for (size_t i = 0; i < caps.words_count; ++i)
    if (caps.words[i]->word && word == caps.words[i]->word) return true;
  return false;
}

// The least that the longest call of each function took, over some attempts.
std::map<std::string, int64_t> best_of_longest(Bench& bench) {
  std::map<std::string, int64_t> best;
  const std::vector<Drive> all = drives(bench);
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    std::map<std::string, int64_t> longest;
    const auto add = [&](const std::map<std::string, int64_t>& one) {
      for (const auto& [what, ms] : one) longest[what] = std::max(longest[what], ms);
    };
    Stage stage(bench);  // also of a plugin without operations
    add(stage.longest_ms());
    for (const Drive& drive : all) add(try_once(bench, drive, Weather::fine).longest_ms);
    for (const auto& [what, ms] : longest)
      best[what] = attempt == 0 ? ms : std::min(best[what], ms);
  }
  return best;
}

// Odd input on paths that no operation takes.
std::string throws_on_pure_calls(Bench& bench) {
  const Mapped& plugin = bench.plugin();
  Stage stage(bench);
  if (!stage.threw().empty()) return stage.threw();
  if (!stage.ready()) return "";
  Out out;
  if (plugin.descriptor->check_config)
    stage.call("check_config", [&] { plugin.descriptor->check_config(c_str("[1,"), out.c()); });
  if (plugin.connector && plugin.connector->check_query)
    stage.call("check_query", [&] { plugin.connector->check_query(c_str("[1,"), out.c()); });
  if (plugin.channel && plugin.channel->estimate) {
    rl_cost cost{};
    rl_touch nothing{};
    nothing.struct_size = sizeof nothing;
    stage.call("estimate", [&] { plugin.channel->estimate(stage.self(), &nothing, &cost); });
  }
  for (const char* text : {"", "null", "{}", "{\"now\":17,\"local\":[],\"event\":0}"}) {
    if (!plugin.policy) break;
    const rl_policy_in in{sizeof in, RL_AT, c_str(text)};
    stage.call("decide", [&] { plugin.policy->decide(stage.self(), &in, out.c()); });
  }
  return stage.threw();
}

}  // namespace

Outcome test_ends(Bench& bench) {
  return judge_trials(bench, [](const Trial& trial) -> std::string {
    const bool ended = trial.seen.endings(trial.op) > 0;
    return ended ? "" : "the operation was not completed within three hours";
  });
}

Outcome test_ends_once(Bench& bench) {
  return judge_trials(bench, [](const Trial& trial) -> std::string {
    const size_t times = trial.seen.endings(trial.op);
    return times > 1 ? "the operation was completed " + std::to_string(times) + " times" : "";
  });
}

Outcome test_never_blocks(Bench& bench) {
  for (const auto& [what, ms] : best_of_longest(bench)) {
    const bool loading = what == "create" || what == "start" || what == "destroy";
    if (ms > (loading ? kLoadLimitMs : kCallLimitMs))
      return failed(what + " took " + std::to_string(ms) + " ms in the best of " +
                    std::to_string(kAttempts) + " attempts");
  }
  return passed();
}

Outcome test_no_exception(Bench& bench) {
  if (bench.plugin().problem.find("threw") != std::string::npos)
    return failed(bench.plugin().problem);
  std::string found;
  each_trial(bench, [&](const Trial& trial) {
    if (!trial.threw.empty()) found = trial.name() + ": " + trial.threw + " threw an exception";
    return found.empty();
  });
  if (!found.empty()) return failed(found);
  bench.doing("calls with odd input");
  found = throws_on_pure_calls(bench);
  return found.empty() ? passed() : failed(found + " threw an exception");
}

Outcome test_valid_results(Bench& bench) {
  return judge_trials(bench, [](const Trial& trial) -> std::string {
    for (const Completed* one : trial.seen.of(trial.op))
      if (std::string wrong = wrong_result(*one, trial.drive->may_be_absent); !wrong.empty())
        return wrong;
    for (const Answered& one : trial.seen.answered)
      if (one.status < 100 || one.status > 599)
        return "the answer's status is " + std::to_string(one.status);
    return "";
  });
}

Outcome test_declared_words(Bench& bench) {
  const rl_channel_caps* caps = bench.channel_caps();
  if (!caps) return not_applicable("it is no channel");
  return judge_trials(bench, [&](const Trial& trial) -> std::string {
    for (const Completed* one : trial.seen.of(trial.op))
      if (trial.drive->touches && !declared(*caps, one->word))
        return "the word '" + one->word + "' is not in its table";
    for (const Emitted& one : trial.seen.emitted)
      if (one.kind == RL_EVENT_RECEIPT && !declared(*caps, one.word))
        return "a receipt's word '" + one.word + "' is not in its table";
    return "";
  });
}

Outcome test_invents_nothing(Bench& bench) {
  return judge_trials(bench, [](const Trial& trial) -> std::string {
    const bool unanswered = trial.weather == Weather::never ||
                            trial.weather == Weather::reset_before ||
                            trial.weather == Weather::reset_after;
    const auto ends = trial.seen.of(trial.op);
    if (!trial.drive->acts || !unanswered || trial.later_requests || ends.empty()) return "";
    const uint32_t status = ends.front()->status;
    if (status != RL_DONE && status != RL_REFUSED) return "";
    return "it said " + status_name(status) + ", and nobody had answered";
  });
}

}  // namespace relance::conformance
