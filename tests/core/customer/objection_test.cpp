// A person's STOP, a provider's complaint: the address is closed at once, whoever it belongs to.
#include "core/customer/objection.h"

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

TEST_CASE("one word says stop in any case, in several languages; a sentence does not") {
  for (const char* word : {"STOP", " stop ", "Stop.", "unsubscribe", "ARRÊT", "abmelden", "SAIR"})
    CHECK(wish_of(word) == Wish::stop);
  CHECK(wish_of("Start") == Wish::start);
  for (const char* text : {"", "  ", ".", "please do not stop", "stopwatch", "yes", "1"})
    CHECK(wish_of(text) == Wish::none);
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
