#include "providers/fake_openai.h"

#include <algorithm>
#include <array>

namespace relance {
namespace {

// Of a request: what hosted and local servers have in common.
constexpr std::array<std::string_view, 8> kFields = {
    "model",       "messages", "max_completion_tokens", "max_tokens",
    "temperature", "top_p",    "response_format",       "seed"};
constexpr std::array<std::string_view, 4> kRoles = {"system", "developer", "user", "assistant"};
constexpr std::array<std::string_view, 3> kFormats = {"text", "json_object", "json_schema"};

template <size_t N>
bool among(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

std::string fault_of_messages(DocView messages) {
  if (messages.size() == 0) return "messages is empty";
  for (const auto& [place, message] : messages.items()) {
    const bool whole =
        message.find("content").text() && among(kRoles, message.find("role").text().value_or(""));
    if (!whole) return "a message is none";
  }
  return "";
}

// What a strict server says of a schema: all properties required, none beside them.
std::string fault_of_schema(DocView schema) {
  if (schema.find("type").text() != "object") return "";
  if (schema.find("additionalProperties").boolean() != false) return "additionalProperties";
  if (schema.find("required").size() != schema.find("properties").size()) return "required";
  for (const auto& [name, property] : schema.find("properties").items()) {
    if (std::string fault = fault_of_schema(property); !fault.empty()) return fault;
  }
  return "";
}

std::string fault_of(DocView body) {
  for (const auto& [name, value] : body.items()) {
    if (!among(kFields, name)) return "unknown field " + std::string(name);
  }
  if (body.find("model").text().value_or("").empty()) return "model is missing";
  if (std::string fault = fault_of_messages(body.find("messages")); !fault.empty()) return fault;
  const DocView format = body.find("response_format");
  if (format.is_null()) return "";
  if (!among(kFormats, format.find("type").text().value_or(""))) return "response_format";
  if (format.find("type").text() != "json_schema") return "";
  const DocView schema = format.find("json_schema");
  if (schema.find("name").text().value_or("").empty()) return "json_schema has no name";
  if (schema.find("schema").find("type").text() != "object") return "json_schema has no schema";
  return fault_of_schema(schema.find("schema"));
}

}  // namespace

FakeOpenAi::FakeOpenAi(std::string key) : key_(std::move(key)) {
  route("POST", "/v1/chat/completions", [this](const FakeRequest& r) { return complete(r); });
}

void FakeOpenAi::say(std::string content) {
  const std::lock_guard lock(turns_mutex_);
  turns_.push_back({std::move(content), "", "stop"});
}

void FakeOpenAi::say_always(std::string content) {
  const std::lock_guard lock(turns_mutex_);
  always_ = std::move(content);
}

void FakeOpenAi::refuse() {
  const std::lock_guard lock(turns_mutex_);
  turns_.push_back({"", "I cannot help with that.", "stop"});
}

void FakeOpenAi::cut_off() {
  const std::lock_guard lock(turns_mutex_);
  turns_.push_back({R"({"word":"yes","answers":{},"confi)", "", "length"});
}

std::vector<Doc> FakeOpenAi::asked() const {
  const std::lock_guard lock(turns_mutex_);
  return asked_;
}

ServerAnswer FakeOpenAi::problem(int status, const std::string& type, const std::string& message) {
  const Doc error = Doc::record({{"type", Doc::text(type)}, {"message", Doc::text(message)}});
  return json_answer(status, to_json(Doc::record({{"error", error}})));
}

ServerAnswer FakeOpenAi::complete(const FakeRequest& request) {
  if (!key_.empty() && bearer_token(request) != key_) {
    return problem(401, "invalid_request_error", "Incorrect API key provided");
  }
  auto body = from_json(request.body);
  if (!body) return problem(400, "invalid_request_error", "the body is no JSON");
  if (const std::string fault = fault_of(*body); !fault.empty()) {
    return problem(400, "invalid_request_error", fault);
  }
  Turn turn;
  {
    const std::lock_guard lock(turns_mutex_);
    turn.content = always_;
    if (!turns_.empty()) {
      turn = std::move(turns_.front());
      turns_.pop_front();
    }
    asked_.push_back(std::move(*body));
  }
  ledger().add("", "completion", "");
  const bool refused = !turn.refusal.empty();
  const Doc message = Doc::record({{"role", Doc::text("assistant")},
                                   {"content", refused ? Doc() : Doc::text(turn.content)},
                                   {"refusal", refused ? Doc::text(turn.refusal) : Doc()}});
  const Doc choice = Doc::record({{"index", Doc::integer(0)},
                                  {"finish_reason", Doc::text(turn.finish)},
                                  {"message", message}});
  const Doc usage = Doc::record({{"prompt_tokens", Doc::integer(kPromptTokens)},
                                 {"completion_tokens", Doc::integer(kAnswerTokens)},
                                 {"total_tokens", Doc::integer(kPromptTokens + kAnswerTokens)}});
  return json_answer(200, to_json(Doc::record({{"id", Doc::text("chatcmpl-1")},
                                               {"object", Doc::text("chat.completion")},
                                               {"created", Doc::integer(1767600000)},
                                               {"model", Doc::text("a-model")},
                                               {"choices", Doc::list({choice})},
                                               {"usage", usage}})));
}

}  // namespace relance
