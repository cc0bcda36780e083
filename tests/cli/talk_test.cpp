// `relance talk`: the shipped script, with answers from the command line and from stdin.
#include <catch2/catch.hpp>

#include "cli/program.h"

using namespace relance;
using namespace relance::test;

namespace {

// A conversation in English, answered by these lines; the end of input hangs up.
Answer talk(const std::string& answers, const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments{
      "talk", "payment_help", "--bundle", kSource / "flows", "--lang", "en"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return command(arguments, answers);
}

// The parts stand in this order in the text.
void follow(const std::string& text, const std::vector<std::string>& parts) {
  size_t at = 0;
  for (const std::string& part : parts) {
    INFO("'" << part << "' behind character " << at << " of\n" << text);
    const size_t found = text.find(part, at);
    REQUIRE(found != std::string::npos);
    at = found + part.size();
  }
}

}  // namespace

TEST_CASE("a conversation is played to the word that the flow sees") {
  const Answer played = talk("yes\nit was my bank\n2\n");
  CHECK(played.exit == 0);
  follow(played.out,
         {"Hello, this is Lumen Shop", "[hello: done -> who]", "Am I speaking with Alex?",
          "[hears yes, no, wants_human", "> yes", "[understood: yes]", "[who: yes -> why]",
          "Your last payment of €49.00 was declined", "> it was my bank",
          "[understood: bank_failure]", "[why: bank_failure -> offer]", "> 2",
          "[understood: pay_later]", "[offer: pay_later -> the end, promised]", "Goodbye.",
          "outcome   promised", "data      {", R"("reason":"bank_failure")"});
}

TEST_CASE("answers of the command line come first, in the customer's language") {
  const Answer played =
      command({"talk", "payment_help", "--bundle", kSource / "flows", "--lang", "fr", "--say",
               "oui", "--customer", R"({"first_name": "Zoé"})", "--event",
               R"({"amount": {"amount": "12.50", "currency": "EUR"}})"},
              "");
  CHECK(played.exit == 0);
  follow(played.out, {"Bonjour", "à Zoé ?", "> oui", "12,50 €", "outcome   hung_up"});
}

TEST_CASE("silence and what is not understood are asked again, then lead on") {
  const Answer played = talk("yes\n\n\nhgfdsa\nqwertz\n");
  follow(played.out, {"[who: yes -> why]", "Do you know why?", "> \n", "Do you know why?", "> \n",
                      "why: silent", "outcome   promised"});
  const Answer unclear = talk("yes\nhgfdsa\nqwertz\n");
  follow(unclear.out,
         {"[not understood]", "[not understood]", "[why: unclear -> offer]", "outcome   hung_up"});
}

TEST_CASE("a link is sent in the call, and the payment that is waited for ends the run") {
  const Answer paid = talk("yes\n1\n1\npayment.succeeded\n");
  follow(paid.out, {"[offer: send_link -> link]", "(sms to +33", "[link: sent -> paid]",
                    "[paid waits for payment.succeeded", "> payment.succeeded",
                    "your payment has just arrived", "outcome   delivered", "the run   goal"});
  const Answer waited = talk("yes\n1\n1\n\n");
  follow(waited.out, {"[paid waits for payment.succeeded", "> \n",
                      "[paid: expired -> the end, promised]", "outcome   promised"});
}

TEST_CASE("a word that is understood at any turn ends the call, and the flow goes on with it") {
  const Answer human = talk("can I speak to a human please\n");
  follow(human.out,
         {"[understood: wants_human]", "outcome   wants_human", "the flow  goes on with human"});
}

TEST_CASE("whoever sits there tells what a look-up finds, and whether a person takes the call",
          "[S1-70]") {
  const auto slots = [](const std::string& answers) {
    return command({"talk", "slots", "--bundle", kSource / "tests/cli/bundles/calls"}, answers).out;
  };
  follow(slots("found {\"next\": \"tomorrow\"}\n1\n"),
         {"[looks up slots at shop", "[free: found -> ask]", "[understood: yes]",
          "outcome   agreed", R"("next":"tomorrow")", "the flow  goes on with note"});
  follow(slots("late\ndeclined\n"),
         {"[free: late -> hand]", "[a person in 'people' is asked to take over",
          "[hand: declined -> the end, later]", "outcome   later"});
  follow(slots("missing\naccepted\n"), {"[free: missing -> hand]", "outcome   agreed"});
}

TEST_CASE("a script is played with the channels of a shop that is live, and nothing leaves") {
  const std::filesystem::path shop = fresh_directory("live_shop");
  std::filesystem::copy(kSource / "flows", shop, std::filesystem::copy_options::recursive);
  const std::string account =
      R"({ account_sid = "AC1", auth_token = secret "OF_NO_MACHINE", from = "+15005550006" })";
  std::string bundle = read(shop / "bundle.lua");
  for (const std::string name : {"sms", "voice"}) {
    const size_t entry = bundle.find("\n    " + name + " ");
    REQUIRE(entry != std::string::npos);
    const size_t plugin = bundle.find("relance.sandbox", entry);
    const size_t end = bundle.find('}', plugin);
    bundle.replace(plugin, end + 1 - plugin, "relance." + name + ".twilio\" " + account);
  }
  write(shop / "bundle.lua", bundle);
  const Answer played = command({"talk", "payment_help", "--bundle", shop, "--lang", "en"},
                                "yes\n1\n1\npayment.succeeded\n");
  CHECK(played.exit == 0);
  follow(played.out, {"Hello, this is Lumen Shop", "(sms to +33", "[link: sent -> paid]",
                      "your payment has just arrived", "the run   goal"});
}

TEST_CASE("a call that the contact rules put off is not made, and why is told") {
  const Answer off = command({"talk", "offer", "--bundle", kSource / "tests/cli/bundles/calls"});
  CHECK(off.exit == 1);
  CHECK(off.err.find("nobody is called: outside_window") != std::string::npos);
}

TEST_CASE("talk refuses a script that no flow uses, and JSON that is none") {
  const Answer unknown = command({"talk", "nothing", "--bundle", kSource / "flows"});
  CHECK(unknown.exit == 2);
  CHECK(unknown.err.find("E0206: no step of a flow uses a script 'nothing'; there are: ") !=
        std::string::npos);
  CHECK(unknown.err.find("payment_help") != std::string::npos);
  CHECK(talk("", {"--event", "{"}).exit == 2);
  CHECK(talk("", {"--customer", "[1]"}).exit == 2);
}
