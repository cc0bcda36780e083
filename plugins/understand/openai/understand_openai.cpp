// relance.understand.openai: what free speech means, by any server that speaks OpenAI's chat
// completions.
//
// The model may only choose: one of the words that the script expects, and a few short answers.
// Whatever is late, cut off, of another form or unsure counts as not understood, and the next
// understanding plugin is asked. Key presses are not its business.
#include <unordered_map>

#include "kit/complete.h"
#include "kit/plugin.h"
#include "meaning.h"

namespace openai {
namespace {

constexpr int64_t kTimeoutMs = 2500;  // somebody is waiting on the phone
constexpr int64_t kTokens = 200;
constexpr char kNothing[] = R"({"word":"","answers":{},"confidence":0.0})";

class Understanding {
 public:
  Understanding(const rl_host* host, std::string_view config)
      : Understanding(host, kit::Json(config)) {}

  void produce(rl_op op, const rl_question& question) {
    const std::string_view text = kit::view(question.text);
    if (question.kind != RL_UNDERSTAND) {
      return kit::complete(host_, op, {.status = RL_FAILED, .reason = "not_a_writer"});
    }
    const kit::Json input(kit::view(question.input));
    if (kit::text(input.root(), "heard") == "keys" ||
        text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
      return kit::complete(host_, op, {.data = kNothing});
    }
    std::vector<std::string> words;
    for (size_t i = 0; i < question.expect_count; ++i) {
      words.emplace_back(kit::view(question.expect[i]));
    }
    const kit::ChatQuestion asked = question_of(listening_, question, words);
    under_way_[op] = std::move(words);
    if (kit::ask(host_, op, chat_, asked) == RL_OK) return;
    under_way_.erase(op);
    kit::complete(host_, op, {.status = RL_FAILED, .reason = "no request could be made"});
  }

  void on_io(rl_op op, const rl_reply& reply) {
    const auto it = under_way_.find(op);
    if (it == under_way_.end()) return;
    const std::vector<std::string> words = std::move(it->second);
    under_way_.erase(it);
    const kit::ChatAnswer answer = kit::read_chat(chat_, reply);
    const Meaning meaning = answer.problem.empty() ? read_meaning(listening_, words, answer.text)
                                                   : Meaning{{}, answer.problem};
    const bool clear = meaning.problem.empty();
    kit::complete(host_, op,
                  {.status = clear ? uint32_t{RL_DONE} : uint32_t{RL_FAILED},
                   .reason = meaning.problem,
                   .data = meaning.data,
                   .cost = answer.cost});
  }

 private:
  Understanding(const rl_host* host, const kit::Json& config)
      : host_(host), chat_(config.root(), kTimeoutMs, kTokens), listening_(config.root()) {}

  const rl_host* host_;
  kit::Chat chat_;
  Listening listening_;
  std::unordered_map<rl_op, std::vector<std::string>> under_way_;  // the words that were offered
};

constexpr rl_generate kGenerate = kit::generate<Understanding>(RL_UNDERSTAND);
constexpr kit::Interface kInterfaces[] = {{RL_GENERATE, &kGenerate}};

constexpr char kSchema[] = R"({
  "type": "object", "additionalProperties": false, "required": ["model"],
  "definitions": {"texts": {"type": "object",
    "additionalProperties": {"type": "string", "maxLength": 300}}},
  "properties": {)" KIT_CHAT_PROPERTIES R"(,
    "about": {"type": "string", "maxLength": 2000},
    "meanings": {"$ref": "#/definitions/texts"},
    "answers": {"$ref": "#/definitions/texts"},
    "least_confidence": {"type": "number", "minimum": 0, "maximum": 1}}})";

constexpr rl_plugin kPlugin =
    kit::plugin<Understanding>({.id = "relance.understand.openai",
                                .title = "Understands free speech by a language model",
                                .config_schema = kSchema,
                                .find = kit::find<kInterfaces>});

}  // namespace
}  // namespace openai

RL_PLUGIN(openai::kPlugin)
