// One question to a language model, over the chat completions that OpenAI defined and many hosted
// and local servers speak. Only fields that all of them know are sent.
//
// What comes back is a stranger's text: bounded, and a problem in words wherever it is not a whole
// answer. Threads: as the plugin. Units: prices are per million tokens, so a token costs as many
// millionths.
#pragma once

#include <relance/host.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

#include "kit/json.h"
#include "kit/text.h"

// For the `properties` of a plugin's configuration schema.
#define KIT_CHAT_PROPERTIES                                                                \
  R"("base_url": {"type": "string", "pattern": "^https?://[^\r\n ]+$",)"                   \
  R"( "default": "https://api.openai.com/v1"},)"                                           \
  R"("model": {"type": "string", "minLength": 1},)"                                        \
  R"("api_key": {"type": "string", "format": "secret"},)"                                  \
  R"("timeout_ms": {"type": "integer", "minimum": 100, "maximum": 60000},)"                \
  R"("most_tokens": {"type": "integer", "minimum": 16, "maximum": 8192},)"                 \
  R"("token_field": {"type": "string", "enum": ["max_completion_tokens", "max_tokens"]},)" \
  R"("format": {"type": "string", "enum": ["json_schema", "json_object", "text"]},)"       \
  R"("temperature": {"type": "number", "minimum": 0, "maximum": 2},)"                      \
  R"("currency": {"type": "string", "pattern": "^[A-Z]{3}$"},)"                            \
  R"("input_price": {"type": "number", "minimum": 0},)"                                    \
  R"("output_price": {"type": "number", "minimum": 0})"

namespace kit {

struct Chat {
  static constexpr size_t kMostBytes = 64 * 1024;  // of an answer

  std::string base_url, model, api_key, token_field, format, currency;
  uint32_t timeout_ms;
  int64_t most_tokens;
  double temperature;  // below zero: the server's own
  double input_price, output_price;

  Chat(const Value* config, int64_t timeout, int64_t tokens)
      : base_url(text(config, "base_url")),
        model(text(config, "model")),
        api_key(text(config, "api_key")),
        token_field(text(config, "token_field", "max_completion_tokens")),
        format(text(config, "format", "json_schema")),
        currency(text(config, "currency", "USD")),
        timeout_ms(static_cast<uint32_t>(integer(config, "timeout_ms", timeout))),
        most_tokens(integer(config, "most_tokens", tokens)),
        temperature(number(config, "temperature", -1)),
        input_price(number(config, "input_price")),
        output_price(number(config, "output_price")) {
    while (base_url.ends_with('/')) base_url.pop_back();
  }
};

struct ChatQuestion {
  std::string system, user;
  std::string schema_name, schema;  // JSON Schema of the answer
  uint32_t answer_ms = 0;           // later is too late; 0: only the configuration says
};

inline std::string chat_body(const Chat& chat, const ChatQuestion& question) {
  const auto message = [](std::string_view role, std::string_view content) {
    return Object().text("role", role).text("content", content).close();
  };
  Object body;
  body.text("model", chat.model);
  body.raw("messages",
           "[" + message("system", question.system) + "," + message("user", question.user) + "]");
  body.integer(chat.token_field, chat.most_tokens);
  if (chat.temperature >= 0) body.number("temperature", chat.temperature);
  if (chat.format == "json_schema") {
    const std::string schema = Object()
                                   .text("name", question.schema_name)
                                   .boolean("strict", true)
                                   .raw("schema", question.schema)
                                   .close();
    body.raw("response_format",
             Object().text("type", "json_schema").raw("json_schema", schema).close());
  } else if (chat.format == "json_object") {
    body.raw("response_format", R"({"type":"json_object"})");
  }
  return body.close();
}

// RL_OK, and the answer comes to on_io; or what host->http said.
inline int32_t ask(const rl_host* host, rl_op op, const Chat& chat, const ChatQuestion& question) {
  const std::string url = chat.base_url + "/chat/completions";
  const std::string body = chat_body(chat, question);
  const rl_header type = {str("Content-Type"), str("application/json")};
  rl_http request{};
  request.struct_size = sizeof request;
  request.method = str("POST");
  request.url = str(url);
  request.headers = &type;
  request.headers_count = 1;
  request.body = str(body);
  request.secret = str(chat.api_key);
  request.auth = RL_AUTH_BEARER;
  request.timeout_ms =
      question.answer_ms == 0 ? chat.timeout_ms : std::min(chat.timeout_ms, question.answer_ms);
  return host->http(host, op, 0, &request);
}

struct ChatAnswer {
  std::string text;     // what the model said
  std::string problem;  // why there is nothing to use; empty: there is
  rl_cost cost{};
};

inline ChatAnswer read_chat(const Chat& chat, const rl_reply& reply) {
  const auto no = [](std::string problem) { return ChatAnswer{{}, std::move(problem), {}}; };
  if (reply.wire != RL_ANSWERED) return no("no answer: " + std::string(view(reply.problem)));
  if (reply.status != 200) return no("status " + std::to_string(reply.status));
  if (reply.body.len > Chat::kMostBytes) return no("the answer is too long");
  const Json json(view(reply.body));
  ChatAnswer answer;
  const double micro = number(json.root(), "usage.prompt_tokens") * chat.input_price +
                       number(json.root(), "usage.completion_tokens") * chat.output_price;
  if (micro > 0 && micro < 1e12) {
    answer.cost.micro = std::llround(micro);
    answer.cost.quality = RL_COST_EXACT;
    std::string_view(chat.currency).copy(answer.cost.currency, 3);
  }
  const Value* choices = member(json.root(), "choices");
  const Value* first =
      choices != nullptr && choices->IsArray() && !choices->Empty() ? &(*choices)[0] : nullptr;
  const Value* content = find(first, "message.content");
  if (!text(first, "message.refusal").empty()) {
    answer.problem = "the model refused";
  } else if (first != nullptr && text(first, "finish_reason", "stop") != "stop") {
    answer.problem = "the answer was cut off";
  } else if (content == nullptr || !content->IsString()) {
    answer.problem = "not a chat completion";
  } else {
    answer.text = view(*content);
  }
  return answer;
}

}  // namespace kit
