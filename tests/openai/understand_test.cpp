#include "asked_model.h"
#include "providers/fake_openai.h"

namespace relance {
namespace {

const std::vector<std::string> kWhy = {"no_funds", "bank_failure", "other", "opted_out",
                                       "wants_human"};

std::string config(const FakeOpenAi& fake, const std::string& more = {}) {
  return R"({"base_url": ")" + fake.base_url() + R"(/", "model": "a-model",
    "api_key": {"secret": "OPENAI_KEY"})" +
         more + "}";
}

const std::map<std::string, std::string, std::less<>> kSecrets = {{"OPENAI_KEY", "sk-of-a-test"}};

struct Listener {
  FakeOpenAi fake;
  AskedModel model;
  explicit Listener(const std::string& more = {})
      : model("relance.understand.openai", config(fake, more), kSecrets) {}

  OperationResult hears(const std::string& words) {
    Question question;
    question.text = words;
    question.expect = kWhy;
    return model.ask(question);
  }
  OperationResult hears_and_says(const std::string& words, const std::string& said) {
    fake.say(said);
    return hears(words);
  }
};

std::string word(const OperationResult& result) {
  return std::string(result.data.view().find("word").text().value_or("(none)"));
}

// "Not understood": another plugin may be asked, and at last the script's `unclear`.
void check_unclear(const OperationResult& result) {
  CHECK(result.status == OperationStatus::failed);
  CHECK_FALSE(result.reason.empty());
  CHECK(result.data.view().find("word").is_null());
}

}  // namespace

TEST_CASE("a model says which of the expected words a person means, and how sure it is",
          "[S0-05][S0-16]") {
  Listener listener(R"(, "currency": "EUR", "input_price": 2.5, "output_price": 10)");
  const OperationResult result = listener.hears_and_says(
      "well I guess there is just nothing left on that account",
      R"({"word": "no_funds", "answers": {"at": "15:30"}, "confidence": 0.9})");
  CHECK(result.status == OperationStatus::done);
  CHECK(word(result) == "no_funds");
  CHECK(result.data.view().find_path("answers.at").text() == "15:30");
  CHECK(result.data.view().find("confidence").number() == 0.9);
  CHECK(result.cost_micro == 100 * 2.5 + 20 * 10);

  const auto asked = listener.fake.asked();
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].view().find("model").text() == "a-model");
  CHECK(asked[0].view().find("messages").size() == 2);
  CHECK(asked[0].view().find_path("response_format.json_schema.strict").boolean() == true);
  const std::string body = listener.fake.requests()[0].body;
  CHECK(body.find("nothing left on that account") != std::string::npos);
  CHECK(body.find("sk-of-a-test") == std::string::npos);
}

TEST_CASE("a model that is not sure has not understood, unless she wants to be left alone") {
  Listener listener;
  const std::string unsure = R"(", "answers": {"at": null}, "confidence": 0.4})";
  CHECK(word(listener.hears_and_says("hm", R"({"word": "no_funds)" + unsure)).empty());
  CHECK(word(listener.hears_and_says("not again", R"({"word": "opted_out)" + unsure)) ==
        "opted_out");
  CHECK(word(listener.hears_and_says("?", R"({"word": ")" + unsure)).empty());
}

TEST_CASE("an answer of another form than asked for is not believed") {
  Listener listener;
  const std::string said = GENERATE(
      as<std::string>{}, R"(no_funds)", R"("no_funds")", R"([])", R"({})",
      R"({"word": "refund_everything", "answers": {}, "confidence": 1})",
      R"({"word": "no_funds", "answers": {}, "confidence": 2})",
      R"({"word": "no_funds", "answers": {}, "confidence": "high"})",
      R"({"word": "no_funds", "answers": {}})", R"({"word": 1, "answers": {}, "confidence": 1})",
      R"({"word": "no_funds", "answers": [], "confidence": 1})",
      R"({"word": "no_funds", "answers": {"amount": "20"}, "confidence": 1})",
      R"({"word": "no_funds", "answers": {"at": 15}, "confidence": 1})",
      R"({"word": "no_funds", "answers": {"at": "soon"}, "confidence": 1})",
      R"({"word": "no_funds", "answers": {}, "confidence": 1, "tool": "pay"})",
      R"({"word": "no_funds", "answers": {}, "confidence": 1} and more)",
      "```json\n{\"word\": \"no_funds\", \"answers\": {}, \"confidence\": 1}\n```");
  INFO(said);
  check_unclear(listener.hears_and_says("nothing left", said));
}

TEST_CASE("what a server gets wrong counts as not understood") {
  Listener listener;
  listener.fake.say_always(R"({"word": "no_funds", "answers": {}, "confidence": 1})");
  listener.fake.html_next(1);
  check_unclear(listener.hears("HTML"));
  listener.fake.answer_next(1, 429, R"({"error": {"type": "rate_limit"}})");
  CHECK(listener.hears("too many").reason == "status 429");
  listener.fake.answer_next(1, 200, R"({"choices": []})");
  check_unclear(listener.hears("no choice"));
  listener.fake.answer_next(1, 200, R"({"choices": [{"message": {"content": null}}]})");
  check_unclear(listener.hears("no content"));
  listener.fake.answer_next(1, 200, std::string(100'000, ' ') + "{}");
  CHECK(listener.hears("long").reason == "the answer is too long");
  listener.fake.drop_next(1, FakeProvider::Effects::none);
  check_unclear(listener.hears("dropped"));
  listener.fake.refuse();
  CHECK(listener.hears("refused").reason == "the model refused");
  listener.fake.cut_off();
  CHECK(listener.hears("cut off").reason == "the answer was cut off");
  CHECK(word(listener.hears("well again")) == "no_funds");
}

TEST_CASE("an answer that comes too late is not waited for") {
  Listener listener(R"(, "timeout_ms": 30000)");
  listener.fake.say_always(R"({"word": "no_funds", "answers": {}, "confidence": 1})");
  listener.fake.answer_after(seconds(60));
  Question question;
  question.text = "nothing left";
  question.expect = kWhy;
  question.answer_ms = 100;
  check_unclear(listener.model.ask(question));
}

TEST_CASE("a wrong key, and a server that is not there, count as not understood") {
  FakeOpenAi fake("another-key");
  AskedModel model("relance.understand.openai", config(fake), kSecrets);
  Question question;
  question.text = "nothing left";
  question.expect = kWhy;
  CHECK(model.ask(question).reason == "status 401");
  fake.close();
  check_unclear(model.ask(question));
}

TEST_CASE("key presses and silence are not a model's business") {
  Listener listener;
  Question question;
  question.expect = kWhy;
  question.text = "1";
  question.input = R"({"heard":"keys"})";
  CHECK(word(listener.model.ask(question)).empty());
  question.text = " \n";
  question.input = R"({"heard":"words"})";
  CHECK(word(listener.model.ask(question)).empty());
  CHECK(listener.fake.requests().empty());
}

TEST_CASE("local servers need no key, and may know only the older fields") {
  FakeOpenAi fake("");
  AskedModel model("relance.understand.openai", R"({"base_url": ")" + fake.base_url() +
                                                    R"(", "model": "local", "temperature": 0,
        "token_field": "max_tokens", "format": "json_object", "answers": {"amount": "how much"}})");
  fake.say(R"({"word": "other", "answers": {"amount": "20"}, "confidence": 1})");
  Question question;
  question.text = "I can pay twenty";
  question.expect = kWhy;
  const OperationResult result = model.ask(question);
  CHECK(word(result) == "other");
  CHECK(result.data.view().find_path("answers.amount").text() == "20");
  const Doc asked = fake.asked().at(0);
  CHECK(asked.view().find("max_tokens").integer() == 200);
  CHECK(asked.view().find("temperature").number() == 0);
  CHECK(asked.view().find_path("response_format.type").text() == "json_object");
  CHECK(fake.requests()[0].header("authorization").empty());
}

// What the engine makes of it: the bridge asks one plugin after the other.
class Talk : public Inbox {
 public:
  Talk(const FakeOpenAi& fake, const std::vector<std::string>& plugins)
      : net_(make_curl_net()), alarms_(clock_) {
    process_.variables = kSecrets;
    const auto library = open_plugin_library({RELANCE_BUILD_DIR "/lib/relance/plugins"});
    std::vector<InstanceSpec> specs;
    for (const std::string& plugin : plugins) {
      InstanceSpec& spec = specs.emplace_back();
      spec.role = InstanceSpec::Role::understanding;
      spec.name = spec.plugin = plugin;
      if (plugin == "relance.understand.openai") spec.config = from_json(config(fake)).value();
    }
    std::vector<Error> errors;
    auto host =
        PluginHost::make(*library, specs, {clock_, alarms_, *this, *net_, process_}, errors);
    for (const Error& error : errors) UNSCOPED_INFO(error.text());
    REQUIRE(host);
    host_ = std::move(*host);
  }
  ~Talk() override { net_.reset(); }

  std::string understand(const std::string& heard) {
    Understand question;
    question.heard = heard;
    question.locale = "en";
    question.expects = kWhy;
    question.own_words = 3;
    host_->understand(std::move(question));
    std::unique_lock lock(mutex_);
    REQUIRE(changed_.wait_for(lock, std::chrono::seconds(20), [&] { return word_.has_value(); }));
    return std::exchange(word_, std::nullopt).value();
  }

  void deliver(const Key&, Input input) override {
    const std::lock_guard lock(mutex_);
    if (const auto* understood = std::get_if<UnderstoodInput>(&input)) word_ = understood->word;
    changed_.notify_all();
  }
  void deliver_event(PluginEvent, std::function<void(EventFate)>) override {}
  void pace(std::string_view, Instant) override {}

 private:
  SystemClock clock_;
  StageProcess process_;
  std::unique_ptr<Net> net_;
  StageAlarms alarms_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<std::string> word_;
  std::unique_ptr<PluginHost> host_;
};

TEST_CASE(
    "where a model does not help, the lists of phrases are asked, and at last it is unclear") {
  FakeOpenAi fake;
  Talk talk(fake, {"relance.understand.openai", "relance.understand.phrases"});
  fake.say(R"({"word": "bank_failure", "answers": {"at": null}, "confidence": 0.8})");
  CHECK(talk.understand("the machine at the shop said no") == "bank_failure");
  fake.html_next(2);
  CHECK(talk.understand("I have no funds") == "no_funds");
  CHECK(talk.understand("the moon is full tonight").empty());
}

}  // namespace relance
