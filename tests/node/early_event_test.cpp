// Events that name a provider's id by which no touch is known yet: the webhook overtook the answer
// to the send. They are kept, and find their touch.
#include "core/customer/early_event.h"

#include "node/early_events.h"
#include "node/town.h"

using namespace relance;
using namespace relance::test;

namespace {

struct Overtaken {
  std::unique_ptr<FakeRules> rules = recovery_rules(DeliveryClass::keyed, false);
  World world;
  std::shared_ptr<MemoryDisk> disk = std::make_shared<MemoryDisk>();
  std::unique_ptr<Town> town;
  std::vector<EventFate> fates;

  Overtaken() { begin(); }
  void begin() {
    town.reset();  // one process at a time has the store
    TownOptions options;
    options.disk = disk;
    town = std::make_unique<Town>(*rules, world, std::move(options));
    town->provider->answers_after = [](const Key&) { return hours(1); };
  }
  void tell(const std::string& reference, const std::string& id = "evt_1",
            const std::string& address = "", const std::string& type = "email.opened") {
    PluginEvent event;
    event.channel = "email";
    event.id = id;
    event.type = type;
    event.at = town->clock.now();
    event.reference = reference;
    event.address = address;
    event.data = Doc::record({{"text", Doc::text("stop")}});
    town->node->deliver_event(std::move(event), [this](EventFate fate) { fates.push_back(fate); });
  }
  // Her mail has left, its answer has not come.
  Key sent_mail() {
    town->payment_failed("ann", "i-1");
    REQUIRE(town->run(kMonday + minutes(10)));
    REQUIRE(world.done.size() == 1);
    return world.done.begin()->first;
  }
  uint64_t waiting() const { return town->node->statistics().early_events; }
  static size_t about(const History& history, const Key& touch) {
    size_t count = 0;
    for (const EventTaken& event : history.records<EventTaken>()) count += event.touch == touch;
    return count;
  }
};

}  // namespace

TEST_CASE_METHOD(Overtaken, "a webhook that overtakes the answer to its send is kept and joined",
                 "[early]") {
  const Key touch = sent_mail();
  tell(touch.text());
  REQUIRE(town->run(kMonday + minutes(20)));
  CHECK(fates == std::vector{EventFate::kept});
  CHECK(waiting() == 1);
  REQUIRE(town->run(kMonday + hours(2)));
  CHECK(waiting() == 0);
  const History history = town->finish();
  CHECK(about(history, touch) == 1);
  const Customer& ann = history.customers.at(customer_key(rules->tenant(), "ann"));
  CHECK(ann.touches.front().key == touch);
  CHECK(history.records<EventWaited>().at(0).touch == touch);
}

TEST_CASE_METHOD(Overtaken, "the same webhook again, before and behind the answer, is one",
                 "[early]") {
  const Key touch = sent_mail();
  for (int i = 0; i < 3; ++i) tell(touch.text());
  REQUIRE(town->run(kMonday + minutes(20)));
  CHECK(waiting() == 1);
  REQUIRE(town->run(kMonday + hours(2)));
  tell(touch.text());
  REQUIRE(town->run(kMonday + hours(3)));
  CHECK(fates == std::vector(4, EventFate::kept));
  const NodeStatistics now = town->node->statistics();
  CHECK(now.duplicates == 3);
  CHECK(now.from_plugins.at("email") == 4);
  CHECK(about(town->finish(), touch) == 1);
}

TEST_CASE_METHOD(Overtaken, "what waits survives the end of the process", "[early]") {
  const Key touch = sent_mail();
  tell(touch.text());
  REQUIRE(town->run(kMonday + minutes(20)));
  begin();  // what was in memory is gone
  CHECK(town->clock.now() >= kMonday + minutes(10));
  REQUIRE(town->run(town->clock.now()));
  CHECK(waiting() == 1);
  const History history = town->finish();
  CHECK(about(history, touch) == 1);
  CHECK(waiting() == 0);
}

TEST_CASE_METHOD(Overtaken, "what finds no touch is given up after three days", "[early]") {
  tell("somebody else's");
  REQUIRE(town->run(kMonday + kEarlyKept - minutes(1)));
  CHECK(waiting() == 1);
  REQUIRE(town->run(kMonday + kEarlyKept));
  CHECK(waiting() == 0);
  const History history = town->finish();
  REQUIRE(history.records<EventWaited>().size() == 1);
  CHECK_FALSE(history.records<EventWaited>().front().touch);
}

TEST_CASE_METHOD(Overtaken, "no more wait than there is room for: the sender repeats the rest",
                 "[early]") {
  for (size_t i = 0; i < EarlyEvents::kMostEvents; ++i) tell("ref-" + std::to_string(i));
  REQUIRE(town->run(kMonday + minutes(1)));
  CHECK(waiting() == EarlyEvents::kMostEvents);
  CHECK(std::all_of(fates.begin(), fates.end(), [](EventFate f) { return f == EventFate::kept; }));
  fates.clear();
  tell("one more");
  CHECK(fates == std::vector{EventFate::nobody});
  REQUIRE(town->run(kMonday + kEarlyKept + minutes(1)));
  fates.clear();
  tell("one more");
  REQUIRE(town->run(kMonday + kEarlyKept + minutes(2)));
  CHECK(fates == std::vector{EventFate::kept});
}

TEST_CASE_METHOD(Overtaken, "a person's words do not wait for the touch that they answer",
                 "[early]") {
  tell("somebody else's", "evt_1", "ann@example.com", "message.received");
  REQUIRE(town->run(kMonday + minutes(1)));
  CHECK(fates == std::vector{EventFate::kept});
  CHECK(waiting() == 0);
  const History history = town->finish();
  CHECK(history.customers.begin()->first ==
        customer_key(rules->tenant(), "address:ann@example.com"));
}

TEST_CASE_METHOD(Overtaken, "a reference without end is not kept", "[early]") {
  tell(std::string(2000, 'x'));
  CHECK(fates == std::vector{EventFate::malformed});
}
