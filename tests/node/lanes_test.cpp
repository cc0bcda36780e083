// Lanes and slots: how many touches are under way, how fast they leave, who is first.
#include "node/slot_keeper.h"
#include "node/town.h"

using namespace relance;
using namespace relance::test;

namespace {

Want want(int priority, int customer, Instant due = kMonday) {
  Want made;
  made.customer = derive_key({"customer", std::to_string(customer)});
  made.channel = "email";
  made.priority = priority;
  made.due = due;
  return made;
}

Send send(const std::string& name, bool slot, TouchWhat what = TouchWhat::message) {
  Send made;
  made.touch.key = derive_key({name});
  made.touch.channel = "email";
  made.touch.what = what;
  made.slot = slot;
  return made;
}

// How many may leave at once.
size_t room(Lanes& lanes) {
  for (int i = 0; i < 100; ++i) lanes.queue(want(9, 1000 + i));
  return lanes.grant(kMonday).size();
}

}  // namespace

TEST_CASE("no more touches of a channel are under way than its lane allows", "[S1-43]") {
  const auto rules = recovery_rules();
  World world;
  Town town(*rules, world, {});
  town.node->limit("email", {3, 0});
  for (int i = 0; i < 40; ++i)
    town.payment_failed("c-" + std::to_string(i), "i-" + std::to_string(i));
  town.finish();
  CHECK(world.most_under_way["email"] == 3);
  CHECK(world.most_under_way["retry"] > 3);
  CHECK(world.doubled == 0);
}

TEST_CASE("when a lane says that its next touch may leave, it may") {
  Lanes lanes(false);
  Instant now = kMonday;
  for (int customer = 0; customer < 20'000; ++customer) {
    lanes.limit("email", {1'000'000, 0.03 + customer * 1e-5});
    lanes.queue(want(1, customer));
    if (lanes.grant(now).empty()) {
      now = lanes.next_chance();
      REQUIRE(lanes.grant(now).size() == 1);
    }
  }
}

TEST_CASE("touches leave no faster than their lane's pace", "[S1-43]") {
  const auto rules = recovery_rules();
  World world;
  Town town(*rules, world, {});
  town.node->limit("email", {64, 2});
  for (int i = 0; i < 20; ++i)
    town.payment_failed("c-" + std::to_string(i), "i-" + std::to_string(i));
  town.finish();
  Instant last;
  for (const auto& [at, channel] : world.sent) {
    if (channel != "email") continue;
    CHECK(at.ms >= last.ms + 500 - 2);  // the grain of clocks
    last = at;
  }
}

TEST_CASE("a provider that asks a channel to wait is not asked before") {
  const auto rules = recovery_rules();
  World world;
  Town town(*rules, world, {});
  town.node->pace("email", kMonday + minutes(30));
  town.payment_failed("ann", "i-1");
  town.finish();
  REQUIRE(!world.sent.empty());
  CHECK(world.sent[0].first == kMonday + minutes(30));
}

TEST_CASE("slots go to the most urgent, then to who has waited longest", "[S1-31]") {
  Lanes lanes(true);
  lanes.limit("email", {3, 0});
  lanes.queue(want(2, 1));
  lanes.queue(want(1, 2, kMonday + hours(1)));
  lanes.queue(want(1, 3, kMonday));
  lanes.queue(want(3, 4));
  CHECK_FALSE(lanes.take(want(0, 5)));  // nobody overtakes those who wait
  const auto granted = lanes.grant(kMonday);
  REQUIRE(granted.size() == 3);
  CHECK(granted[0].customer == want(1, 3).customer);
  CHECK(granted[1].customer == want(1, 2).customer);
  CHECK(granted[2].customer == want(2, 1).customer);
  CHECK(lanes.next_chance().is_never());  // only a slot that is given back helps
  lanes.give_back("email");
  CHECK(lanes.grant(kMonday).size() == 1);
  CHECK_FALSE(lanes.anyone_waits());
}

TEST_CASE("a slot that a decision took and did not use goes back to its lane") {
  Lanes lanes(true);
  lanes.limit("email", {2, 0});
  SlotKeeper slots(lanes);
  REQUIRE(slots.take(want(0, 1)));
  slots.decided();
  REQUIRE(slots.take(want(0, 1)));
  slots.sent(send("touch", true));
  slots.decided();
  CHECK(room(lanes) == 1);
}

TEST_CASE("a granted slot is held by the touch that used it until it is answered") {
  Lanes lanes(true);
  lanes.limit("email", {1, 0});
  lanes.queue(want(0, 1));
  SlotKeeper slots(lanes);
  REQUIRE(lanes.grant(kMonday).size() == 1);
  slots.granted("email");
  slots.sent(send("touch", true));
  slots.decided();
  CHECK_FALSE(lanes.take(want(0, 2)));
  slots.answered(send("touch", true).touch.key);
  slots.answered(send("touch", true).touch.key);  // a late second answer frees nothing
  CHECK(room(lanes) == 1);
}

TEST_CASE("repeats occupy their lane too, operations none") {
  Lanes lanes(true);
  lanes.limit("email", {3, 0});
  SlotKeeper slots(lanes);
  slots.sent(send("again", false));
  slots.sent(send("again", false));
  slots.sent(send("act", false, TouchWhat::operation));
  slots.decided();
  CHECK(room(lanes) == 2);
}
