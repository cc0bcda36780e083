// A store that answers anything but ok: nothing leaves the node before its commit, and nothing that
// was promised is lost.
#include "node/town.h"

using namespace relance;
using namespace relance::test;

namespace {

TownOptions faulty(std::shared_ptr<FaultPlan> plan) {
  TownOptions options;
  options.over = [plan](std::unique_ptr<Store> store) {
    return make_faulty_store(std::move(store), plan);
  };
  return options;
}

struct Ended {
  std::string hash;
  uint64_t commits = 0;
  size_t effects = 0;
};

// Ten customers, with this fault at this commit.
Ended with_fault(std::optional<Fault> fault) {
  const auto rules = recovery_rules();
  World world;
  const auto plan = std::make_shared<FaultPlan>();
  if (fault) plan->faults.push_back(*fault);
  Town town(*rules, world, faulty(plan));
  town.usual_day(10);
  town.finish();
  CHECK(world.doubled == 0);
  CHECK(town.kept == 12);
  CHECK(town.turned_away == 0);
  return {town.hash(), plan->commits, world.done.size()};
}

// One customer's payment fails, and the first commit goes wrong.
struct Struck {
  explicit Struck(Fault::Kind kind) : plan(std::make_shared<FaultPlan>()), rules(recovery_rules()) {
    plan->faults.push_back({1, kind});
    town = std::make_unique<Town>(*rules, world, faulty(plan));
    town->payment_failed("ann", "i-1");
  }
  World world;
  std::shared_ptr<FaultPlan> plan;
  std::unique_ptr<FakeRules> rules;
  std::unique_ptr<Town> town;
};

}  // namespace

TEST_CASE("a commit that may or may not be durable is found out and changes nothing") {
  const Ended expected = with_fault({});
  REQUIRE(expected.commits > 20);
  for (uint64_t at = 1; at <= expected.commits; ++at) {
    for (const auto kind : {Fault::Kind::unknown_kept, Fault::Kind::unknown_lost}) {
      INFO("commit " << at << (kind == Fault::Kind::unknown_kept ? " kept" : " lost"));
      const Ended ended = with_fault(Fault{at, kind});
      CHECK(ended.hash == expected.hash);
      CHECK(ended.effects == expected.effects);
    }
  }
}

TEST_CASE("a full store acknowledges nothing and sends nothing until there is space") {
  Struck struck(Fault::Kind::full);
  Town& town = *struck.town;
  const auto refused = town.run();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::store_full);
  CHECK(town.kept + town.turned_away == 0);
  CHECK(struck.world.sent.empty());
  CHECK(town.node->health());
  const History history = town.finish();
  CHECK(town.kept == 1);
  CHECK(history.live_runs() == 0);
  CHECK(struck.world.doubled == 0);
}

TEST_CASE("what a full store held up until the evening waits for its hours") {
  Struck struck(Fault::Kind::full);
  WindowRule hours_of_mail;
  hours_of_mail.scope.channel = "email";
  hours_of_mail.from = *parse_time_of_day("09:00");
  hours_of_mail.to = *parse_time_of_day("17:00");
  struck.rules->rules.windows.push_back(hours_of_mail);
  // The third commit is the intent of the mail: the event and the profile come before it.
  struck.plan->faults = {{3, Fault::Kind::full}};
  Town& town = *struck.town;
  REQUIRE_FALSE(town.run());
  REQUIRE(struck.world.sent.empty());
  town.clock.set(kMonday + hours(10));
  const History history = town.finish();
  REQUIRE_FALSE(struck.world.sent.empty());
  CHECK(struck.world.sent[0].first == kMonday + hours(23));
  CHECK(history.live_runs() == 0);
  CHECK(struck.world.doubled == 0);
}

TEST_CASE("a duplicate is not acknowledged before the event that it repeats") {
  Struck struck(Fault::Kind::full);
  struck.plan->faults.push_back({2, Fault::Kind::full});
  Town& town = *struck.town;
  REQUIRE_FALSE(town.run());
  town.payment_failed("ann", "i-1");
  REQUIRE_FALSE(town.run());
  CHECK(town.kept + town.duplicates == 0);
  town.finish();
  CHECK(town.kept == 1);
  CHECK(town.duplicates == 1);
}

TEST_CASE("a writer that was fenced refuses what waits and what comes") {
  Struck struck(Fault::Kind::fenced);
  Town& town = *struck.town;
  const auto refused = town.run();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::store_in_use);
  CHECK(town.turned_away == 1);
  town.payment_failed("ben", "i-2");
  CHECK(town.turned_away == 2);
  CHECK(struck.world.sent.empty());
  CHECK(town.node->health().error().code == Code::store_in_use);
  CHECK(town.fatal);
}

TEST_CASE("a store that lost commits stops all sending, and the next start asks a person") {
  const auto rules = recovery_rules();
  World world;
  TownOptions options;
  const auto plan = std::make_shared<FaultPlan>();
  const auto earlier = options.disk->copy();
  plan->faults.push_back({2, Fault::Kind::went_back});
  plan->go_back = [&] { options.disk->go_back_to(*earlier); };
  options.over = faulty(plan).over;
  {
    Town town(*rules, world, options);
    town.payment_failed("ann", "i-1");
    const auto lost = town.run();
    REQUIRE_FALSE(lost);
    CHECK(lost.error().code == Code::store_went_back);
    CHECK(world.sent.empty());
  }
  Town town(*rules, world, options);
  REQUIRE_FALSE(town.refused);
  CHECK(town.refused.error().code == Code::store_went_back);
}

TEST_CASE("an I/O error ends the process before anything is acknowledged") {
  Struck struck(Fault::Kind::failed);
  Town& town = *struck.town;
  CHECK_FALSE(town.run());
  REQUIRE_FALSE(town.fatal);
  CHECK(town.fatal.error().code == Code::store_failed);
  CHECK(town.kept == 0);
  CHECK(struck.world.sent.empty());
}
