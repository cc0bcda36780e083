// Messages that a writer makes: asked once a touch, just before it is frozen; the template where he
// gives nothing.
#include "core/run/content.h"

#include "support/desk.h"

using namespace relance;
using namespace relance::test;

namespace {

struct Writer {
  FakeRules rules;
  Desk desk{rules};
  Compose question;

  Writer() {
    rules.add_channel("email", "email");
    SendStep send = mail(2);
    send.content = "pen";
    send.content_within = seconds(20);
    send.expect.push_back({"link.clicked", {}});
    rules.add(flow("pay", {step("mail", send)}));
    desk.failed_payment();
    desk.profile();
    question = asked();
  }

  size_t questions() const { return desk.count<Compose>(desk.effects); }
  Compose asked() const {
    for (const Effect& effect : desk.effects)
      if (const auto* one = std::get_if<Compose>(&effect)) return *one;
    FAIL("nobody is asked");
    return {};
  }
  void writes(Doc data, OperationStatus status = OperationStatus::done) {
    OperationResult result;
    result.status = status;
    result.data = std::move(data);
    desk.feed(ReadInput{question.operation, result});
  }
  static Doc words(const std::string& text) {
    return Doc::record({{"parts", Doc::list({Doc::record({{"role", Doc::text("text")},
                                                          {"content_type", Doc::text("text/plain")},
                                                          {"text", Doc::text(text)}})})}});
  }
  Doc sent() const {
    REQUIRE(desk.count<Send>(desk.effects) == 1);
    for (const Effect& effect : desk.effects)
      if (const auto* send = std::get_if<Send>(&effect))
        return opened(desk.customer.id, send->touch.held->frozen);
    return {};
  }
  static std::string said(const Doc& frozen) {
    for (const auto& [key, part] : frozen.view().find("parts").items())
      return std::string(part.find("text").text().value_or(""));
    return "";
  }
};

}  // namespace

TEST_CASE_METHOD(Writer, "a writer is given the template filled in, and its words leave",
                 "[S2-15]") {
  CHECK(question.writer == "pen");
  CHECK(question.text == "hello");
  CHECK(question.channel_kind == "email");
  CHECK(question.locale == "en");
  CHECK(question.within == seconds(20));
  REQUIRE(desk.count<Send>(desk.effects) == 0);
  writes(words("Dear Ann"));
  const Doc frozen = sent();
  CHECK(said(frozen) == "Dear Ann");
  CHECK(frozen.view().find_path("content.by").text() == "pen");
  CHECK(frozen.view().find_path("inputs.template").text() == "hello");
}

TEST_CASE_METHOD(Writer, "a repeat says what was written, and nobody is asked again", "[S2-15]") {
  writes(words("Dear Ann"));
  const Key key = desk.open_touch("mail").key;
  desk.answer("mail", OperationStatus::not_now);
  desk.due();
  REQUIRE(questions() == 0);
  CHECK(said(sent()) == "Dear Ann");
  CHECK(desk.open_touch("mail").key == key);
}

TEST_CASE_METHOD(Writer, "each try is a touch of its own: its writer is asked anew") {
  writes(words("Dear Ann"));
  desk.answer("mail", OperationStatus::done, "delivered");
  desk.due();
  REQUIRE(questions() == 1);
  CHECK(asked().operation != question.operation);
  question = asked();
  writes(words("Dear Ann again"));
  CHECK(said(sent()) == "Dear Ann again");
}

TEST_CASE_METHOD(Writer, "the template is sent where its writer gives nothing", "[S2-15]") {
  std::string why;
  SECTION("he fails") {
    writes({}, OperationStatus::failed);
    why = "no answer";
  }
  SECTION("he is late") {
    desk.due(desk.now + seconds(20));
    why = "late";
  }
  SECTION("he says that the template is the answer") {
    writes(Doc::merged(words("hello"), Doc::record({{"fallback", Doc::text("too long")}})));
    why = "too long";
  }
  SECTION("he writes nothing") {
    writes(words(""));
    why = "no text";
  }
  SECTION("the engine ended while he wrote") {
    desk.feed(RecoverInput{});
    why = "interrupted";
  }
  const Doc frozen = sent();
  CHECK(questions() == 0);
  CHECK(said(frozen).empty());
  CHECK(frozen.view().find_path("content.fallback").text() == why);
  CHECK(frozen.view().find_path("inputs.template").text() == "hello");
}

TEST_CASE_METHOD(Writer, "words that come too late change nothing") {
  desk.due(desk.now + seconds(20));
  desk.answer("mail", OperationStatus::done, "delivered");
  writes(words("Dear Ann"));
  CHECK(desk.effects.empty());
}

TEST_CASE_METHOD(Writer, "a message that the gate holds meanwhile keeps its words") {
  rules.rules.windows.push_back({{"email", {}}, {9 * 60}, {11 * 60}, 0x7f});
  desk.now = desk.now + hours(2);  // 12:00
  writes(words("Dear Ann"));
  REQUIRE(desk.count<Send>(desk.effects) == 0);
  desk.due();
  REQUIRE(questions() == 0);
  CHECK(said(sent()) == "Dear Ann");
}

TEST_CASE_METHOD(Writer, "nothing is sent to somebody who paid while his message was written") {
  desk.paid();
  writes(words("Dear Ann"));
  CHECK(desk.ended() == "goal");
  CHECK(desk.count<Send>(desk.effects) == 0);
}
