#include "asked_model.h"
#include "providers/fake_openai.h"

namespace relance {
namespace {

const std::string kTemplate =
    "Subject: Your payment of 49.00 EUR\nHello Ann,\n\nyour bank declined the payment of 49.00 EUR."
    "\nPlease pay here: https://pay.example/r/T0k3n\n\nCamille, Lumen Shop\n";
const std::string kFacts =
    R"({"first_name": "Ann", "amount": "49.00 EUR", "card": {"last4": "4242"},
        "help": "https://help.example/cards"})";

struct Writer {
  FakeOpenAi fake;
  AskedModel model;

  explicit Writer(const std::string& more = {})
      : model("relance.content.openai",
              R"({"base_url": ")" + fake.base_url() +
                  R"(", "model": "a-model", "api_key": {"secret": "OPENAI_KEY"})" + more + "}",
              {{"OPENAI_KEY", "sk-of-a-test"}}) {}

  OperationResult write(const std::string& channel, const std::string& text) {
    Question question;
    question.kind = RL_CONTENT;
    question.text = text;
    question.input = R"({"channel": ")" + channel + R"(", "facts": )" + kFacts + "}";
    return model.ask(question);
  }
  OperationResult email(const std::string& subject, const std::string& text) {
    fake.say(to_json(Doc::record({{"subject", Doc::text(subject)}, {"text", Doc::text(text)}})));
    return write("email", kTemplate);
  }
  OperationResult sms(const std::string& text) {
    fake.say(to_json(Doc::record({{"text", Doc::text(text)}})));
    return write("sms", "49.00 EUR are open: https://pay.example/r/T0k3n");
  }
};

// Of the parts, by role.
std::string part(const OperationResult& result, std::string_view role) {
  const DocView parts = result.data.view().find("parts");
  for (const auto& [place, part] : parts.items()) {
    CHECK(part.find("content_type").text() == "text/plain");
    if (part.find("role").text() == role) return std::string(part.find("text").text().value_or(""));
  }
  return "(none)";
}

std::string fallback(const OperationResult& result) {
  CHECK(result.status == OperationStatus::done);
  return std::string(result.data.view().find("fallback").text().value_or("(none)"));
}

const std::string kLink = " https://pay.example/r/T0k3n";

}  // namespace

TEST_CASE("a model writes an e-mail from facts and a template", "[S2-15]") {
  Writer writer(R"(, "tone": "warm", "input_price": 1, "output_price": 1)");
  const std::string text =
      "Dear Ann,\n\nthe card that ends with 4242 was declined for 49.00 EUR. "
      "Two minutes are enough to mend it:" +
      kLink + "\nHelp: https://help.example/cards.";
  const OperationResult result = writer.email("A small thing about your card", text);
  CHECK(fallback(result) == "(none)");
  CHECK(part(result, "subject") == "A small thing about your card");
  CHECK(part(result, "text") == text);
  CHECK(result.data.view().find("parts").size() == 2);
  CHECK(result.cost_micro == 120);

  const Doc asked = writer.fake.asked().at(0);
  const std::string body = to_json(asked);
  CHECK(body.find("https://pay.example/r/T0k3n") != std::string::npos);
  CHECK(body.find("4242") != std::string::npos);
  CHECK(body.find("tone: warm") != std::string::npos);
  CHECK(asked.view().find_path("response_format.json_schema.name").text() == "message");
}

TEST_CASE("where the model's words may not go out, the template does, and the reason is kept",
          "[S2-15]") {
  Writer writer(
      R"(, "forbidden": ["legal action", "GWARANCJ"], "most_characters": {"email": 300})");
  const auto check = [&](const OperationResult& result, const std::string& why) {
    CHECK(fallback(result) == why);
    CHECK(result.reason == why);
    CHECK(part(result, "subject") == "Your payment of 49.00 EUR");
    CHECK(part(result, "text") == kTemplate.substr(kTemplate.find('\n') + 1));
  };
  check(writer.email("Hi", "Pay now."), "a link is missing");
  check(writer.email("Hi", "Pay:" + kLink + " or https://evil.example/x"),
        "a link that was not given");
  check(writer.email("Hi", "Pay:" + kLink + "?to=me"), "a link is missing");
  check(writer.email("Hi", "Pay:" + kLink + " (see [us](http://evil.example))"),
        "a link that was not given");
  check(writer.email("evil.example", "Pay:" + kLink), "a link that was not given");
  check(writer.email("Hi", "Write to ann@evil.example, pay:" + kLink), "a link that was not given");
  check(writer.email("Hi", "Only 39.00 EUR today:" + kLink), "a number that was not given");
  check(writer.email("Hi", "Within 14 days:" + kLink), "a number that was not given");
  check(writer.email("Hi", "We threaten Legal -\n action. Pay:" + kLink), "a forbidden phrase");
  check(writer.email("Hi", "To gwarancja! Pay:" + kLink), "a forbidden phrase");
  check(writer.email("Hi", std::string(300, 'a') + kLink), "too long");
  check(writer.email(std::string(121, 'a'), "Pay:" + kLink), "too long");
  check(writer.email("", "Pay:" + kLink), "no subject");
  check(writer.email("Hi\nBcc: all", "Pay:" + kLink), "not readable");
  check(writer.email("Hi", "Pay\u202e:" + kLink), "not readable");
  check(writer.email("Hi", " \n"), "no text");
  check(writer.email("Hi", "Dear {{name}}, pay:" + kLink), "an open place");
}

TEST_CASE("a text message keeps within its segments, a call begins with an opening") {
  Writer writer(R"(, "most_segments": 1, "links": ["lumen.example/2"])");
  CHECK(part(writer.sms("Ann, 49.00 EUR:" + kLink + " lumen.example/2"), "text") ==
        "Ann, 49.00 EUR:" + kLink + " lumen.example/2");
  CHECK(fallback(writer.sms(std::string(140, 'a') + kLink)) == "too many segments");
  CHECK(fallback(writer.sms("“Ann”, 49.00 EUR zaległości, prosimy o wpłatę do końca:" + kLink)) ==
        "too many segments");
  writer.fake.say(R"({"text": "Hello Ann, this is about your last payment."})");
  const OperationResult call = writer.write("voice", "Hello Ann, your payment failed.");
  CHECK(part(call, "opening") == "Hello Ann, this is about your last payment.");
  writer.fake.say(R"({"subject": "Hi", "text": "Hello Ann."})");
  CHECK(fallback(writer.write("voice", "Hello.")) == "a subject where there is none");
}

TEST_CASE("a message is there whatever the server does") {
  Writer writer;
  const auto why = [&] {
    const OperationResult result = writer.write("email", kTemplate);
    CHECK(part(result, "subject") == "Your payment of 49.00 EUR");
    return fallback(result);
  };
  writer.fake.html_next(1);
  CHECK(why() == "not a chat completion");
  writer.fake.answer_next(1, 500, "{}");
  CHECK(why() == "status 500");
  writer.fake.answer_next(1, 200, std::string(100'000, 'x'));
  CHECK(why() == "the answer is too long");
  writer.fake.drop_next(1, FakeProvider::Effects::none);
  CHECK(why().starts_with("no answer: "));
  writer.fake.refuse();
  CHECK(why() == "the model refused");
  writer.fake.cut_off();
  CHECK(why() == "the answer was cut off");
  const std::string form = "the model's answer has another form than asked for";
  for (const char* said : {"Dear Ann, ...", R"(["text"])", R"({"text": 1})", R"({"subject": "Hi"})",
                           R"({"text": "a", "subject": ["Hi"]})",
                           R"({"text": "a", "subject": "Hi", "html": "<b>a</b>"})"}) {
    writer.fake.say(said);
    CHECK(why() == form);
  }
  writer.fake.close();
  CHECK(why().starts_with("no answer: "));
}

TEST_CASE("a message does not wait for a model that is late") {
  Writer writer(R"(, "timeout_ms": 100)");
  writer.fake.answer_after(seconds(60));
  const OperationResult result = writer.write("email", kTemplate);
  CHECK(fallback(result).starts_with("no answer: "));
  CHECK(part(result, "text") == kTemplate.substr(kTemplate.find('\n') + 1));
}

TEST_CASE("a brief is never sent: the template stands in for it") {
  Writer writer;
  Question question;
  question.kind = RL_CONTENT;
  question.text = "Remind her kindly, mention her loyalty.";
  question.input = R"({"channel": "sms", "template": "Please pay.", "facts": {}})";
  writer.fake.html_next(1);
  CHECK(part(writer.model.ask(question), "text") == "Please pay.");
  writer.fake.say(R"({"text": "You have been with us so long. Please pay."})");
  CHECK(part(writer.model.ask(question), "text") == "You have been with us so long. Please pay.");
  CHECK(writer.fake.requests().back().body.find("mention her loyalty") != std::string::npos);
  question.kind = RL_UNDERSTAND;
  CHECK(writer.model.ask(question).status == OperationStatus::failed);
}

// The engine's own question, through the plugin host.
struct AskedHost final : PluginStage {
  explicit AskedHost(FakeOpenAi& fake)
      : PluginStage("relance.content.openai",
                    R"({"base_url": ")" + fake.base_url() +
                        R"(", "model": "a-model", "api_key": {"secret": "OPENAI_KEY"}})",
                    {{"OPENAI_KEY", "sk-of-a-test"}}, Role::content) {}

  void deliver(const Key&, Input input) override {
    const std::lock_guard lock(mutex);
    if (auto* read = std::get_if<ReadInput>(&input)) answers[read->operation] = read->result;
    changed.notify_all();
  }
  OperationResult compose(const std::string& writer) {
    Compose question;
    question.customer = derive_key({"customer"});
    question.operation = derive_key({"message", writer});
    question.writer = writer;
    question.channel_kind = "email";
    question.locale = "en";
    question.text = kTemplate;
    question.facts = from_json(kFacts).value();
    question.within = seconds(10);
    host().compose(question);
    std::unique_lock lock(mutex);
    REQUIRE(changed.wait_for(lock, patience, [&] { return answers.contains(question.operation); }));
    return answers[question.operation];
  }

  std::mutex mutex;
  std::condition_variable changed;
  std::map<Key, OperationResult> answers;
};

TEST_CASE("the engine asks a writer of the bundle for a message", "[S2-15]") {
  FakeOpenAi fake;
  AskedHost engine(fake);
  const std::string text = "Dear Ann, pay here:" + kLink;
  fake.say(to_json(Doc::record({{"subject", Doc::text("Hi")}, {"text", Doc::text(text)}})));
  const OperationResult written = engine.compose("it");
  CHECK(fallback(written) == "(none)");
  CHECK(part(written, "subject") == "Hi");
  CHECK(part(written, "text") == text);
  CHECK(to_json(fake.asked().at(0)).find("4242") != std::string::npos);
  CHECK(engine.compose("nobody").status == OperationStatus::failed);
}

}  // namespace relance
