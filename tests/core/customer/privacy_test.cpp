// What a customer may ask about his data: that it is kept and not used, corrected, completed,
// erased. The desk proves after each input that the records alone give the same customer.
#include "core/customer/privacy.h"

#include "core/run/profile.h"
#include "core/state/redact.h"
#include "support/desk.h"

using namespace relance;
using namespace relance::test;

namespace {

Doc one(const char* name, const char* value) { return Doc::record({{name, Doc::text(value)}}); }

struct Shop {
  FakeRules rules;
  Desk desk{rules};
  Shop() {
    rules.add_channel("email", "email");
    rules.connectors["shop"] = Connector{"shop", DeliveryClass::keyed, false, hours(24), {}, 0};
  }
  // A mail now, another a day later.
  void begin_mails() {
    rules.add(flow("pay", {step("mail", mail()), step("pause", wait_for(days(1)), on(0, {})),
                           step("again", mail(), on(1, {}))}));
    desk.failed_payment();
    desk.profile();
  }
  Decision& ask(std::string command, Doc data = {}) {
    CommandInput input;
    input.command = std::move(command);
    input.author = "lea";
    input.data = std::move(data);
    return desk.feed(input);
  }
  bool erased() const { return !desk.customer.privacy->erased_at.is_never(); }
  std::string to_of_last_send() const {
    for (const Effect& effect : desk.effects)
      if (const auto* send = std::get_if<Send>(&effect)) {
        const Doc frozen = opened(desk.customer.id, send->touch.held->frozen);
        return std::string(frozen.view().find("to").text().value_or(""));
      }
    return {};
  }
  // Everything that the store would hold of him.
  std::string kept() const {
    std::string all = encode_snapshot(desk.customer);
    for (const std::string& entry : desk.stored()) all += entry;
    return all;
  }
  bool keeps(const std::string& text) const { return kept().find(text) != std::string::npos; }
};

}  // namespace

TEST_CASE_METHOD(Shop, "who is erased is forgotten once what is on its way is settled", "[S0-33]") {
  begin_mails();
  REQUIRE(keeps("ann@example.com"));
  ask("erase");
  CHECK_FALSE(erased());
  CHECK(desk.customer.limited());
  CHECK(desk.count<Send>(desk.effects) == 0);
  const size_t intents = desk.records<TouchIntended>().size();
  desk.answer("mail", OperationStatus::done);
  REQUIRE(erased());
  CHECK(desk.customer.runs.empty());
  CHECK(desk.customer.next_due().is_never());
  for (const char* personal : {"ann@example.com", "+33639980001", "Ann", "c-1", "i-1"}) {
    INFO(personal);
    CHECK_FALSE(keeps(personal));
  }
  // His decisions stay, and who gave the command.
  REQUIRE(desk.customer.touches.size() == intents);
  CHECK(desk.customer.touches[0].outcome == "delivered");
  CHECK(desk.customer.touches[0].address != 0);
  CHECK(desk.customer.past.size() == 1);
  CHECK(desk.records<CommandTaken>().back().author == "lea");
  CHECK(ask("erase").entry.records.empty());
}

TEST_CASE_METHOD(Shop, "amounts stay in the books of who is erased") {
  begin_mails();
  ask("erase");
  desk.answer("mail", OperationStatus::done);
  for (const std::string& bytes : desk.stored()) {
    const auto entry = decode_entry(bytes);
    REQUIRE(entry);
    for (const Record& record : entry->records) {
      const auto* event = std::get_if<EventTaken>(&record);
      if (!event) continue;
      const Doc data = opened(desk.customer.id, event->data);
      CHECK(data.view().size() == 1);
      CHECK(data.view().find("amount").money() == Money{4900, Desk::eur()});
    }
  }
}

TEST_CASE_METHOD(Shop, "an erasure undoes what is held for the customer first") {
  rules.add(flow("cod", {step("hold", HoldStep{"shop", "hold", "release", {}, hours(6)}),
                         step("wait", wait_for(days(2)))}));
  desk.failed_payment();
  desk.answer("hold", OperationStatus::done);
  ask("erase");
  CHECK_FALSE(erased());
  REQUIRE(desk.count<Send>(desk.effects) == 1);
  desk.answer("hold", OperationStatus::done);
  CHECK(erased());
}

TEST_CASE_METHOD(Shop, "a run whose flow cannot be loaded does not stop an erasure") {
  begin_mails();
  rules.lost[desk.customer.runs[0].version] = "no template 'hello'";
  desk.feed(DueInput{});
  REQUIRE(desk.customer.runs[0].held);
  ask("erase");
  CHECK_FALSE(erased());
  desk.answer("mail", OperationStatus::done);
  CHECK(erased());
  CHECK(desk.customer.runs.empty());
}

TEST_CASE_METHOD(Shop, "nothing begins for who is being erased") {
  begin_mails();
  ask("erase");
  desk.failed_payment("i-2");
  CHECK(desk.records<RunStarted>().size() == 1);
  CHECK(desk.count<Send>(desk.effects) == 0);
  CHECK_FALSE(keeps("i-2"));
}

TEST_CASE_METHOD(Shop, "events from before an erasure are known again, and keep nothing") {
  begin_mails();
  desk.answer("mail", OperationStatus::done);
  const Key touch = desk.customer.touches[0].key;
  ask("erase");
  REQUIRE(erased());
  const auto about_touch = [&](const char* type, Doc data) {
    EventInput event{"late", "esp", type, "c-1", desk.now + days(1), std::move(data), 77, touch};
    return desk.feed(event);
  };
  SECTION("a late failure starts nothing") {
    desk.now = desk.now + hours(1);
    EventInput late{
        "e-9", "test", "payment.failed", "c-1", desk.now - days(1), one("invoice_id", "i-9"),
        99,    {}};
    desk.feed(late);
    CHECK(desk.records<RunStarted>().size() == 1);
    CHECK_FALSE(keeps("i-9"));
    CHECK(desk.feed(late).duplicate_event);
  }
  SECTION("a STOP to a mail from before still holds") {
    about_touch("email.replied", one("text", "STOP"));
    REQUIRE(desk.records<AddressSuppressed>().size() == 1);
    CHECK(desk.records<AddressSuppressed>()[0].address == desk.customer.touches[0].address);
    CHECK_FALSE(keeps("STOP"));
  }
  CHECK(erased());
  CHECK(desk.customer.subject.empty());
}

TEST_CASE_METHOD(Shop, "who comes back after his erasure begins anew under the same pseudonym") {
  begin_mails();
  desk.answer("mail", OperationStatus::done);
  ask("erase");
  REQUIRE(erased());
  desk.now = desk.now + days(30);
  desk.failed_payment("i-7");
  REQUIRE(desk.customer.runs.size() == 1);
  CHECK_FALSE(desk.customer.subject.empty());
  desk.profile();
  CHECK(to_of_last_send() == "ann@example.com");
  desk.answer("mail", OperationStatus::done);
  ask("erase");
  CHECK(erased());
  CHECK_FALSE(keeps("i-7"));
}

TEST_CASE_METHOD(Shop, "a CRM that still lists who is erased does not bring him back") {
  begin_mails();
  desk.answer("mail", OperationStatus::done);
  ask("erase");
  REQUIRE(erased());
  FoundInput found;
  found.flow = "pay";
  found.subject = "c-1";
  found.hash = 5;
  found.data = Doc::empty_record();
  CHECK(desk.feed(found).entry.records.empty());
}

TEST_CASE_METHOD(Shop, "nothing leaves for a restricted customer until it is lifted", "[S0-33]") {
  begin_mails();
  ask("restrict");
  desk.answer("mail", OperationStatus::done);  // what is on its way is settled
  CHECK(desk.outcome("mail") == "delivered");
  CHECK(desk.customer.runs[0].find(1) == nullptr);
  desk.failed_payment("i-2");
  CHECK(desk.records<RunNotStarted>().back().reason == "restricted");
  CHECK(ask("restrict").entry.records.empty());
  ask("lift");
  REQUIRE(desk.customer.runs[0].find(1));
  desk.due();
  CHECK(desk.count<Send>(desk.effects) == 1);
}

TEST_CASE_METHOD(Shop, "a contact that is due while the customer is restricted is held") {
  begin_mails();
  desk.answer("mail", OperationStatus::done);
  ask("restrict");
  desk.due();
  CHECK(desk.count<Send>(desk.effects) == 0);
  ask("lift");
  CHECK(desk.count<Send>(desk.effects) == 1);
}

TEST_CASE_METHOD(Shop, "a retry that is due while the customer is restricted waits for him") {
  rules.add(flow("pay", {step("pause", wait_for(hours(1))), step("mail", mail(2), on(0, {}))}));
  desk.failed_payment();
  desk.slots.open = false;
  desk.due();
  REQUIRE(desk.customer.runs[0].find(1)->phase == Phase::wanting);
  ask("restrict");
  desk.slots.open = true;
  desk.feed(SlotInput{desk.customer.runs[0].id, 1, 0, "email"});
  CHECK(desk.customer.runs[0].find(1)->word == "restricted");
  CHECK(desk.records<TouchJudged>().back().reason == "restricted");
  ask("lift");
  CHECK(desk.customer.runs[0].find(1)->phase == Phase::reading);  // his profile, then it goes
}

TEST_CASE_METHOD(Shop, "what is rectified holds from the next contact on, and against the CRM",
                 "[S0-33]") {
  begin_mails();
  desk.answer("mail", OperationStatus::done);
  ask("rectify", one("email", "anna@example.org"));
  CHECK(desk.records<CommandTaken>().back().command == "rectify");
  CHECK(to_json(desk.records<CommandTaken>().back().detail) == R"({"fields":["email"]})");
  desk.due();
  CHECK(to_of_last_send() == "anna@example.org");
  const Doc told = Doc::record({{"email", Doc::text("ann@example.com")}});
  desk.feed(ReadInput{});  // nothing was asked
  Decision decision;
  const std::string installation = "test";
  const Context context{desk.now, 0, installation, rules, desk.suppression, desk.slots, false};
  Worker worker(desk.customer, context, decision);
  CHECK(as_amended(worker, told).view().find("email").text() == "anna@example.org");
}

TEST_CASE_METHOD(Shop, "what is rectified holds in the events of his runs") {
  begin_mails();
  ask("rectify", one("invoice_id", "i-1b"));
  const Doc event = opened(desk.customer.id, desk.customer.runs[0].event);
  CHECK(event.view().find("invoice_id").text() == "i-1b");
  CHECK(event.view().find("amount").money() == Money{4900, Desk::eur()});
}

TEST_CASE_METHOD(Shop, "what is supplemented holds where the CRM tells nothing", "[S0-33]") {
  begin_mails();
  ask("supplement",
      Doc::record({{"email", Doc::text("other@example.org")}, {"city", Doc::text("Lyon")}}));
  const Doc profile = opened(desk.customer.id, desk.customer.profile);
  CHECK(profile.view().find("email").text() == "ann@example.com");
  CHECK(profile.view().find("city").text() == "Lyon");
}

TEST_CASE_METHOD(Shop, "a command about somebody nobody knows writes nothing") {
  for (const char* command : {"export", "restrict", "lift", "rectify", "supplement", "erase"})
    CHECK(ask(command, one("email", "x@example.org")).entry.records.empty());
}
