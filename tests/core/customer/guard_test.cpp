// Guards: a flow to which too many customers object is paused, and a harmless one is not.
#include "core/customer/guard.h"

#include "base/random.h"
#include "core/customer/pause.h"
#include "support/desk.h"

using namespace relance;
using namespace relance::test;

namespace {

GuardRule opt_outs(std::optional<double> usual = {}) {
  GuardRule rule;
  rule.above = 2;
  rule.usual = usual;
  rule.within = hours(1);
  return rule;
}

// The pauses' actor, told of contacts as a node tells it.
struct Actor {
  FakeRules rules;
  Desk desk{rules};
  uint64_t untold = 0;

  explicit Actor(GuardRule rule) { rules.rules.guards.push_back(std::move(rule)); }

  void count(uint64_t contacts, int64_t objections) {
    CommandInput input;
    input.command = "count";
    input.data = Doc::record({{"flow", Doc::text("promo")},
                              {"contacts", Doc::integer(static_cast<int64_t>(contacts))},
                              {"opt_outs", Doc::integer(objections)},
                              {"complaints", Doc::integer(0)}});
    desk.feed(input);
  }
  // So many contacts in an hour, each objected to with this chance. False: it was paused.
  bool hour(int contacts, double chance, SeededRandom& random) {
    for (int i = 0; i < contacts; ++i) {
      ++untold;
      const bool objects = static_cast<double>(random.next() % 1'000'000) < chance * 1e6;
      if (!objects && untold < 100) continue;
      count(std::exchange(untold, 0), objects ? 1 : 0);
      if (paused()) return false;
    }
    desk.now = desk.now + hours(1);
    return true;
  }
  bool paused() const { return !desk.customer.lookout->pauses.empty(); }
};

}  // namespace

TEST_CASE("a flow to which customers object four times as often as usual is paused within the hour",
          "[S0-24]") {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    SeededRandom random(seed);
    Actor actor(opt_outs());
    for (int hour = 0; hour < 5; ++hour) REQUIRE(actor.hour(1000, 0.01, random));
    INFO("seed " << seed);
    CHECK_FALSE(actor.hour(3000, 0.04, random));
    const Pause& pause = actor.desk.customer.lookout->pauses.front();
    CHECK(pause.flow == "promo");
    CHECK(pause.author == "guard");
    CHECK(pause.reason.find("opt-outs in") != std::string::npos);
  }
}

TEST_CASE("a harmless flow is left alone for a month", "[S0-24]") {
  int paused = 0;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    SeededRandom random(seed);
    Actor actor(opt_outs(0.01));
    for (int hour = 0; hour < 24 * 30 && !actor.paused(); ++hour) actor.hour(100, 0.01, random);
    paused += actor.paused();
  }
  CHECK(paused <= 3);  // one in twenty is what the guard allows itself
}

TEST_CASE("a guard learns what is usual before it acts") {
  Actor actor(opt_outs());
  for (int i = 0; i < 40; ++i) actor.count(10, 10);
  CHECK_FALSE(actor.paused());
  Actor knows(opt_outs(0.01));
  for (int i = 0; i < 40 && !knows.paused(); ++i) knows.count(10, 10);
  CHECK(knows.paused());
}

TEST_CASE("only an operator ends what a guard began, and what is late does not begin it anew",
          "[S0-24]") {
  Actor actor(opt_outs(0.01));
  while (!actor.paused()) actor.count(10, 10);
  const size_t entries = actor.desk.entries.size();
  actor.desk.now = actor.desk.now + days(3);
  actor.count(0, 1);  // to a contact before
  CHECK(actor.desk.entries.size() == entries);
  CHECK(actor.desk.customer.lookout->pauses.size() == 1);
  CommandInput resume;
  resume.command = "resume";
  resume.author = "ann";
  resume.data = Doc::record({{"number", Doc::integer(1)}, {"release", Doc::text("send")}});
  actor.desk.feed(resume);
  actor.count(100, 1);
  CHECK(actor.desk.customer.lookout->pauses.size() == 1);
  CHECK(actor.desk.customer.lookout->guards.front().contacts == 100);
}

TEST_CASE("another flow's guard and another rate count for themselves") {
  GuardRule complaints = opt_outs(0.001);
  complaints.what = GuardRule::What::complaint;
  Actor actor(complaints);
  GuardRule other = opt_outs(0.01);
  other.flow = "other";
  actor.rules.rules.guards.push_back(other);
  for (int i = 0; i < 40; ++i) actor.count(10, 10);
  CHECK_FALSE(actor.paused());
  REQUIRE(actor.desk.customer.lookout->guards.size() == 1);
  CHECK(actor.desk.customer.lookout->guards[0].what == "complaint_rate");
  CHECK(actor.desk.customer.lookout->guards[0].objections == 0);
}

TEST_CASE(
    "evidence rises with objections, falls with contacts, and wants more of shorter windows") {
  CHECK(evidence(100, 4, 0.01, 2) > evidence(100, 3, 0.01, 2));
  CHECK(evidence(200, 4, 0.01, 2) < evidence(100, 4, 0.01, 2));
  CHECK(evidence(0, 0, 0.01, 2) == 0);
  CHECK(enough_evidence(hours(1)) > enough_evidence(days(1)));
  CHECK(enough_evidence(days(30)) == Approx(std::log(20.0)));
}

TEST_CASE("guards are told of contacts and objections, and nobody is where there are none",
          "[S0-24]") {
  FakeRules rules;
  rules.add_channel("email", "email");
  rules.connectors["crm"] = Connector{"crm", DeliveryClass::repeatable, false, {}, {}, 0};
  rules.add(flow("pay", {step("mail", mail())}));
  const bool guarded = GENERATE(true, false);
  if (guarded) rules.rules.guards.push_back(opt_outs());
  Desk desk(rules);
  desk.failed_payment();
  desk.profile();
  desk.answer("mail", OperationStatus::done, "delivered");
  CHECK(desk.count<GuardTold>(desk.effects) == (guarded ? 1 : 0));
  EventInput stop{"s", "test", "email.opted_out", "c-1", desk.now, Doc::empty_record(), 9, {}};
  stop.touch = desk.customer.touches.front().key;
  desk.feed(stop);
  CHECK(desk.count<GuardTold>(desk.effects) == (guarded ? 1 : 0));
}
