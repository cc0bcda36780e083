#include "channels/email/smtp/answers.h"

#include <catch2/catch.hpp>

using namespace email;

namespace {

struct Row {
  int32_t status;
  std::string text;
  uint32_t ends;
  std::string word;
  bool channel;
};

Ending ending(int32_t status, std::string_view text, uint32_t wire = RL_ANSWERED,
              bool cancelled = false) {
  rl_reply reply{};
  reply.struct_size = sizeof reply;
  reply.status = status;
  reply.wire = wire;
  reply.body = {text.data(), text.size()};
  return ending_of(reply, cancelled);
}

}  // namespace

TEST_CASE("codes of SMTP and what they mean for a letter") {
  const Row row = GENERATE(values<Row>({
      {250, "2.0.0 queued", RL_DONE, "", false},
      {354, "go ahead", RL_UNKNOWN, "", false},
      {421, "4.3.2 closing", RL_NOT_NOW, "", true},
      {450, "4.2.0 greylisted", RL_NOT_NOW, "", false},
      {451, "local error", RL_NOT_NOW, "", false},
      {452, "4.2.2 full", RL_NOT_NOW, "", false},
      {454, "4.7.0 no authentication now", RL_NOT_NOW, "", true},
      {500, "what?", RL_FAILED, "failed", false},
      {503, "5.5.1 bad sequence", RL_FAILED, "failed", false},
      {530, "5.7.0 log in first", RL_NOT_NOW, "", true},
      {535, "5.7.8 wrong password", RL_NOT_NOW, "", true},
      {550, "5.1.1 no such user", RL_REFUSED, "bounced", false},
      {550, "no such user", RL_REFUSED, "bounced", false},
      {550, "5.2.1 disabled", RL_REFUSED, "bounced", false},
      {550, "5.1.8 bad sender", RL_REFUSED, "failed", false},
      {550, "5.7.26 unauthenticated", RL_REFUSED, "failed", false},
      {551, "user not local", RL_REFUSED, "bounced", false},
      {552, "5.2.2 full", RL_REFUSED, "failed", false},
      {552, "5.3.4 too big", RL_REFUSED, "failed", false},
      {553, "mailbox name not allowed", RL_REFUSED, "bounced", false},
      {554, "5.7.1 spam", RL_REFUSED, "failed", false},
      {554, "no", RL_REFUSED, "failed", false},
      {556, "5.1.10 null MX", RL_REFUSED, "bounced", false},
  }));
  INFO(row.status << " " << row.text);
  const Ending got = ending(row.status, row.text);
  CHECK(got.status == row.ends);
  CHECK(got.word == row.word);
  CHECK(got.channel == row.channel);
  CHECK((got.again_in_ms > 0) == (row.ends == RL_NOT_NOW));
}

TEST_CASE("without an answer it counts what had left") {
  CHECK(ending(0, "", RL_NOT_SENT).status == RL_NOT_NOW);
  CHECK(ending(0, "", RL_MAYBE).status == RL_UNKNOWN);
  CHECK(ending(0, "", RL_NOT_SENT, true).status == RL_CANCELLED);
  CHECK(ending(0, "", RL_MAYBE, true).status == RL_UNKNOWN);
  CHECK(ending(250, "2.0.0 ok", RL_ANSWERED, true).status == RL_DONE);
}

TEST_CASE("an enhanced status is one at the beginning of the text only") {
  CHECK(enhanced_status("5.1.1 no") == "5.1.1");
  CHECK(enhanced_status("5.7.26") == "5.7.26");
  CHECK(enhanced_status("5.1.1\n5.1.1 more") == "5.1.1");
  CHECK(enhanced_status("see 5.1.1").empty());
  CHECK(enhanced_status("127.0.0.1 refused").empty());
  CHECK(enhanced_status("5.1").empty());
  CHECK(enhanced_status("").empty());
}
