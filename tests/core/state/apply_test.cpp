// What records do to a customer where it is easy to get wrong.
#include "core/state/apply.h"

#include <catch2/catch.hpp>

using namespace relance;

namespace {

const Instant kNow{1'767'600'000'000};

Sealed sealed(std::string text) { return Sealed{std::move(text)}; }

struct Told {
  Customer customer;
  Key run = derive_key({"run"});
  Key key = derive_key({"touch"});
  EventTaken event;

  Told() {
    customer.profile = sealed("first profile");
    take("payment.failed", "first");
    RunStarted started;
    started.run = run;
    started.flow = "pay";
    started.version = derive_key({"version"});
    apply(customer, started, {kNow, &event});
    Touch touch;
    touch.key = key;
    touch.run = run;
    touch.held.change().had_profile = true;
    apply(customer, TouchIntended{touch}, {kNow, &event});
  }
  void take(std::string type, std::string data) {
    event = {};
    event.hash = derive_hash({type, data});
    event.type = std::move(type);
    event.data = sealed(std::move(data));
    apply(customer, event, {kNow, nullptr});
  }
  void join(std::string updated, bool keep = false) {
    apply(customer, RunJoined{run, sealed(std::move(updated)), 1, keep, {}}, {kNow, &event});
  }
  void settle(TouchState state) {
    TouchSettled settled;
    settled.key = key;
    settled.state = state;
    settled.attempts = 1;
    apply(customer, settled, {kNow, nullptr});
  }
  const Touch& touch() const { return customer.touches.front(); }
};

}  // namespace

TEST_CASE_METHOD(Told, "an open touch keeps the event it was told when the run's is updated") {
  join("");
  REQUIRE(touch().held->event.empty());
  join("second");
  REQUIRE(touch().held->event == sealed("first"));
  REQUIRE(customer.runs.front().event == sealed("second"));
  join("third");
  REQUIRE(touch().held->event == sealed("first"));
}

TEST_CASE_METHOD(Told, "an open touch keeps the profile it was told when another is read") {
  apply(customer, ProfileRead{sealed("second profile")}, {kNow, nullptr});
  REQUIRE(touch().held->profile == sealed("first profile"));
  apply(customer, ProfileRead{sealed("third profile")}, {kNow, nullptr});
  REQUIRE(touch().held->profile == sealed("first profile"));
  REQUIRE(customer.profile == sealed("third profile"));
}

TEST_CASE_METHOD(Told, "a touch that was told no profile keeps none") {
  customer.touches.front().held.change().had_profile = false;
  apply(customer, ProfileRead{sealed("second profile")}, {kNow, nullptr});
  REQUIRE(touch().held->profile.empty());
}

TEST_CASE_METHOD(Told, "an open touch keeps the event and the version of a run that ends") {
  apply(customer, RunEnded{run}, {kNow, nullptr});
  REQUIRE(customer.runs.empty());
  REQUIRE(touch().held->event == sealed("first"));
  REQUIRE(touch().held->version == derive_key({"version"}));
}

TEST_CASE_METHOD(Told, "a touch keeps what a repeat needs until its outcome, and not longer") {
  join("second");
  settle(TouchState::unknown);
  REQUIRE(touch().held->event == sealed("first"));
  settle(TouchState::done);
  REQUIRE(touch().held->event.empty());
  REQUIRE(touch().held->profile.empty());
  apply(customer, ProfileRead{sealed("second profile")}, {kNow, nullptr});
  apply(customer, RunEnded{run}, {kNow, nullptr});
  REQUIRE(touch().held->event.empty());
  REQUIRE(touch().held->profile.empty());
  REQUIRE_FALSE(touch().held->version);
}

TEST_CASE_METHOD(Told, "an event kept for a held run comes back as the one it was") {
  apply(customer, RunHeld{run, true, "why"}, {kNow, nullptr});
  take("order.placed", "kept");
  apply(customer, EventKept{run}, {kNow, &event});
  REQUIRE(customer.runs.front().kept.size() == 1);
  const KeptEvent kept = customer.runs.front().kept.front();
  REQUIRE(kept.type == "order.placed");
  apply(customer, RunHeld{run, false, ""}, {kNow + hours(1), nullptr});
  REQUIRE(customer.runs.front().kept.empty());
  const RunJoined joined{run, {}, 1, true, {kept.type, kept.at, kept.data}};
  apply(customer, joined, {kNow + hours(1), nullptr});
  REQUIRE(customer.runs.front().latest == sealed("kept"));
  REQUIRE(customer.runs.front().past.back() == SeenEvent{"order.placed", kNow, sealed("kept")});
}

TEST_CASE_METHOD(Told, "records about what was trimmed change nothing") {
  const Customer before = customer;
  const Key gone = derive_key({"gone"});
  TouchSettled settled;
  settled.key = gone;
  apply(customer, settled, {kNow, nullptr});
  apply(customer, RunEnded{gone}, {kNow, nullptr});
  apply(customer, RunEnding{gone, RunEnd::goal, "", {}}, {kNow, nullptr});
  apply(customer, RunHeld{gone, true, ""}, {kNow, nullptr});
  apply(customer, StepMoved{gone, {}}, {kNow, nullptr});
  apply(customer, StepEnded{gone, 0, "done", "", {}}, {kNow, nullptr});
  REQUIRE(customer == before);
}

TEST_CASE_METHOD(Told, "a run that starts again under its id starts once") {
  RunStarted again;
  again.run = run;
  again.flow = "another";
  apply(customer, again, {kNow, &event});
  REQUIRE(customer.runs.size() == 1);
  CHECK(customer.runs[0].flow == "pay");
}

TEST_CASE_METHOD(Told, "a snapshot in which a run or a step's state cannot be found is refused") {
  customer.runs[0].at(3);
  customer.runs[0].at(7);
  REQUIRE(decode_snapshot(encode_snapshot(customer)));
  SECTION("two runs with one id") { customer.runs.push_back(customer.runs[0]); }
  SECTION("states out of order") { customer.runs[0].steps[0].step = 9; }
  SECTION("two states of one step") { customer.runs[0].steps[0].step = 7; }
  CHECK_FALSE(decode_snapshot(encode_snapshot(customer)));
}

TEST_CASE("the last sixteen events are remembered, and that there were more") {
  Customer customer;
  const auto take = [&](uint64_t hash) {
    EventTaken event;
    event.hash = hash;
    apply(customer, event, {kNow, nullptr});
  };
  for (uint64_t hash = 1; hash <= 16; ++hash) take(hash);
  REQUIRE_FALSE(customer.older_events);
  REQUIRE(customer.saw_event(1));
  take(17);
  REQUIRE(customer.older_events);
  REQUIRE_FALSE(customer.saw_event(1));
  REQUIRE(customer.saw_event(17));
}

TEST_CASE_METHOD(Told, "a run that is moved takes states, touches and leases to their new steps") {
  const auto begin = [&](StepIndex step, std::string_view word) {
    StepState state;
    state.step = step;
    state.word = word;
    apply(customer, StepMoved{run, state}, {kNow, nullptr});
  };
  begin(0, "first");
  begin(1, "second");
  begin(2, "third");
  Lease lease;
  lease.run = run;
  lease.step = 2;
  apply(customer, LeaseChanged{lease, true}, {kNow, nullptr});
  customer.touches.front().step = 0;
  const Key version = derive_key({"later version"});
  apply(customer, RunMoved{run, version, {{0, 3}, {2, 1}}}, {kNow, nullptr});
  const Run& moved = *customer.find_run(run);
  REQUIRE(moved.version == version);
  REQUIRE(moved.steps.size() == 2);  // the second was left behind
  REQUIRE(moved.find(1)->word == "third");
  REQUIRE(moved.find(3)->word == "first");
  REQUIRE(touch().step == 3);
  REQUIRE(customer.leases.front().step == 1);
  REQUIRE(moved.moved->at == kNow);
  REQUIRE_FALSE(moved.moved->whole);
  apply(customer, RunMoved{run, version, {{1, 0}, {3, 2}}, true}, {kNow, nullptr});
  REQUIRE_FALSE(moved.moved.there());
}
