// A person's STOP, a provider's complaint: the address is closed at once, whoever it belongs to.
#include "core/customer/stop_words.h"
#include "support/desk.h"

using namespace relance;
using namespace relance::test;

namespace {

struct Shop {
  FakeRules rules;
  Shop() {
    rules.add_channel("email", "email");
    rules.add(flow("pay", {step("mail", mail())}));
  }
};

Doc message(const std::string& text, const std::string& address, const std::string& word = "") {
  std::vector<std::pair<std::string, Doc>> fields{{"text", Doc::text(text)}};
  if (!address.empty()) fields.emplace_back("address", Doc::text(address));
  if (!word.empty()) fields.emplace_back("word", Doc::text(word));
  return Doc::record(fields);
}

uint64_t number() { return normalised_address("sms", "+33639980001").hash; }

}  // namespace

TEST_CASE("a stop word alone ends messages, in any case and with any sign around it") {
  for (const char* text :
       {"STOP", "stop", " Stop. ", "\"STOP\"", "Stop!!", "unsubscribe", "QUIT", "opt out",
        "OPT-OUT", "Arrêt", "ARRÊT", "revoke\n", "end", "Cancel", "STOPALL"})
    CHECK(wish_of(text, "+14155550100") == Wish::stop);
  for (const char* text :
       {"", "  ", ".", "stop it please, I cannot pay before Friday", "yes", "please do not stop",
        "stopwatch", "help", "unstoppable", "the end", "1"}) {
    CHECK(wish_of(text, "+14155550100") == Wish::none);
    CHECK(wish_of(text) == Wish::none);
  }
  CHECK(wish_of("Start", "+14155550100") == Wish::start);
  CHECK(wish_of("unstop") == Wish::start);
}

TEST_CASE("a country's own stop words hold for its numbers, and where no number is told") {
  for (const auto& [text, number] : {std::pair{"Rezygnuję", "+48601234567"},
                                     {"WYPISZ", "+48601234567"},
                                     {"abmelden", "+491701234567"},
                                     {"désabonner", "+33600000001"},
                                     {"Baja", "+34600000001"},
                                     {"sair", "+351910000001"}}) {
    CHECK(wish_of(text, number) == Wish::stop);
    CHECK(wish_of(text) == Wish::stop);
  }
  CHECK(wish_of("abmelden", "+33600000001") == Wish::none);
  CHECK(wish_of("basta", "+48601234567") == Wish::none);
}

TEST_CASE("a stop word is looked for in short messages only, and in text that is no UTF-8") {
  CHECK(wish_of(std::string(4096, ' ') + "STOP", "+1") == Wish::none);
  CHECK(wish_of("\xff\xfe\xc3", "+1") == Wish::none);
}

TEST_CASE_METHOD(Shop, "STOP from a number closes it, START opens it again") {
  Desk desk(rules);
  desk.event("message.received", message("Stop", "+33 6 39 98 00 01"));
  const auto closed = desk.records<AddressSuppressed>();
  REQUIRE(closed.size() == 1);
  CHECK(closed[0].address == number());
  CHECK(closed[0].reason == "opted_out");
  desk.event("message.received", message("START", "+33639980001"));
  CHECK(desk.records<AddressSuppressed>().size() == 1);  // nothing was closed by a STOP
  desk.suppression.suppressed.insert(number());
  desk.event("message.received", message("START", "+33639980001"));
  REQUIRE(desk.records<AddressSuppressed>().size() == 2);
  CHECK(desk.records<AddressSuppressed>()[1].reason.empty());
}

TEST_CASE_METHOD(Shop, "what the provider understood holds, whatever the words") {
  Desk desk(rules);
  desk.event("message.received", message("leave me alone", "+33639980001", "opted_out"));
  REQUIRE(desk.records<AddressSuppressed>().size() == 1);
  desk.event("message.received", message("thank you", "+33639980001"));
  CHECK(desk.records<AddressSuppressed>().size() == 1);
}

TEST_CASE_METHOD(Shop,
                 "a complaint about a touch closes its address, an answer closes it by STOP") {
  rules.rules.suppress_on = {"complained"};
  Desk desk(rules);
  desk.failed_payment();
  desk.profile();
  const Touch touch = desk.open_touch("mail");
  desk.answer("mail", OperationStatus::done);
  const auto about = [&](const std::string& type, Doc data) {
    EventInput input{type,
                     "plugin:email",
                     type,
                     "c-1",
                     desk.now,
                     std::move(data),
                     event_hash("shop", "c-1", "plugin:email", type),
                     touch.key};
    desk.feed(input);
  };
  about("email.opened", Doc::record({}));
  CHECK(desk.records<AddressSuppressed>().empty());
  about("email.complained", Doc::record({}));
  REQUIRE(desk.records<AddressSuppressed>().size() == 1);
  CHECK(desk.records<AddressSuppressed>()[0].address == touch.address);
  CHECK(desk.records<AddressSuppressed>()[0].reason == "complained");
  about("email.replied", message("unsubscribe", ""));
  REQUIRE(desk.records<AddressSuppressed>().size() == 2);
  CHECK(desk.records<AddressSuppressed>()[1].reason == "opted_out");
}
