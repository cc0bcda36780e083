// Turns of a conversation.
#include <algorithm>

#include "plugins/c_text.h"
#include "plugins/check/tests.h"
#include "plugins/check/trial.h"

namespace relance::conformance {
namespace {

class Talk {
 public:
  explicit Talk(Stage& stage) : stage_(stage), touch_(*stage.touch("a call").c()) {
    expect_ = {c_str("yes"), c_str("no")};
  }

  void dial() {
    call_ = stage_.next_op();
    stage_.call("send",
                [&] { stage_.bench().plugin().channel->send(stage_.self(), call_, &touch_); });
  }

  rl_op perform(uint32_t kind, uint32_t turn) {
    rl_do& what = stage_.keep(rl_do{});
    what.struct_size = sizeof what;
    what.kind = kind;
    what.call = call_;
    what.turn = turn;
    what.text = c_str(kind == RL_TRANSFER ? "+33612345679" : "Shall I send you the link?");
    what.language = c_str("en");
    what.data = c_str(R"({"script":"kit","reached":"kit","step":"kit","flow":"kit"})");
    if (kind == RL_ASK) {
      what.listen_ms = 5000;
      what.expect = expect_.data();
      what.expect_count = expect_.size();
    }
    const rl_op op = stage_.next_op();
    stage_.bench().doing("perform of kind " + std::to_string(kind));
    stage_.call("perform",
                [&] { stage_.bench().plugin().conversation->perform(stage_.self(), op, &what); });
    ops_.push_back(op);
    return op;
  }

  // "" = every turn ended once, and each question was heard of at most once.
  std::string wrong() const {
    const Seen seen = stage_.host().seen();
    for (const rl_op op : ops_) {
      const size_t times = seen.endings(op);
      if (times != 1) return "a turn was completed " + std::to_string(times) + " times";
    }
    const auto words = [](const HeardTurn& one) {
      return one.kind >= RL_HEARD_WORDS && one.kind <= RL_HEARD_SILENCE;
    };
    for (const HeardTurn& one : seen.heard) {
      if (one.kind < RL_HEARD_PICKED_UP || one.kind > RL_HEARD_MACHINE)
        return "a turn was heard of an unknown kind";
      const auto same = [&](const HeardTurn& other) {
        return words(other) && other.call == one.call && other.turn == one.turn;
      };
      if (words(one) && std::count_if(seen.heard.begin(), seen.heard.end(), same) > 1)
        return "turn " + std::to_string(one.turn) + " was heard twice";
    }
    return "";
  }

 private:
  Stage& stage_;
  rl_touch& touch_;
  rl_op call_ = 4711;  // a call that there is not
  std::vector<rl_str> expect_;
  std::vector<rl_op> ops_;
};

}  // namespace

Outcome test_turns_end(Bench& bench) {
  if (!bench.plugin().conversation || !bench.plugin().channel)
    return not_applicable("it has no conversations");
  const rl_channel_caps* caps = bench.channel_caps();
  if (!(caps->flags & RL_CAN_CONVERSE))
    return not_applicable("with this configuration it has no conversations");
  for (const bool dialled : {false, true}) {
    Stage stage(bench);
    if (!stage.ready()) return not_applicable(stage.problem());
    stage.host().forget();
    Talk talk(stage);
    if (dialled) talk.dial();
    talk.perform(RL_SAY, 0);
    talk.perform(RL_ASK, 1);
    stage.host().run_for(60 * 1000);
    talk.perform(RL_ASK, 2);
    stage.host().run_for(60 * 1000);
    talk.perform(RL_END, 3);
    stage.host().run_for(3 * kHourMs);
    talk.perform(RL_SAY, 4);
    stage.host().run_for(3 * kHourMs);
    if (!stage.threw().empty()) return not_applicable(stage.threw() + " threw an exception");
    if (std::string wrong = talk.wrong(); !wrong.empty())
      return failed((dialled ? "after dialling, " : "without a call, ") + wrong);
  }
  return passed();
}

}  // namespace relance::conformance
