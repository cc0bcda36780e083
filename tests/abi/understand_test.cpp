#include <vector>

#include "abi/fake_host.h"

namespace {

struct Understanding {
  explicit Understanding(const std::string& id, const std::string& config = "{}")
      : instance(host, id, config) {}

  // The answer as JSON text.
  std::string ask(std::string_view text, const std::vector<std::string_view>& expect,
                  std::string_view language = "en", std::string_view input = R"({"heard":"words"})",
                  uint32_t own = 0) {
    std::vector<rl_str> words;
    for (const std::string_view word : expect) words.push_back(abi::str(word));
    rl_question question{};
    question.struct_size = sizeof question;
    question.kind = RL_UNDERSTAND;
    question.text = abi::str(text);
    question.language = abi::str(language);
    question.expect = words.data();
    question.expect_count = words.size();
    question.expect_own = own;
    question.input = abi::str(input);
    const rl_op op = instance.next_op();
    instance.table<rl_generate>(RL_GENERATE).produce(instance.self(), op, &question);
    REQUIRE(host.result(op).status == RL_DONE);
    return host.result(op).data;
  }

  std::string word(std::string_view text, const std::vector<std::string_view>& expect,
                   std::string_view language = "en") {
    const std::string answer = ask(text, expect, language);
    const size_t from = answer.find(R"("word":")") + 8;
    return answer.substr(from, answer.find('"', from) - from);
  }

  abi::FakeHost host;
  abi::Instance instance;
};

const std::vector<std::string_view> kWhy = {"no_funds",     "bank_failure", "other",     "refused",
                                            "wants_human",  "dissatisfied", "opted_out", "callback",
                                            "wrong_person", "yes",          "no"};

}  // namespace

TEST_CASE("a digit means the word in that place, zero a human, where a human is expected") {
  Understanding keys("relance.understand.keys");
  const auto pressed = [&](std::string_view digits, uint32_t own) {
    return keys.ask(digits, kWhy, "en", R"({"heard":"keys"})", own);
  };
  CHECK(pressed("1", 4).find(R"("word":"no_funds")") == 1);
  CHECK(pressed("2#", 4).find(R"("word":"bank_failure")") == 1);
  CHECK(pressed("0", 4).find(R"("word":"wants_human")") == 1);
  CHECK(pressed("5", 4).find(R"("word":"")") == 1);  // not one of the script's own words
  CHECK(pressed("12", 4).find(R"("word":"")") == 1);
  CHECK(keys.ask("0", {"yes", "no"}, "en", R"({"heard":"keys"})").find(R"("word":"")") == 1);
}

TEST_CASE("keys with a meaning of their own are configuration") {
  Understanding keys("relance.understand.keys", R"({"map":{"*":"no"}})");
  CHECK(keys.ask("*", {"yes", "no"}, "en", R"({"heard":"keys"})").find(R"("word":"no")") == 1);
}

TEST_CASE("speech is left to the next plugin by the one for keys") {
  Understanding keys("relance.understand.keys");
  CHECK(keys.ask("1", kWhy).find(R"("word":"")") == 1);
}

TEST_CASE("phrases are understood in three languages, accents or not") {
  Understanding phrases("relance.understand.phrases");
  CHECK(phrases.word("There's no money in my account until Friday", kWhy) == "no_funds");
  CHECK(phrases.word("I'd like to talk to a real person, please.", kWhy) == "wants_human");
  CHECK(phrases.word("J\xc3\xa9 n'ai plus d'argent", kWhy, "fr-FR") == "no_funds");
  CHECK(phrases.word("Arr\xc3\xaatez de m'appeler !", kWhy, "fr") == "opted_out");
  CHECK(phrases.word("Können Sie mich zurückrufen?", kWhy, "de-AT") == "callback");
  CHECK(phrases.word("Das ist eine Frechheit!", kWhy, "de") == "dissatisfied");
}

TEST_CASE("a word of the script is understood by its own name") {
  Understanding phrases("relance.understand.phrases");
  CHECK(phrases.word("no funds", kWhy) == "no_funds");
  CHECK(phrases.word("keep it gift wrapped", {"gift_wrapped", "plain"}) == "gift_wrapped");
}

TEST_CASE("who wants to be left alone is heard before anything else she says") {
  Understanding phrases("relance.understand.phrases");
  CHECK(phrases.word("yes I will pay next week but stop calling me", kWhy) == "opted_out");
  CHECK(phrases.word("my bank blocked the card, I want to speak to somebody", kWhy) ==
        "wants_human");
}

TEST_CASE("yes and no count in short utterances only") {
  Understanding phrases("relance.understand.phrases");
  CHECK(phrases.word("Yes.", {"yes", "no"}) == "yes");
  CHECK(phrases.word("no, that is not me", {"yes", "no"}) == "no");
  CHECK(
      phrases.word("well I said to my sister there is no way around this", {"yes", "no"}).empty());
}

TEST_CASE("only expected words are given, and words end where words end") {
  Understanding phrases("relance.understand.phrases");
  CHECK(phrases.word("stop calling me", {"yes", "no"}).empty());
  CHECK(phrases.word("nobody knows", {"yes", "no"}).empty());
}

TEST_CASE("a time that was named comes with the answer") {
  Understanding phrases("relance.understand.phrases");
  const auto at = [&](std::string_view text, std::string_view language) {
    return phrases.ask(text, {"callback"}, language);
  };
  CHECK(at("call me back at 6 p.m.", "en").find(R"("at":"18:00")") != std::string::npos);
  CHECK(at("rappelez-moi à 18h30", "fr").find(R"("at":"18:30")") != std::string::npos);
  CHECK(at("Rückruf um 9 Uhr 15 bitte", "de").find(R"("at":"09:15")") != std::string::npos);
  CHECK(at("call me back in 2 days", "en").find(R"("at")") == std::string::npos);
  CHECK(at("call me back at 99:99", "en").find(R"("at")") == std::string::npos);
}

TEST_CASE("more phrases can be configured") {
  Understanding phrases("relance.understand.phrases", R"({"extra":{"no_funds":["à sec"]}})");
  CHECK(phrases.word("je suis \xc3\x80 SEC", kWhy, "fr") == "no_funds");
}
