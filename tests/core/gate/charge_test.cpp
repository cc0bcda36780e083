#include "ask.h"

using namespace relance;
using namespace relance::test;

namespace {

struct AskCharge : Ask {
  AskCharge() {
    what = TouchWhat::charge;
    channel = "retry";
    profile = {};
    profile_needed = false;
  }
};

}  // namespace

TEST_CASE("contact rules do not hold a charge") {
  AskCharge ask;
  ask.rules.windows = {window("", "00:00", "00:01")};
  ask.rules.caps = {{{}, 0, days(1)}};
  ask.rules.gap = hours(4);
  ask.touched(minutes(1));
  CHECK(ask.verdict() == "allow");
  const GateAnswer answer = ask.answer();
  CHECK(std::get<Allow>(answer.verdict).to.empty());
  CHECK(std::get<Allow>(answer.verdict).address == 0);
}

TEST_CASE("a charge passes the switch, the person, the pause and the re-check as well") {
  AskCharge ask;
  ask.recheck_pending = true;
  CHECK(ask.verdict() == "need recheck_unread");
  ask.run.paused = true;
  CHECK(ask.verdict() == "hold paused never resumed");
  ask.customer.leases = {{ask.run.id, 1, ask.now + hours(1)}};
  CHECK(ask.verdict() == "hold person_owns_case 2026-01-05T12:00:00Z lease_ended");
  ask.rules.off = {ask.channel};
  CHECK(ask.verdict() == "deny channel_off");
}

TEST_CASE("charges of one key never overlap, also those of another run") {
  for (TouchState state : {TouchState::intended, TouchState::unknown, TouchState::parked}) {
    AskCharge ask;
    Touch& open = ask.charged(minutes(5), "");
    open.state = state;
    open.run = derive_key({"another run"});
    CHECK(ask.verdict() == "hold charge_open never charge_settled");
    open.address = 78;  // another bill
    CHECK(ask.verdict() == "allow");
    open.address = charged_key(ask.run);
    open.state = TouchState::done;
    CHECK(ask.verdict() == "allow");
  }
}

TEST_CASE("what is charged is what all key fields say together") {
  AskCharge ask;
  ask.charged(minutes(5), "").state = TouchState::intended;
  ask.run.keys = {0, 78};
  CHECK(ask.verdict() == "allow");
  ask.run.keys = {0, 77};
  CHECK(ask.verdict() == "hold charge_open never charge_settled");
  Run keyless;
  CHECK(charged_key(keyless) == 0);
}

TEST_CASE("a card that was refused for ever is not tried again by the same step") {
  AskCharge ask;
  Touch& refused = ask.charged(days(3), "refused");
  CHECK(ask.verdict() == "allow");  // another step, as after a new card
  refused.step = 2;
  CHECK(ask.verdict() == "deny credential_dead");
  refused.run = derive_key({"another run"});
  CHECK(ask.verdict() == "allow");
}

TEST_CASE("at most eight attempts at one bill in fourteen days", "[S1-72]") {
  AskCharge ask;
  for (int i = 0; i < 7; ++i) ask.charged(days(13) - hours(i));
  CHECK(ask.verdict() == "allow");
  ask.charged(days(1));
  CHECK(ask.verdict() == "hold network_ceiling 2026-01-06T11:00:00Z");
  CHECK(ask.facts() ==
        R"({"cap":8,"ceiling":"relance","counted":8,"per":"14 d","rule":"ceiling"})");
  ask.now = at("2026-01-06T11:00:00Z");
  CHECK(ask.verdict() == "allow");
}

TEST_CASE("a ceiling may hold for more than two days, but not beyond the run's end or deadline") {
  AskCharge ask;
  for (int i = 0; i < 8; ++i) ask.charged(days(8) - hours(i));
  CHECK(ask.verdict() == "hold network_ceiling 2026-01-11T11:00:00Z");
  ask.run.expire_at = at("2026-01-11T11:00:00Z");
  CHECK(ask.verdict() == "deny never_clears");
  ask.deadline = ask.now + days(1);
  CHECK(ask.verdict() == "deny deadline_passed");
}

TEST_CASE("at most fifteen attempts at one bill in thirty days", "[S1-72]") {
  AskCharge ask;
  for (int i = 0; i < 8; ++i) ask.charged(days(29) - hours(i));
  for (int i = 0; i < 7; ++i) ask.charged(days(13) - hours(i));
  CHECK(ask.verdict() == "hold network_ceiling 2026-01-06T11:00:00Z");
  CHECK(ask.facts() == R"({"cap":15,"ceiling":"visa","counted":15,"per":"30 d","rule":"ceiling"})");
}
