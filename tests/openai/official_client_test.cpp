// OpenAI's own client understands the fake: what the plugins are tested with is no fancy of ours.
#include "providers/fake_openai.h"
#include "support/node_program.h"

namespace relance {
namespace {

Doc told_by_client(const FakeOpenAi& fake) {
  return from_json(test::run_node(RELANCE_SOURCE_DIR "/tests/openai/official_client.mjs",
                                  {test::kNodeModules, fake.base_url(), "sk-of-a-test"}))
      .value();
}

}  // namespace

TEST_CASE("OpenAI's own client understands the fake") {
  FakeOpenAi fake;
  fake.say(R"({"word": "yes"})");
  fake.refuse();
  fake.cut_off();
  const Doc told = told_by_client(fake);
  const auto text = [&](std::string_view path) {
    return std::string(told.view().find_path(path).text().value_or(""));
  };
  CHECK(text("object") == "chat.completion");
  CHECK(text("content") == R"({"word": "yes"})");
  CHECK(text("finish") == "stop");
  CHECK(told.view().find("tokens").integer() ==
        FakeOpenAi::kPromptTokens + FakeOpenAi::kAnswerTokens);
  CHECK_FALSE(text("refusal").empty());
  CHECK(told.view().find("content_of_refusal").is_null());
  CHECK(text("cut") == "length");
  CHECK(text("stranger.error") == "AuthenticationError");
  CHECK(text("unknown.error") == "BadRequestError");
  CHECK(text("loose.type") == "invalid_request_error");
}

}  // namespace relance
