// What reaches the provider: the key, the same bytes on a repeat, the mark, and a look-up that
// agrees.
#include <algorithm>

#include "base/text.h"
#include "plugins/c_text.h"
#include "plugins/check/tests.h"
#include "plugins/check/trial.h"

namespace relance::conformance {
namespace {

// The acting requests of one send of this touch, in a fresh instance that has waited a while.
struct Sent {
  std::vector<std::string> requests, bodies;  // bodies: with method and URL, without headers
  std::string problem;
};

Sent send_once(Bench& bench, const std::string& name, const std::string& callback,
               uint32_t flags = 0, int64_t later_ms = 0) {
  Stage stage(bench);
  if (!stage.ready()) return {{}, {}, stage.problem()};
  stage.host().run_for(later_ms);
  stage.host().forget();
  rl_touch* touch = stage.touch(name, callback).c();
  touch->flags = flags;
  const rl_op op = stage.next_op();
  bench.doing("send of " + name);
  stage.call("send", [&] { bench.plugin().channel->send(stage.self(), op, touch); });
  stage.host().run_for(3 * kHourMs);
  if (!stage.threw().empty()) return {{}, {}, stage.threw() + " threw an exception"};
  const Seen seen = stage.host().seen();
  Sent sent;
  for (const SentRequest* one : seen.acting(op)) {
    sent.requests.push_back(one->whole());
    sent.bodies.push_back(one->method + " " + one->url + "\n\n" + one->body);
  }
  if (sent.requests.empty()) sent.problem = "its send marks no request as acting";
  return sent;
}

std::string first_line(const std::string& text) {
  return shortened(text.substr(0, text.find('\n')), 80);
}

// The first place where two texts differ, for people.
std::string difference(const std::string& a, const std::string& b) {
  const auto at =
      static_cast<size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
  const size_t from = at < 20 ? 0 : at - 20;
  return "'" + repaired_utf8(a.substr(from, 50)) + "' became '" +
         repaired_utf8(b.substr(from, 50)) + "'";
}

// Whether the requests of a done operation carry the mark; "" = they do.
std::string wrong_mark(const Trial& trial, bool harmless) {
  const auto ends = trial.seen.of(trial.op);
  const auto acting = trial.seen.acting(trial.op);
  if (!trial.drive->acts) {
    if (!acting.empty() && trial.drive->name != "recall")
      return "it marks " + first_line(acting.front()->whole()) + " as acting";
    return "";
  }
  if (trial.weather != Weather::fine || ends.empty() || ends.front()->status != RL_DONE) return "";
  if (!acting.empty() || !trial.seen.effects.empty()) return "";
  for (const SentRequest& one : trial.seen.requests)
    if (!one.reads()) return first_line(one.whole()) + " is not marked with RL_EFFECT";
  return harmless ? "" : "it says DONE, and nothing was marked as acting";
}

// What an operation and a look-up said.
struct Pair {
  Completed answer, found;
  bool answered = false, looked = false;
  bool asked_unscripted = false;  // the look-up met a reply that no scene knows
};

void keep_last(const Seen& seen, rl_op op, Completed& into, bool& there) {
  const auto ends = seen.of(op);
  there = !ends.empty();
  if (there) into = *ends.front();
}

bool unscripted(const Bench& bench, const Seen& seen) {
  return std::any_of(seen.requests.begin(), seen.requests.end(), [&](const SentRequest& one) {
    return !bench.scene().reply_to(one.method, one.url, one.before);
  });
}

// Sends unless `only_look`, then asks what became of it.
Pair send_and_look(Stage& stage, bool only_look) {
  Bench& bench = stage.bench();
  Pair pair;
  rl_touch* touch = stage.touch(only_look ? "never sent" : "sent").c();
  if (!only_look) {
    const rl_op sent = stage.next_op();
    stage.call("send", [&] { bench.plugin().channel->send(stage.self(), sent, touch); });
    stage.host().run_for(3 * kHourMs);
    keep_last(stage.host().seen(), sent, pair.answer, pair.answered);
    stage.host().run_for(bench.channel_caps()->index_lag_ms);
  }
  const std::vector<rl_str>& refs = stage.keep(c_list(stage.keep(pair.answer.refs)));
  stage.host().forget();
  const rl_op asked = stage.next_op();
  bench.doing(only_look ? "lookup of a touch that was never sent" : "lookup after send");
  stage.call("lookup", [&] {
    bench.plugin().channel->lookup(stage.self(), asked, touch, refs.data(), refs.size());
  });
  stage.host().run_for(3 * kHourMs);
  const Seen seen = stage.host().seen();
  keep_last(seen, asked, pair.found, pair.looked);
  pair.asked_unscripted = unscripted(bench, seen);
  return pair;
}

Pair write_and_look(Stage& stage, const std::string& operation, bool only_look) {
  Bench& bench = stage.bench();
  Pair pair;
  const rl_write* write = stage.write(operation, only_look ? "never written" : "written").c();
  if (!only_look) {
    const rl_op sent = stage.next_op();
    stage.call("write", [&] { bench.plugin().connector->write(stage.self(), sent, write); });
    stage.host().run_for(3 * kHourMs);
    keep_last(stage.host().seen(), sent, pair.answer, pair.answered);
  }
  stage.host().forget();
  const rl_op asked = stage.next_op();
  bench.doing("lookup of a write");
  stage.call("lookup", [&] { bench.plugin().connector->lookup(stage.self(), asked, write); });
  stage.host().run_for(3 * kHourMs);
  const Seen seen = stage.host().seen();
  keep_last(seen, asked, pair.found, pair.looked);
  pair.asked_unscripted = unscripted(bench, seen);
  return pair;
}

// "" = they agree, or one of them does not know.
std::string disagreement(const Pair& pair, bool only_look) {
  if (!pair.looked) return "";  // told by `ends`
  const uint32_t found = pair.found.status;
  if (only_look) return found == RL_DONE ? "it is DONE, and was never sent" : "";
  if (!pair.answered) return "";
  const uint32_t said = pair.answer.status;
  if (said != RL_DONE && said != RL_REFUSED) return "";
  if (found == RL_NOT_NOW || found == RL_UNKNOWN) return "";
  const std::string was = said == RL_DONE ? "DONE" : "REFUSED";
  if (found != said) return "send said " + was + ", the look-up status " + std::to_string(found);
  if (!pair.answer.word.empty() && !pair.found.word.empty() && pair.answer.word != pair.found.word)
    return "send said '" + pair.answer.word + "', the look-up '" + pair.found.word + "'";
  return "";
}

// Judges one way to look up; `ask` makes the pair. `seen` counts those that could be judged.
template <class Ask>
std::string judge_lookups(Bench& bench, size_t& seen, Ask ask) {
  for (const bool only_look : {false, true}) {
    Stage stage(bench);
    if (!stage.ready()) return "";
    const Pair pair = ask(stage, only_look);
    if (!stage.threw().empty() || pair.asked_unscripted) continue;
    ++seen;
    if (std::string wrong = disagreement(pair, only_look); !wrong.empty()) return wrong;
  }
  return "";
}

}  // namespace

Outcome test_key_forwarded(Bench& bench) {
  const rl_channel_caps* caps = bench.channel_caps();
  if (!caps || !bench.plugin().channel->send) return not_applicable("it is no channel");
  if (caps->delivery != RL_KEYED && caps->delivery != RL_LOOKUP)
    return not_applicable("its class promises nothing for a repeat");
  // Of a keyed channel the key itself must make the difference, not its callback URL.
  const bool keyed = caps->delivery == RL_KEYED;
  const Sent one = send_once(bench, "one", "");
  const Sent other = send_once(bench, "other", keyed ? "one" : "");
  if (!one.problem.empty()) return not_applicable(one.problem);
  if (!other.problem.empty()) return not_applicable(other.problem);
  if (one.requests != other.requests) return passed();
  return failed("two touches with different keys gave the same request: " +
                first_line(one.requests.front()));
}

Outcome test_same_bytes(Bench& bench) {
  const rl_channel_caps* caps = bench.channel_caps();
  if (!caps || !bench.plugin().channel->send) return not_applicable("it is no channel");
  if (caps->delivery == RL_BLIND) return not_applicable("a blind channel is never repeated");
  const Sent first = send_once(bench, "one", "");
  const Sent again = send_once(bench, "one", "", RL_REPEAT, kHourMs);
  if (!first.problem.empty()) return not_applicable(first.problem);
  if (again.requests.empty()) return passed();
  // Where nobody compares keys, a header may name the instant of the attempt.
  const bool bodies = caps->delivery == RL_REPEATABLE;
  const std::string& was = (bodies ? first.bodies : first.requests).front();
  const std::string& is = (bodies ? again.bodies : again.requests).front();
  return was == is ? passed() : failed("an hour later " + difference(was, is));
}

Outcome test_effects_marked(Bench& bench) {
  const rl_channel_caps* caps = bench.channel_caps();
  const rl_connector_caps* connector = bench.connector_caps();
  const bool harmless =
      (caps && caps->delivery == RL_REPEATABLE) || (connector && connector->acts_outside == 0);
  return judge_trials(bench, [&](const Trial& trial) {
    return wrong_mark(trial, harmless || trial.drive->harmless);
  });
}

Outcome test_lookup_agrees(Bench& bench) {
  const Mapped& plugin = bench.plugin();
  const rl_channel_caps* caps = bench.channel_caps();
  const rl_connector_caps* connector = bench.connector_caps();
  size_t seen = 0;
  bool can = false;
  std::string wrong;
  if (caps && (caps->flags & RL_CAN_LOOKUP) && plugin.channel->lookup) {
    can = true;
    wrong = judge_lookups(bench, seen, send_and_look);
  }
  for (size_t i = 0; connector && wrong.empty() && i < connector->operations_count; ++i) {
    const rl_operation& one = *connector->operations[i];
    if (!(one.flags & RL_OP_LOOKUP) || !plugin.connector->lookup) continue;
    can = true;
    const std::string name = std::string_view(one.name) == "*" ? "record" : one.name;
    wrong = judge_lookups(bench, seen, [&](Stage& stage, bool only_look) {
      return write_and_look(stage, name, only_look);
    });
  }
  if (!wrong.empty()) return failed(wrong);
  if (!can) return not_applicable("it has no look-up");
  if (seen == 0) return not_applicable("its look-up asks over HTTP: name the replies in --scene");
  return passed();
}

}  // namespace relance::conformance
