// The node as a whole: events become runs and touches, and results do not depend on threads,
// shards, memory or restarts.
#include "node/town.h"

using namespace relance;
using namespace relance::test;

namespace {

constexpr int kCustomers = 60;

struct Ended {
  std::string hash;
  World world;
  History history;
};

Ended usual_day(TownOptions options, int customers = kCustomers) {
  Ended ended;
  const auto rules = recovery_rules();
  Town town(*rules, ended.world, std::move(options));
  town.usual_day(customers);
  ended.history = town.finish();
  ended.hash = town.hash();
  return ended;
}

TownOptions with(NodeOptions node, int workers = 1) {
  TownOptions options;
  options.node = std::move(node);
  options.workers = workers;
  return options;
}

}  // namespace

TEST_CASE("an event becomes a run, its touches leave, and what they bring ends it") {
  const auto rules = recovery_rules();
  World world;
  Town town(*rules, world, {});
  town.payment_failed("ann", "i-1");
  const History history = town.finish();
  CHECK(town.kept == 1);
  CHECK(history.records<RunStarted>().size() == 1);
  CHECK(history.records<RunEnded>().size() == 1);
  const auto touches = history.touches();
  REQUIRE(touches.size() >= 2);
  CHECK(touches[0].step_name == "mail");
  CHECK(touches[0].outcome == "delivered");
  CHECK(touches[1].step_name == "retry");
  CHECK(world.done.size() == touches.size());
  CHECK(world.doubled == 0);
}

TEST_CASE("a duplicate is told so and changes nothing, however many events came between") {
  const auto rules = recovery_rules();
  World world;
  Town town(*rules, world, {});
  // All in one drain: the first hash has left the customer's memory and no commit has made it
  // known.
  for (int i = 0; i < 30; ++i) town.payment_failed("ann", "i-" + std::to_string(i));
  town.payment_failed("ann", "i-0");
  town.payment_failed("ann", "i-29");
  REQUIRE(town.run(kMonday + minutes(1)));
  CHECK(town.kept == 30);
  CHECK(town.duplicates == 2);
  // Long after: only the store knows.
  town.payment_failed("ann", "i-0");
  const History history = town.finish();
  CHECK(town.duplicates == 3);
  CHECK(history.records<RunStarted>().size() == 30);
}

TEST_CASE("a payment ends the run and what it still wanted") {
  const auto rules = recovery_rules();
  World world;
  Town town(*rules, world, {});
  town.payment_failed("ann", "i-1");
  town.drive.call_at(
      kMonday + hours(1), [&] { town.paid("ann", "i-1"); }, false);
  const History history = town.finish();
  REQUIRE(history.records<RunEnding>().size() == 1);
  CHECK(history.records<RunEnding>()[0].how == RunEnd::goal);
  CHECK(world.done.size() == 1);
  CHECK(town.clock.now() < kMonday + days(1));  // the run's expiry wakes nobody any more
}

TEST_CASE("the journal is the same with any number of threads and shards") {
  const std::string expected = usual_day(with(with_shards(1))).hash;
  CHECK(usual_day(with(with_shards(1))).hash == expected);
  CHECK(usual_day(with(with_shards(16), 1)).hash == expected);
  CHECK(usual_day(with(with_shards(16), 2)).hash == expected);
  CHECK(usual_day(with(with_shards(5), 4)).hash == expected);
}

TEST_CASE("customers who leave memory come back as they were") {
  const std::string expected = usual_day(with(with_shards(4))).hash;
  const auto rules = recovery_rules();
  World world;
  NodeOptions node = with_shards(4);
  node.hot_bytes = 4000;
  Town town(*rules, world, with(node));
  town.usual_day(kCustomers);
  REQUIRE(town.run(kMonday + hours(26)));
  CHECK(town.node->statistics().hot_customers < kCustomers / 2);
  town.finish();
  CHECK(town.hash() == expected);
}

TEST_CASE("snapshots follow the entries, so that a start has little to read") {
  NodeOptions node = with_shards(4);
  node.tail_entries = 50;
  const auto rules = recovery_rules();
  World world;
  Town town(*rules, world, with(node));
  town.usual_day(kCustomers);
  REQUIRE(town.run());
  CHECK(town.node->committer().entries() > 200);
  CHECK(town.node->committer().tail() <= 50);
  town.finish();
  CHECK(town.hash() == usual_day(with(with_shards(4))).hash);
}

TEST_CASE("a restart in the middle changes nothing") {
  const Ended expected = usual_day({});
  for (const bool closed : {true, false}) {
    for (const Duration after : {hours(5), hours(13), hours(30)}) {
      INFO((closed ? "closed after " : "killed after ") << format_duration(after));
      const auto rules = recovery_rules();
      World world;
      auto disk = std::make_shared<MemoryDisk>();
      {
        TownOptions options;
        options.disk = disk;
        Town before(*rules, world, options);
        before.usual_day(kCustomers);
        // On to an instant at which nothing is under way outside.
        Instant at = kMonday + after;
        REQUIRE(before.run(at));
        while (before.provider->open_operations() > 0) REQUIRE(before.run(at = at + seconds(1)));
        if (closed) REQUIRE(before.node->close());
      }
      TownOptions options;
      options.disk = disk;
      options.node.shards = 7;  // another machine
      Town town(*rules, world, options);
      REQUIRE(town.node);
      town.usual_day(kCustomers);  // the sources tell everything again
      const History history = town.finish();
      CHECK(town.hash() == expected.hash);
      CHECK(world.doubled == 0);
      CHECK(world.done.size() == expected.world.done.size());
    }
  }
}

TEST_CASE("a start with more to read than memory holds writes and forgets as it goes") {
  const std::string expected = usual_day({}).hash;
  auto disk = std::make_shared<MemoryDisk>();
  const auto rules = recovery_rules();
  World world;
  {
    TownOptions options;
    options.disk = disk;
    Town before(*rules, world, options);
    before.usual_day(kCustomers);
    REQUIRE(before.run());
  }
  TownOptions options;
  options.disk = disk;
  options.node.hot_bytes = 4000;
  Town town(*rules, world, options);
  REQUIRE(town.node);
  CHECK(town.node->statistics().hot_customers == 0);
  town.finish();
  CHECK(town.hash() == expected);
}
