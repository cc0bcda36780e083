// What makes a touch wait beside hours and caps: a fresh failure, an opening that lets many go at
// once; and consents that run out, numbers on a list.
#include "ask.h"

using namespace relance;
using namespace relance::test;

namespace {

OpeningRule opening(Duration spread = {}, bool drop = false) { return {spread, hours(24), drop}; }

}  // namespace

TEST_CASE("a fresh failure waits before the run's first contact, a later one does not") {
  Ask ask;
  ask.rules.self_cure = hours(2);
  ask.run.event_time = ask.run.started_at = ask.now - minutes(30);
  CHECK(ask.verdict() == "hold self_cure 2026-01-05T12:30:00Z");
  ask.tighten.self_cure = hours(6);  // a flow may wait longer
  CHECK(ask.verdict() == "hold self_cure 2026-01-05T16:30:00Z");
  ask.tighten.self_cure = hours(1);  // not shorter
  CHECK(ask.verdict() == "hold self_cure 2026-01-05T12:30:00Z");
  ask.touched(minutes(20)).run = ask.run.id;
  CHECK(ask.verdict() == "allow");  // she knows already
}

TEST_CASE("the self-cure hold is of recovery, counts from the failure and can be overridden") {
  Ask ask;
  ask.rules.self_cure = hours(2);
  ask.run.event_time = ask.run.started_at = ask.now - minutes(30);
  SECTION("of recovery alone") { ask.purpose = Purpose::service; }
  SECTION("not for what the customer asked for") { ask.requested = true; }
  SECTION("not where a step says so") { ask.overrides = {{"self_cure", "she is at the checkout"}}; }
  SECTION("an old failure that came late waits no more") { ask.run.event_time = ask.now - days(3); }
  SECTION("when its time is over") { ask.run.started_at = ask.run.event_time = ask.now - hours(2); }
  CHECK(ask.verdict() == "allow");
}

TEST_CASE("the self-cure hold ends inside the window") {
  Ask ask;
  ask.rules.self_cure = hours(12);
  ask.rules.windows = {window("voice", "09:00", "21:00")};
  ask.run.event_time = ask.run.started_at = ask.now;
  CHECK(ask.verdict() == "hold self_cure 2026-01-06T08:00:00Z");
}

TEST_CASE("a touch that was held gives way to a more urgent one that waits with it", "[S1-43]") {
  Ask ask;
  ask.rules.opening = opening();
  ask.rival = Rival{"delivery_retry", "text", "sms", Purpose::service};
  CHECK(ask.verdict() == "allow");  // it did not wait: there is room for both
  ask.held_until = ask.now;
  CHECK(ask.verdict().starts_with("hold outranked"));
  CHECK(ask.facts().find("delivery_retry") != std::string::npos);
  CHECK(ask.facts().find("opening") != std::string::npos);
}

TEST_CASE("after the best one has left, those that waited with it wait, or are not sent",
          "[S1-43]") {
  Ask ask;
  ask.rules.opening = opening();
  ask.held_until = ask.now - minutes(10);
  ask.touched(minutes(5), "sms").flow = "delivery_retry";
  CHECK(ask.verdict() == "hold merged 2026-01-06T10:55:00Z");
  CHECK(ask.facts().find("delivery_retry") != std::string::npos);
  ask.rules.opening = opening({}, true);
  CHECK(ask.verdict() == "deny merged");
  ask.requested = true;
  CHECK(ask.verdict() == "allow");
  ask.requested = false;
  ask.customer.touches.back().intended_at = ask.held_until - seconds(1);  // long before the opening
  CHECK(ask.verdict() == "allow");
}

TEST_CASE("customers of one opening come back one by one, the touches of one customer together",
          "[S1-43]") {
  Ask ask;
  ask.rules.windows = {window("", "09:00", "21:00")};
  ask.rules.opening = opening(hours(1));
  ask.now = at("2026-01-05T02:00:00Z");
  const Instant opens = at("2026-01-05T08:00:00Z");
  const auto until = [&](int customer, std::string channel) {
    ask.customer.id = derive_key({"customer", std::to_string(customer)});
    ask.channel = std::move(channel);
    return std::get<Hold>(ask.answer().verdict).until;
  };
  int halves[2] = {0, 0};
  for (int customer = 0; customer < 200; ++customer) {
    const Instant call = until(customer, "voice");
    REQUIRE(call >= opens);
    REQUIRE(call < opens + hours(1));
    REQUIRE(call == until(customer, "email"));
    ++halves[call < opens + minutes(30) ? 0 : 1];
  }
  CHECK(halves[0] > 70);
  CHECK(halves[1] > 70);
  ask.deadline = opens + minutes(90);  // what is urgent is not delayed
  CHECK(until(1, "voice") == opens);
}

TEST_CASE("a spread never leads out of a short window") {
  Ask ask;
  ask.rules.windows = {window("voice", "09:00", "09:10")};
  ask.rules.opening = opening(hours(8));
  ask.now = at("2026-01-05T02:00:00Z");
  const Instant opens = at("2026-01-05T08:00:00Z");
  for (int customer = 0; customer < 50; ++customer) {
    ask.customer.id = derive_key({"customer", std::to_string(customer)});
    const Instant until = std::get<Hold>(ask.answer().verdict).until;
    CHECK(until >= opens);
    CHECK(until < opens + minutes(10));
  }
}

TEST_CASE("a consent that has run out is none any more", "[S0-34]") {
  Ask ask;
  ask.purpose = Purpose::marketing;
  ask.consented(ask.purpose);
  Consent& consent = ask.customer.consents.front();
  consent.expires_at = ask.now + seconds(1);
  CHECK(ask.verdict() == "allow");
  ask.now = consent.expires_at;
  CHECK(ask.verdict() == "deny consent_expired");
  consent.purpose = ask.purpose = Purpose::service;
  CHECK(ask.verdict() == "allow");  // service needs none
}

TEST_CASE("a number on a do-not-call list is neither called nor texted", "[S1-72]") {
  Ask ask;
  ask.suppressed.list(normalised_address("voice", "+33612345678").hash);
  CHECK(ask.verdict() == "allow");  // no list is in force
  ask.rules.do_not_call = {{"dnc.csv", {}}};
  CHECK(ask.verdict() == "deny do_not_call");
  CHECK(ask.facts().find("dnc.csv of 2026-01-01") != std::string::npos);
  ask.requested = true;
  CHECK(ask.verdict() == "deny do_not_call");
  ask.channel = "sms";
  CHECK(ask.verdict() == "deny do_not_call");
  ask.channel = "email";
  CHECK(ask.verdict() == "allow");
  ask.channel = "voice";
  ask.suppressed.only_for = Purpose::marketing;  // a register of who wants no advertising
  CHECK(ask.verdict() == "allow");
}
