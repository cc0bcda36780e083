// OpenAI's own client understands the fake: what the plugins are tested with is no fancy of ours.
#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <cstdio>

#include "providers/fake_openai.h"

namespace relance {
namespace {

Doc told_by_client(const FakeOpenAi& fake) {
  const std::string line = "node '" RELANCE_SOURCE_DIR "/tests/openai/official_client.mjs' '" +
                           std::string(RELANCE_SOURCE_DIR "/build/npm/node_modules") + "' '" +
                           fake.base_url() + "' sk-of-a-test 2>&1";
  INFO("`./dev test` installs the client: " << line);
  std::FILE* pipe = popen(line.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string said;
  char block[4096];
  for (size_t got = 0; (got = std::fread(block, 1, sizeof block, pipe)) > 0;) {
    said.append(block, got);
  }
  const int ended = pclose(pipe);
  INFO(said);
  REQUIRE(WEXITSTATUS(ended) == 0);
  return from_json(said).value();
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
