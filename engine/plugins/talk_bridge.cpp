// relance.conversation/1 and relance.generate/1: turns of a conversation, what an utterance means,
// and messages that a writer makes.
#include "plugins/bridges.h"
#include "plugins/c_text.h"

namespace relance {
namespace {

constexpr Duration kTurnLimit = minutes(10);
constexpr Duration kMeaningLimit = seconds(5);
constexpr uint32_t kListenMs = 8000;

uint32_t kind_of(std::string_view action) {
  if (action == "say") return RL_SAY;
  if (action == "ask") return RL_ASK;
  if (action == "play") return RL_PLAY;
  if (action == "transfer") return RL_TRANSFER;
  return RL_END;
}

struct CTurn {
  Perform turn;
  std::string data;
  std::vector<rl_str> expect;
  rl_do c{};
};

struct CQuestion {
  Understand question;
  std::vector<rl_str> expect;
  std::string input;
  rl_question c{};
};

std::shared_ptr<CQuestion> c_question(Understand question) {
  auto asked = std::make_shared<CQuestion>();
  asked->question = std::move(question);
  const Understand& q = asked->question;
  asked->expect = c_list(q.expects);
  asked->input = q.keys.empty() ? R"({"heard":"words"})" : R"({"heard":"keys"})";
  asked->c.struct_size = sizeof asked->c;
  asked->c.kind = RL_UNDERSTAND;
  asked->c.text = c_str(q.keys.empty() ? q.heard : q.keys);
  asked->c.language = c_str(q.locale);
  asked->c.expect = asked->expect.data();
  asked->c.expect_count = asked->expect.size();
  asked->c.expect_own = static_cast<uint32_t>(q.own_words);
  asked->c.input = c_str(asked->input);
  return asked;
}

struct CMessage {
  Compose question;
  std::string input;
  rl_question c{};
};

}  // namespace

void compose_message(Instance& writer, Compose question, Answer answer) {
  const auto asked = std::make_shared<CMessage>();
  asked->question = std::move(question);
  const Compose& q = asked->question;
  asked->input = to_json(Doc::record({{"facts", q.facts.is_null() ? Doc::empty_record() : q.facts},
                                      {"channel", Doc::text(q.channel_kind)}}));
  asked->c.struct_size = sizeof asked->c;
  asked->c.kind = RL_CONTENT;
  asked->c.text = c_str(q.text);
  asked->c.language = c_str(q.locale);
  asked->c.answer_ms = static_cast<uint32_t>(q.within.ms);
  asked->c.input = c_str(asked->input);
  Operation operation;
  operation.customer = q.customer;
  operation.touch = q.operation;
  operation.done = [asked, answer = std::move(answer)](OperationResult result) {
    answer(std::move(result));
  };
  writer.run(std::move(operation), q.within,
             [&](uint64_t id) { writer.plugin().generate->produce(writer.self(), id, &asked->c); });
}

void perform_turn(Instance& channel, uint64_t call, Perform turn, Inbox& inbox) {
  const auto kept = std::make_shared<CTurn>();
  kept->turn = std::move(turn);
  kept->expect = c_list(kept->turn.expects);
  kept->data = to_json(kept->turn.data);
  rl_do& c = kept->c;
  c.struct_size = sizeof c;
  c.kind = kind_of(kept->turn.action);
  c.call = call;
  c.turn = static_cast<uint32_t>(kept->turn.turn);
  c.listen_ms = kListenMs;
  c.text = c_str(kept->turn.text);
  c.language = c_str(kept->turn.locale);
  c.expect = kept->expect.data();
  c.expect_count = kept->expect.size();
  c.data = c_str(kept->data);
  Operation operation;
  operation.customer = kept->turn.customer;
  operation.touch = kept->turn.touch;
  operation.done = [kept, &inbox](OperationResult result) {
    const bool said = kept->c.kind == RL_SAY && result.status == OperationStatus::done;
    if (!said && kept->c.kind != RL_TRANSFER) return;  // an ask is answered by what is heard
    HeardInput heard;
    heard.touch = kept->turn.touch;
    heard.turn = kept->turn.turn;
    if (!said) heard.word = result.status == OperationStatus::done ? "accepted" : "declined";
    inbox.deliver(kept->turn.customer, std::move(heard));
  };
  channel.run(std::move(operation), kTurnLimit, [&](uint64_t id) {
    channel.plugin().conversation->perform(channel.self(), id, &kept->c);
  });
}

void ask_understanding(const std::shared_ptr<const Understanding>& plugins, size_t first,
                       Understand question, Inbox& inbox) {
  if (first == plugins->size())
    return inbox.deliver(question.customer,
                         UnderstoodInput{question.touch, question.turn, "", Doc::empty_record()});
  const auto asked = c_question(std::move(question));
  Operation operation;
  operation.customer = asked->question.customer;
  operation.touch = asked->question.touch;
  operation.done = [asked, plugins, first, &inbox](OperationResult result) {
    const std::string word(result.data.view().find("word").text().value_or(""));
    if (result.status != OperationStatus::done || word.empty())
      return ask_understanding(plugins, first + 1, asked->question, inbox);
    Doc answers(result.data.view().find("answers"));
    inbox.deliver(
        asked->question.customer,
        UnderstoodInput{asked->question.touch, asked->question.turn, word, std::move(answers)});
  };
  Instance& plugin = *(*plugins)[first];
  plugin.run(std::move(operation), kMeaningLimit,
             [&](uint64_t id) { plugin.plugin().generate->produce(plugin.self(), id, &asked->c); });
}

}  // namespace relance
