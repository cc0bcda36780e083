// The node on a real clock, with all its threads. Nothing here depends on how fast they are.
#include "node/real_drive.h"

#include <thread>

#include "node/town.h"

using namespace relance;
using namespace relance::test;

namespace {

// Mails without waits: over in a moment.
std::unique_ptr<FakeRules> quick_rules() {
  auto rules = std::make_unique<FakeRules>();
  rules->add_channel("email", "email");
  rules->connectors["crm"] = Connector{"crm", DeliveryClass::repeatable, false, {}, {}, 0};
  rules->add(flow("pay", {step("mail", mail()), step("last", mail(), on(0, {}))}));
  return rules;
}

// The machine's, set by so much.
class SetClock final : public Clock {
 public:
  Instant now() const override { return machine_.now() + Duration{set_by_ms}; }
  Duration since_boot() const override { return machine_.since_boot(); }
  std::atomic<int64_t> set_by_ms = 0;

 private:
  SystemClock machine_;
};

struct RealTownOptions {
  NodeOptions node = with_shards(8);
  std::shared_ptr<MemoryDisk> disk = std::make_shared<MemoryDisk>();
  std::shared_ptr<FaultPlan> plan = std::make_shared<FaultPlan>();
};

struct RealTown {
  explicit RealTown(RealTownOptions how) : options(std::move(how)), drive(clock, options.node) {
    NodeCore::Ports ports{clock,
                          process,
                          [this]() -> Result<std::unique_ptr<Store>> {
                            StoreOptions store;
                            store.derive = entry_deriver();
                            auto opened = open_memory_store(options.disk, std::move(store));
                            if (!opened) return opened.error();
                            return make_faulty_store(std::move(*opened), options.plan);
                          },
                          drive,
                          [](const Error&) {},
                          true};
    auto made = NodeCore::make(std::move(ports), options.node);
    REQUIRE(made);
    node = std::move(*made);
    provider = std::make_unique<Provider>(clock, drive, *node, world);
    provider->acts_after = [](const Key& key) { return Provider::some_ms(key, 3); };
    provider->answers_after = [](const Key&) { return milliseconds(1); };
    node->activate(std::shared_ptr<const Rules>(rules.get(), [](const Rules*) {}), *provider,
                   [](std::string_view, DocView data, Instant) { return Result<Doc>(Doc(data)); });
    REQUIRE(node->recover());
  }
  ~RealTown() { drive.stop({}).ok(); }

  void start() { drive.start(*node); }

  void payment_failed(int number) {
    const std::string name = std::to_string(number);
    EventInput event{name,
                     "test",
                     "payment.failed",
                     "c-" + std::to_string(number % 50),
                     clock.now(),
                     Doc::record({{"invoice_id", Doc::text(name)}}),
                     0,
                     {}};
    node->accept(std::move(event), [this](Accepted how) {
      ++(how == Accepted::kept ? kept : how == Accepted::duplicate ? duplicates : turned_away);
    });
  }

  RealTownOptions options;
  SetClock clock;
  SimulatedProcess process;
  World world;
  std::unique_ptr<FakeRules> rules = quick_rules();
  RealDrive drive;
  std::unique_ptr<NodeCore> node;
  std::unique_ptr<Provider> provider;
  std::atomic<size_t> kept = 0, duplicates = 0, turned_away = 0;
};

}  // namespace

TEST_CASE("a node with threads works everything it was given, and then is idle") {
  for (const int workers : {1, 4}) {
    INFO(workers << " workers");
    RealTownOptions options;
    options.node.workers = workers;
    RealTown town(options);
    town.start();
    for (int i = 0; i < 300; ++i) town.payment_failed(i);
    for (int i = 0; i < 300; i += 10) town.payment_failed(i);
    REQUIRE(town.drive.run_until_idle(Instant::never()));
    CHECK(town.kept == 300);
    CHECK(town.duplicates == 30);
    CHECK(town.world.done.size() == 600);
    CHECK(town.world.doubled == 0);
    REQUIRE(town.drive.stop({}));
    REQUIRE(town.node->close());
    const History history = replay_closed(town.node->store());
    CHECK(history.records<RunEnded>().size() == 300);
  }
}

TEST_CASE("events from many threads are each kept once") {
  RealTownOptions options;
  options.node.workers = 2;
  options.node.most_waiting_inputs = 4;  // sources wait for one another
  options.node.hot_bytes = 20'000;
  RealTown town(options);
  town.start();
  std::vector<std::thread> sources;
  for (int source = 0; source < 4; ++source)
    sources.emplace_back([&town] {
      for (int i = 0; i < 100; ++i) town.payment_failed(i);
    });
  for (std::thread& source : sources) source.join();
  REQUIRE(town.drive.run_until_idle(Instant::never()));
  CHECK(town.kept == 100);
  CHECK(town.duplicates == 300);
  CHECK(town.node->statistics().waiting_inputs == 0);
  REQUIRE(town.drive.stop({}));
  REQUIRE(town.node->close());
  CHECK(replay_closed(town.node->store()).records<RunEnded>().size() == 100);
}

TEST_CASE("what a stopped node leaves open goes on with the next one") {
  RealTownOptions options;
  {
    RealTown town(options);
    town.provider->acts_after = [](const Key&) { return hours(1); };  // not in this life
    town.start();
    for (int i = 0; i < 20; ++i) town.payment_failed(i);
    REQUIRE(town.drive.run_until_idle(town.clock.now()));
    REQUIRE(town.drive.stop({}));
    REQUIRE(town.node->close());
    CHECK(town.world.done.empty());
  }
  RealTown town(options);
  town.start();
  for (int i = 0; i < 20; ++i) town.payment_failed(i);
  REQUIRE(town.drive.run_until_idle(Instant::never()));
  CHECK(town.world.done.size() == 40);
  REQUIRE(town.drive.stop({}));
  REQUIRE(town.node->close());
  CHECK(replay_closed(town.node->store()).records<RunEnded>().size() == 20);
}

TEST_CASE("alarms keep to the clock by which they are set, where engine time is ahead of it") {
  RealTown town({});
  town.clock.set_by_ms = days(1).ms;
  town.start();
  town.payment_failed(1);
  REQUIRE(town.drive.run_until_idle(Instant::never()));
  town.clock.set_by_ms = 0;  // a person put it right: what was committed is a day ahead
  REQUIRE(town.node->committer().engine_time() > town.clock.now() + hours(23));
  std::atomic<int> early = 0, rung = 0;
  town.drive.call_at(
      town.clock.now() + hours(1), [&] { ++early; }, false);
  town.drive.call_at(
      town.clock.now() + milliseconds(1), [&] { ++rung; }, false);
  REQUIRE(town.drive.run_until_idle(town.clock.now() + milliseconds(300)));
  CHECK(rung == 1);
  CHECK(early == 0);
  REQUIRE(town.drive.stop({}));
}

TEST_CASE("an alarm is not put off by a clock that is set back after it was set") {
  RealTown town({});
  town.start();
  std::atomic<bool> rang = false;
  town.drive.call_at(
      town.clock.now() + milliseconds(20), [&] { rang = true; }, false);
  town.clock.set_by_ms = -days(1).ms;
  REQUIRE(town.drive.run_until_idle(town.clock.now() + minutes(1)));
  CHECK(rang);
}

TEST_CASE("a full store is waited for") {
  RealTownOptions options;
  options.plan->faults = {{2, Fault::Kind::full}, {3, Fault::Kind::full}};
  RealTown town(options);
  town.start();
  for (int i = 0; i < 20; ++i) town.payment_failed(i);
  REQUIRE(town.drive.run_until_idle(Instant::never()));
  CHECK(town.kept == 20);
  CHECK(town.world.done.size() == 40);
}

TEST_CASE("a commit of unknown outcome is found out while shards go on") {
  RealTownOptions options;
  for (uint64_t at = 2; at < 20; at += 3)
    options.plan->faults.push_back(
        {at, at % 2 ? Fault::Kind::unknown_kept : Fault::Kind::unknown_lost});
  RealTown town(options);
  town.start();
  for (int i = 0; i < 200; ++i) town.payment_failed(i);
  REQUIRE(town.drive.run_until_idle(Instant::never()));
  CHECK(town.kept == 200);
  CHECK(town.world.done.size() == 400);
  CHECK(town.world.doubled == 0);
  REQUIRE(town.drive.stop({}));
  REQUIRE(town.node->close());
  CHECK(replay_closed(town.node->store()).records<RunEnded>().size() == 200);
}

TEST_CASE("once the store is lost, sources that wait are turned away") {
  RealTownOptions options;
  options.plan->faults = {{3, Fault::Kind::fenced}};
  options.node.most_waiting_inputs = 2;
  RealTown town(options);
  town.start();
  for (int i = 0; i < 50; ++i) town.payment_failed(i);
  const auto ended = town.drive.run_until_idle(Instant::never());
  REQUIRE_FALSE(ended);
  CHECK(ended.error().code == Code::store_in_use);
  CHECK(town.turned_away > 0);
  CHECK_FALSE(town.drive.stop({}));
  CHECK(town.kept + town.turned_away == 50);
}
