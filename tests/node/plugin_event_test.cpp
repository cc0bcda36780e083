// Events that plugins report: they pass what an event of a file passes, and their sender learns
// what became of them.
#include "core/state/opened.h"
#include "node/town.h"
#include "script/event_catalogue.h"

using namespace relance;
using namespace relance::test;

namespace {

struct Reporting {
  std::unique_ptr<FakeRules> rules = recovery_rules();
  World world;
  Town town{*rules, world, {}};

  Reporting() {
    town.node->activate(std::shared_ptr<const Rules>(rules.get(), [](const Rules*) {}),
                        *town.provider, [](std::string_view type, DocView data, Instant at) {
                          return type_event_data(type, data, EventCatalogue::shipped(), at);
                        });
  }

  static PluginEvent failed(const std::string& id, const std::string& data) {
    PluginEvent event;
    event.channel = "stripe";
    event.id = id;
    event.type = "payment.failed";
    event.at = kMonday;
    event.subject = "ann";
    event.data = *from_json(data);
    return event;
  }
  std::optional<EventFate> fate(PluginEvent event) {
    std::optional<EventFate> fate;
    town.node->deliver_event(std::move(event), [&](EventFate how) { fate = how; });
    REQUIRE(town.run(kMonday + minutes(1)));
    return fate;
  }
};

}  // namespace

TEST_CASE_METHOD(Reporting, "an event of a source starts a run, with its decline completed") {
  CHECK(fate(failed("evt_1", R"({"invoice_id": "i-1", "decline": {"provider": "stripe",
             "raw_code": "insufficient_funds"}})")) == EventFate::kept);
  const History history = town.finish();
  CHECK(history.records<RunStarted>().size() == 1);
  const auto taken = history.records<EventTaken>();
  REQUIRE_FALSE(taken.empty());
  const Doc data = opened(history.customers.begin()->first, taken.front().data);
  const DocView decline = data.view().find("decline");
  CHECK(decline.find("action").text() == "retry_scheduled");
  CHECK(decline.find("class").text() == "soft");
}

TEST_CASE_METHOD(Reporting,
                 "the same event of a source again starts nothing, and is kept already") {
  for (int again = 0; again < 3; ++again)
    CHECK(fate(failed("evt_1", R"({"invoice_id": "i-1"})")) == EventFate::kept);
  CHECK(town.finish().records<RunStarted>().size() == 1);
}

TEST_CASE_METHOD(Reporting, "what the catalogue does not know is told to who reported it") {
  PluginEvent unknown = failed("evt_1", "{}");
  unknown.type = "payment.faild";
  CHECK(fate(unknown) == EventFate::malformed);
  CHECK(fate(failed("evt_2", R"({"invoice_id": 17})")) == EventFate::malformed);
  CHECK(fate(failed("evt_3", R"({"amount": "49.00"})")) == EventFate::malformed);
  CHECK(town.finish().records<RunStarted>().empty());
}

// Two events without an id would be one.
TEST_CASE_METHOD(Reporting, "an event of a plugin has an id, and keeps to the limits of events") {
  const std::string data = R"({"invoice_id": "i-1"})";
  CHECK(fate(failed("", data)) == EventFate::malformed);
  CHECK(fate(failed(std::string(1025, 'x'), data)) == EventFate::malformed);
  PluginEvent long_subject = failed("evt_1", data);
  long_subject.subject = std::string(1025, 'x');
  CHECK(fate(long_subject) == EventFate::malformed);
  CHECK(fate(failed("evt_2", R"({"invoice_id": ")" + std::string(300'000, 'x') + "\"}")) ==
        EventFate::malformed);
  CHECK(town.finish().records<RunStarted>().empty());
}

TEST_CASE_METHOD(Reporting, "an event about a charge of ours is found by its key") {
  town.payment_failed("ann", "i-1");
  REQUIRE(town.run(kMonday + hours(12)));  // the charge was made, and declined or not
  Key charge;
  for (const Touch& touch : replay(town.node->store()).touches())
    if (touch.what == TouchWhat::charge) charge = touch.key;
  REQUIRE(charge);
  PluginEvent told = failed("evt_1", R"({"invoice_id": "i-9"})");
  told.key = charge;
  told.subject = "as-the-provider-calls-her";
  CHECK(fate(told) == EventFate::kept);
  CHECK(town.finish().customers.size() == 1);  // hers, whatever the provider calls her
}

TEST_CASE_METHOD(Reporting, "a key of another installation counts nothing beside a subject") {
  PluginEvent event = failed("evt_1", R"({"invoice_id": "i-1"})");
  event.key = derive_key({"somebody", "else"});
  CHECK(fate(event) == EventFate::kept);
  PluginEvent nobodys = failed("evt_2", R"({"invoice_id": "i-1"})");
  nobodys.key = event.key;
  nobodys.subject.clear();
  CHECK(fate(nobodys) == EventFate::refused);
  const History history = town.finish();
  CHECK(history.records<RunStarted>().size() == 1);
  CHECK(history.customers.begin()->first == customer_key(rules->tenant(), "ann"));
}
