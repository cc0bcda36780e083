// What became of a contact: facts of its step, and what the next channel is told of it.
#include "core/run/freeze.h"
#include "support/desk.h"

using namespace relance;
using namespace relance::test;

namespace {

// One mail, and a watch for its being opened within a day of it.
struct Mailed {
  FakeRules rules;
  Mailed() {
    rules.add_channel("email", "email");
    rules.abouts["email.opened"] = rules.abouts["link.clicked"] = "touch";
    rules.connectors["crm"] = Connector{"crm", DeliveryClass::repeatable, false, {}, {}, 0};
    rules.add(flow(
        "pay",
        {step("mail", mail()), step("opened", await("email.opened", days(1)), on(0, {"delivered"})),
         step("again", mail(), on(1, {"expired"})), step("end", wait_for(days(9)))}));
  }
};

void send(Desk& desk) {
  desk.failed_payment();
  desk.profile();
  desk.answer("mail", OperationStatus::done);
}

void about_mail(Desk& desk, const std::string& type) {
  desk.feed(EventInput{"about-" + type, "test", type, "c-1", desk.now, Doc::empty_record(),
                       event_hash("shop", "c-1", "test", "about-" + type),
                       desk.customer.touches.front().key});
}

Doc facts_of_mail(const Desk& desk) {
  return opened(desk.customer.id, desk.customer.runs.at(0).find(0)->data);
}

}  // namespace

TEST_CASE_METHOD(Mailed, "delivered, opened, clicked and paid are facts of their own", "[S2-07]") {
  Desk desk(rules);
  send(desk);
  CHECK(desk.outcome("mail") == "delivered");
  CHECK(facts_of_mail(desk).view().find("opened_at").is_null());
  const Instant opened_at = desk.now = desk.now + hours(2);
  about_mail(desk, "email.opened");
  CHECK(facts_of_mail(desk).view().find("opened_at").instant() == opened_at);
  CHECK(facts_of_mail(desk).view().find("clicked_at").is_null());
  const Instant clicked_at = desk.now = desk.now + hours(1);
  about_mail(desk, "link.clicked");
  CHECK(facts_of_mail(desk).view().find("opened_at").instant() == opened_at);
  CHECK(facts_of_mail(desk).view().find("clicked_at").instant() == clicked_at);
  CHECK(desk.ended().empty());
  desk.paid();
  CHECK(desk.ended() == "goal");
}

TEST_CASE_METHOD(Mailed, "that a mail was not opened by then is a fact, and a way of the flow",
                 "[S2-07]") {
  Desk desk(rules);
  send(desk);
  const Instant sent_at = desk.now;
  SECTION("not opened") {
    desk.due();
    CHECK(desk.now == sent_at + days(1));
    CHECK(desk.outcome("opened") == "expired");
    CHECK(desk.open_touch("again").channel == "email");
  }
  SECTION("opened in time") {
    about_mail(desk, "email.opened");
    CHECK(desk.outcome("opened") == "arrived");
    CHECK(desk.customer.touches.size() == 1);
  }
}

TEST_CASE_METHOD(Mailed, "a channel is told about the contacts before, and how they ended",
                 "[S2-19]") {
  Desk desk(rules);
  send(desk);
  const Instant sent_at = desk.now;
  CHECK(history_before(desk.customer, desk.customer.touches[0]).view().is_null());
  desk.due();
  const Doc told = history_before(desk.customer, desk.open_touch("again"));
  REQUIRE(told.view().size() == 1);
  for (const auto& [place, contact] : told.view().items()) {
    CHECK(contact.find("flow").text() == "pay");
    CHECK(contact.find("step").text() == "mail");
    CHECK(contact.find("channel").text() == "email");
    CHECK(contact.find("outcome").text() == "delivered");
    CHECK(contact.find("at").instant() == sent_at);
  }
}
