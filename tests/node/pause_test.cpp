// Pauses on a whole node: they hold from their commit on, over restarts, and nothing that was
// decided before one leaves after it.
#include "node/pauses.h"
#include "node/town.h"

using namespace relance;
using namespace relance::test;

namespace {

std::unique_ptr<FakeRules> charging_rules() {
  auto rules = std::make_unique<FakeRules>();
  rules->add_channel("retry", "retry");
  rules->connectors["crm"] = Connector{"crm", DeliveryClass::repeatable, false, {}, {}, 0};
  rules->add(flow("pay", {step("retry", charge())}));
  return rules;
}

Pause of_flow(std::string flow) {
  Pause wanted;
  wanted.flow = std::move(flow);
  wanted.author = "ann";
  return wanted;
}

// One shard of a node, driven by hand; what is given to the provider is counted.
class Hand final : public Drive, public Alarms {
 public:
  Hand() {
    NodeCore::Ports ports{clock, process_, [this] { return open(); }, *this, [](const Error&) {},
                          false};
    auto made = NodeCore::make(std::move(ports), with_shards(1));
    REQUIRE(made);
    node = std::move(*made);
    provider_ = std::make_unique<Provider>(clock, *this, *node, world_);
    node->activate(std::shared_ptr<const Rules>(rules_.get(), [](const Rules*) {}), *provider_,
                   [](std::string_view, DocView data, Instant) { return Result<Doc>(Doc(data)); });
    REQUIRE(node->recover());
  }
  void shard_ready(size_t) override {}
  void released(ShardBatch batch) override { durable_.push_back(std::move(batch)); }
  void call_at(Instant, std::function<void()>, bool) override { ++given; }

  void decide() { REQUIRE(node->drain(0, true)); }
  void commit() {
    while (node->commit()) {
    }
    for (ShardBatch& batch : std::exchange(durable_, {})) {
      node->finish(batch);
      for (Outgoing& effect : batch.outgoing) node->perform(std::move(effect));
    }
  }
  void payment_failed() {
    const Doc data = Doc::record({{"invoice_id", Doc::text("i-1")}});
    EventInput event{"e", "test", "payment.failed", "ann", clock.now(), data, 0, {}};
    node->accept(std::move(event), {});
  }

  VirtualClock clock{kMonday};
  std::unique_ptr<NodeCore> node;
  int given = 0;  // to the provider

 private:
  Result<std::unique_ptr<Store>> open() {
    StoreOptions how;
    how.installation_seed = "hand";
    how.derive = entry_deriver();
    return open_memory_store(disk_, std::move(how));
  }

  std::shared_ptr<MemoryDisk> disk_ = std::make_shared<MemoryDisk>();
  SimulatedProcess process_;
  World world_;
  std::unique_ptr<FakeRules> rules_ = charging_rules();
  std::unique_ptr<Provider> provider_;
  std::vector<ShardBatch> durable_;
};

}  // namespace

TEST_CASE("what was decided before a pause does not leave after it", "[S2-33]") {
  const bool paused = GENERATE(true, false);
  Hand hand;
  hand.payment_failed();
  hand.decide();
  hand.commit();
  hand.node->grant_slots();
  hand.decide();  // it is to leave
  if (paused) hand.node->command(hand.node->pauses_actor_key(), pause_command(of_flow("pay")));
  hand.decide();
  hand.commit();
  CHECK(hand.given == (paused ? 0 : 1));
}

TEST_CASE("a pause outlives its process, and so does the word on how it ends") {
  const auto rules = charging_rules();
  World world;
  TownOptions options;
  {
    Town town(*rules, world, options);
    town.node->command(town.node->pauses_actor_key(), pause_command(of_flow("pay")));
    REQUIRE(town.run());
    town.payment_failed("ann", "i-1");
    REQUIRE(town.run(kMonday + hours(1)));
    CHECK(world.done.empty());
    REQUIRE(town.node->pauses());
    CHECK(town.node->pauses()->all().front().author == "ann");
  }
  {
    Town town(*rules, world, options);
    REQUIRE(town.node->pauses());
    town.payment_failed("bob", "i-2");
    REQUIRE(town.run(kMonday + hours(2)));
    CHECK(world.done.empty());
    const auto preview = preview_resume(*town.node, *rules, town.node->pauses()->all().front());
    REQUIRE(preview);
    CHECK(preview->touches == 2);
    CHECK(preview->customers == 2);
    REQUIRE(preview->groups.size() == 1);
    const auto& [what, group] = *preview->groups.begin();
    CHECK(what.first == HeldTouch::Fate::leaves);
    CHECK(group.count == 2);
    town.node->command(town.node->pauses_actor_key(),
                       resume_command({1, Release::send, "bob", "over"}));
    REQUIRE(town.run(kMonday + hours(3)));
    CHECK(world.done.empty());  // the process ended before it let them go
  }
  Town town(*rules, world, options);
  REQUIRE(finish_releases(*town.node));
  REQUIRE(town.run());
  CHECK(world.done.size() == 2);
  CHECK(world.doubled == 0);
  CHECK_FALSE(town.node->pauses());
  const History history = town.finish();
  CHECK(history.records<PauseChanged>().size() == 3);
}

TEST_CASE("too many customers who opt out pause their flow, and nobody else is contacted",
          "[S0-24]") {
  auto rules = recovery_rules(DeliveryClass::keyed, false);
  GuardRule guard;
  guard.usual = 0.01;
  guard.within = hours(1);
  rules->rules.guards.push_back(guard);
  World world;
  Town town(*rules, world, {});
  for (int i = 0; i < 40; ++i)
    town.payment_failed("c-" + std::to_string(i), "i-" + std::to_string(i));
  REQUIRE(town.run(kMonday + minutes(10)));
  const size_t contacted = world.done.size();
  REQUIRE(contacted > 30);
  int said = 0;
  for (const auto& [key, done] : world.done) {
    PluginEvent stop;
    stop.channel = "email";
    stop.id = "stop-" + std::to_string(++said);
    stop.type = "email.opted_out";
    stop.at = town.clock.now();
    stop.key = key;
    stop.data = Doc::empty_record();
    town.node->deliver_event(std::move(stop), {});
  }
  REQUIRE(town.run(kMonday + minutes(20)));
  REQUIRE(town.node->pauses());
  const Pause& pause = town.node->pauses()->all().front();
  CHECK(pause.flow == "pay");
  CHECK(pause.author == "guard");
  town.payment_failed("late", "i-late");
  REQUIRE(town.run(kMonday + minutes(30)));
  CHECK(world.done.size() == contacted);
}

TEST_CASE("a pause is found by its number, or by just what it names") {
  Pause one = of_flow("pay"), other = of_flow("pay");
  one.number = 1;
  other.number = 2;
  other.channel = "sms";
  CHECK(find_pause({one, other}, {2, "", "", "", false})->channel == "sms");
  CHECK(find_pause({one, other}, {0, "pay", "", "", false})->number == 1);
  CHECK(find_pause({one, other}, {0, "pay", "sms", "", false})->number == 2);
  CHECK(find_pause({one, other}, {0, "", "sms", "", false}).error().code == Code::pause_unknown);
  one.ended_at = kMonday;
  CHECK(find_pause({one}, {1, "", "", "", false}).error().code == Code::pause_unknown);
}
