#include "sim/flow_test.h"

#include <catch2/catch.hpp>

#include "sim/tested.h"

using namespace relance;

namespace {

void passes(const std::string& body) {
  const Tested all = tested_body(body);
  INFO(all.problems);
  CHECK(all.summary.passed == 1);
  CHECK(all.summary.ok());
}

std::string failure(const std::string& body) { return tested_body(body).failure(); }

// A run of flow `reminder` over 49 euros.
const std::string kReminder =
    "local run = sim.start('reminder', { invoice_id = 'i-1', amount = eur '49' })\n";
const std::string kDelivery =
    "local run = sim.start('delivery', { shipment_id = 's-1', order_id = 'o-1' }, "
    "'delivery.failed')\n";

}  // namespace

TEST_CASE("a test that holds passes and one that does not names its line") {
  const Tested both = tested(R"lua(describe("sums", function()
  it("hold", function() assert.equal(4, 2 + 2) end)
  it("do not hold", function()
    assert.equal("goal", "expired")
  end)
end))lua");
  REQUIRE(both.results.size() == 2);
  CHECK(both.summary.passed == 1);
  CHECK(both.summary.failed == 1);
  CHECK(both.results[0].name == "sums hold");
  CHECK(both.failure(1) == "4: expected \"goal\", found \"expired\"");
  CHECK(both.results[1].error.where.file == "tests/sim/bundles/shop/try_test.lua");
}

TEST_CASE("every assertion says what it expected") {
  CHECK(failure("assert(false)") == "2: expected something true, found false");
  CHECK(failure("assert(nil, 'no run')") == "2: no run");
  CHECK(failure("assert.same({ 1, { a = 2 } }, { 1, { a = 3 } })") ==
        "2: expected { 1, { a = 2 } }, found { 1, { a = 3 } }");
  CHECK(failure("assert.not_equal(1, 1)") == "2: expected anything but 1");
  CHECK(failure("assert.is_true(1)") == "2: expected true, found 1");
  CHECK(failure("assert.is_nil(eur '5')") == "2: expected nil, found 5.00 EUR");
  CHECK(failure("assert.matches('^a', 'ba')") == "2: expected text matching \"^a\", found \"ba\"");
  CHECK(failure("assert.equal(1, 2, 'the sum')") == "2: the sum: expected 1, found 2");
  passes("assert.same({ eur '5', days(1) }, { eur '5.00', hours(24) })");
}

TEST_CASE("an error in a helper stands at the helper's line, one in a hook at the hook's") {
  const Tested all = tested(R"lua(local function helper()
  local nothing
  return nothing.x
end
describe("a", function()
  before_each(function()
    assert.equal(1, 2)
  end)
  it("hook", function() end)
end)
it("helper", function() return helper() .. "" end))lua");
  CHECK(all.failure(0) == "7: expected 1, found 2");
  CHECK(all.failure(1).starts_with("3: attempt to index a nil value"));
}

TEST_CASE("a file that cannot run is an error at its line and the others still run") {
  CHECK(tested("it('a', function()\n  assrt.equal(1, 1)\nend)").problems ==
        "tests/sim/bundles/shop/try_test.lua:2: error E0103: there is no 'assrt' here; did you "
        "mean 'assert'?\n");
  CHECK_FALSE(tested("it('a', function(\n").summary.ok());
  CHECK(tested("local x = io.open('a')").problems.find("'io' is not available here") !=
        std::string::npos);
}

TEST_CASE("a test that never ends is ended at its line") {
  CHECK(failure("local n = 0\nwhile true do n = n + 1 end").starts_with("3: takes longer"));
}

TEST_CASE("hooks run around each test of their group, outer ones outside") {
  const Tested all = tested(R"lua(local seen = ""
describe("a", function()
  before_each(function() seen = seen .. "(" end)
  after_each(function() seen = seen .. ")" end)
  describe("b", function()
    before_each(function() seen = seen .. "[" end)
    after_each(function() seen = seen .. "]" end)
    it("1", function() seen = seen .. "1" end)
  end)
  it("2", function() assert.equal("([1])(", seen) end)
end)
it("3", function() assert.equal("([1])()", seen) end))lua");
  INFO(all.problems);
  CHECK(all.summary.passed == 3);
}

TEST_CASE("only the tests that are asked for run") {
  const std::string three = "it('one', function() end)\nit('two', function() end)";
  FlowTestOptions options;
  options.filter = "two";
  CHECK(tested(three, options).summary.passed == 1);
  options.filter = "try_test";
  CHECK(tested(three, options).summary.passed == 2);
}

TEST_CASE("each test starts a fresh installation") {
  const Tested again = tested("for n = 1, 2 do it('run ' .. n, function()\n" + kReminder +
                              "run:advance(days(1))\nassert.equal(1, #sim.runs())\nend) end");
  INFO(again.problems);
  CHECK(again.summary.passed == 2);
}

TEST_CASE("what a test does not script goes the usual way") {
  passes(kReminder + R"lua(
    run:advance(days(14))
    assert.same({ "profile.found", "retry.declined", "email.ignored", "text.delivered" },
                run:path())
    assert.equal("completed", run:ended())
    assert.equal(2, #run:touches { channel = "retry" })
    assert.equal(3, run:contacts()))lua");
  passes(kDelivery + R"lua(
    run:advance(days(1))
    assert.same({ "order.found", "hold.done", "call.no_answer" }, run:path())
    assert.equal(1, run:acts("hold_parcel"))
    assert.is_not_nil(run:packet("human")))lua");
}

TEST_CASE("nothing runs before the first advance") {
  CHECK(failure(kReminder + "run:ended()") ==
        "3: no run began: advance first, or its event started none");
  passes(kReminder +
         "assert.equal(0, #sim.runs())\nsim.advance(minutes(0))\n"
         "assert.equal(1, #sim.runs())");
}

TEST_CASE("answers come in order and the last repeats, with their fields") {
  passes(kReminder + R"lua(
    run:channel("retry"):will("declined", { "declined", code = "51" })
    run:advance(days(3))
    assert.equal("declined", run:outcome("retry"))
    assert.matches("open %(51%)", run:rendered("email").text)
    assert.equal("€49.00 is open", run:rendered("email").subject))lua");
}

TEST_CASE("a provider in trouble is asked again, and nothing is done twice") {
  passes(kReminder + R"lua(
    run:channel("retry"):will("unknown", "not_now", "recovered")
    run:advance(days(1))
    assert.equal("goal", run:ended())
    assert.equal(1, #run:touches { channel = "retry" }))lua");
  passes(kDelivery + R"lua(
    run:connector("shop"):will("hold_parcel", "unknown", "done")
    run:advance(days(1))
    assert.equal(1, run:acts("hold_parcel")))lua");
}

TEST_CASE("what became of a call that nobody knows about is looked up") {
  passes(kDelivery + R"lua(
    run:channel("voice"):will("unknown", "busy")
    run:advance(days(1))
    assert.equal("busy", run:outcome("call"))
    assert.equal(1, #run:touches { channel = "voice" }))lua");
  passes(kDelivery + R"lua(
    run:channel("voice"):will("unknown", "absent")
    run:advance(days(1))
    assert.equal("failed", run:outcome("call"))
    assert.equal("never seen by the provider", run:reason("call")))lua");
}

TEST_CASE("a slip in what is scripted is told at its line") {
  CHECK(failure(kReminder + "run:channel('retry'):will('delcined')") ==
        "3: 'retry' never answers 'delcined'; did you mean 'declined'?");
  CHECK(failure(kReminder + "run:channel('voice'):will('busy')") ==
        "3: flow 'reminder' sends nothing over 'voice'");
  CHECK(failure(kDelivery + "run:connector('shop'):will('rebok', 'done')") ==
        "3: flow 'delivery' asks no 'rebok' of 'shop'; did you mean 'rebook'?");
  CHECK(failure(kDelivery + "run:channel('voice'):will(talk { dya = 'tomorrow' })") ==
        "3: the script asks nothing named 'dya'; did you mean 'day'?");
  CHECK(failure(kDelivery + "run:channel('voice'):will(talk { day = 'sunday' })")
            .starts_with("3: 'day' is never answered by 'sunday'"));
  CHECK(failure("sim.start('remainder', {})") ==
        "2: there is no flow 'remainder'; did you mean 'reminder'?");
  CHECK(failure("sim.start('delivery', {})") ==
        "2: flow 'delivery' starts with several events; name one: sim.start(flow, data, type)");
  CHECK(failure("sim.event('payment.faild')\nsim.advance(days(1))")
            .starts_with("2: 'type': no event type 'payment.faild' is declared"));
  CHECK(failure(kReminder + "run:advance(5)") ==
        "3: expected a duration such as hours(2), found the number 5");
  CHECK(failure(kReminder + "run:advance(days(1))\nrun:outcome('emial')") ==
        "4: the flow has no step 'emial'; it has profile, retry, email, text");
  CHECK(failure(kReminder + "run:after('emial', hours(1)):event('link.clicked')")
            .starts_with("3: the flow has no step 'emial'"));
}

TEST_CASE("a played caller talks to the script that the flow will speak") {
  passes(kDelivery + R"lua(
    run:channel("voice"):will(talk { day = "saturday" })
    run:advance(days(1))
    assert.equal("rebooked", run:outcome("call"))
    assert.equal("done", run:outcome("rebook"))
    assert.equal(1, run:acts("rebook"))
    assert.equal(0, run:acts("release_parcel"))
    assert.same({ ended = "rebooked" }, run:recorded("delivery_contact"))
    assert.equal("Agreed: saturday.", run:touches { channel = "sms" }[1].rendered.text)
    assert.matches("This is the shop", run:touches { channel = "voice" }[1].rendered.text)
    assert.equal(2, run:contacts()))lua");
}

TEST_CASE("a caller is silent, is somebody else, hangs up") {
  passes(kDelivery + R"lua(
    run:channel("voice"):will(talk {})
    run:advance(days(1))
    assert.equal("unclear", run:outcome("call")))lua");
  passes(kDelivery + R"lua(
    run:channel("voice"):will(talk { who = "no" })
    run:advance(days(1))
    assert.equal("refused", run:outcome("call")))lua");
  passes(kDelivery + R"lua(
    run:channel("voice"):will(talk { day = "tomorrow", lasts = seconds(8) })
    run:advance(days(1))
    assert.equal("hung_up", run:outcome("call")))lua");
  passes(kDelivery + R"lua(
    run:channel("voice"):will(talk { day = "unclear" })
    run:advance(days(1))
    assert.equal("unclear", run:outcome("call"))
    assert.equal(1, #run:touches { channel = "voice" }))lua");
}

TEST_CASE("a caller who asks for it is called back at that time") {
  passes(kDelivery + R"lua(
    run:channel("voice"):will(talk { day = { "callback", at = "18:30" } }, talk { day = "never" })
    run:advance(days(2))
    local calls = run:touches { channel = "voice" }
    assert.equal(2, #calls)
    assert.equal("2026-01-05T17:30:00Z", calls[2].sent_at)
    assert.equal("refused", run:outcome("call")))lua");
}

TEST_CASE("a conversation looks things up and waits no longer than it may") {
  passes(kDelivery + R"lua(
    run:channel("voice"):will(talk { day = "tomorrow" })
    run:connector("shop"):will("slot", "late")
    run:advance(days(1))
    assert.equal("rebooked", run:outcome("call")))lua");
  passes(kDelivery + R"lua(
    run:channel("voice"):will(talk { day = "tomorrow" })
    run:connector("shop"):will("slot", "missing")
    run:advance(days(1))
    assert.equal("refused", run:outcome("call")))lua");
}

TEST_CASE("events of a run carry its keys, and touch events mean its latest touch") {
  passes(kReminder + R"lua(
    run:after("email", hours(3)):event("link.clicked")
    run:advance(days(14))
    assert.equal("responded", run:outcome("email"))
    assert.equal(1, #run:touches { channel = "email" }))lua");
  passes(kReminder + R"lua(
    run:advance(hours(1))
    sim.event("payment.succeeded", { invoice_id = "i-2" })
    run:advance(minutes(0))
    assert.is_nil(run:ended())
    run:event("payment.succeeded")
    run:advance(minutes(0))
    assert.equal("goal", run:ended())
    assert.equal("2026-01-05T09:00:00Z", run:ended_at()))lua");
  CHECK(failure(kReminder + "run:event('link.clicked')\nrun:advance(minutes(1))")
            .starts_with("3: 'link.clicked' is about a touch"));
}

TEST_CASE("a person takes an item and ends it") {
  passes(kDelivery + R"lua(
    run:connector("shop"):will("order", "missing")
    run:advance(hours(1))
    assert.is_not_nil(run:packet("human"))
    assert.is_nil(run:outcome("human"))
    run:resolve("human", "gave_up", { because = "unknown order" })
    run:advance(minutes(0))
    assert.equal("gave_up", run:outcome("human"))
    assert.equal("completed", run:ended()))lua");
  CHECK(failure(kDelivery + "run:advance(days(1))\nrun:resolve('human', 'reslved')") ==
        "4: step 'human' has no outcome 'reslved'; did you mean 'resolved'?");
  CHECK(failure(kReminder + "run:advance(days(1))\nrun:resolve('email', 'done')") ==
        "4: no person has the item of step 'email'; advance until the hand-off is due");
}

TEST_CASE("a hold is undone when the run ends, and the undo counts as an act") {
  passes(kDelivery + R"lua(
    run:advance(days(1))
    assert.equal(0, run:acts("release_parcel"))
    run:event("delivery.done")
    run:advance(minutes(1))
    assert.equal("goal", run:ended())
    assert.equal(1, run:acts("release_parcel")))lua");
}

TEST_CASE("a run that never started says why") {
  passes(R"lua(
    local small = sim.start("reminder", { invoice_id = "i-1", amount = eur "3" })
    sim.advance(days(1))
    assert.equal("excluded", small:ended())
    assert.equal(0, #sim.runs()))lua");
  CHECK(failure("local run = sim.start('reminder', { invoice_id = 'i-1', amount = eur '49', "
                "context = 'checkout' })\nsim.advance(days(1))\nrun:ended()") ==
        "4: no run began: advance first, or its event started none");
}

TEST_CASE("a handle whose event joined a run shares what was scripted for it") {
  passes(kReminder + R"lua(
    local again = sim.start("reminder", { invoice_id = "i-1", amount = eur "49" })
    again:channel("retry"):will("recovered")
    run:advance(hours(1))
    assert.equal("goal", run:ended())
    assert.equal("goal", again:ended())
    assert.equal(1, #sim.runs { flow = "reminder" }))lua");
}

TEST_CASE("sim.customer says what is known of a customer, sim.contact other rules, sim.at when") {
  passes(R"lua(sim.customer { id = "c-1", email = false, first_name = "Ann" }
)lua" + kReminder +
         R"lua(
    run:advance(days(14))
    assert.equal("denied", run:outcome("email"))
    assert.equal("no_address", run:reason("email")))lua");
  passes(R"lua(sim.contact { caps = { { channel = "email", at_most = 0, per = days(30) } } }
)lua" + kReminder +
         R"lua(
    run:advance(days(14))
    assert.equal(0, #run:touches { channel = "email" }))lua");
  passes(R"lua(sim.at "2026-03-01T22:00:00+01:00"
sim.contact { windows = { email = between("09:00", "18:00") } }
)lua" + kReminder +
         R"lua(
    run:channel("retry"):will("refused")
    run:advance(days(1))
    assert.equal("2026-03-02T08:00:00Z", run:touches { channel = "email" }[1].sent_at))lua");
  CHECK(failure("sim.contact { caps = { { chanel = 'email', at_most = 0, per = days(30) } } }\n" +
                kReminder)
            .starts_with("3: "));
  CHECK(failure(kReminder + "sim.at '2026-01-01T00:00:00Z'") ==
        "3: this comes before the first start, event or customer of a test");
}

TEST_CASE("marketing needs the consent that a customer has by default") {
  const std::string promo = "local run = sim.start('promo', { order_id = 'o-1' })\n";
  passes(promo + R"lua(
    run:advance(days(1))
    assert.equal("2026-01-05T17:30:00Z", run:touches { channel = "email" }[1].sent_at))lua");
  passes("sim.customer { id = 'c-1', consents = {} }\n" + promo + R"lua(
    run:advance(days(1))
    assert.equal("denied", run:outcome("offer"))
    assert.equal("no_consent", run:reason("offer")))lua");
  passes(promo + R"lua(
    sim.event("consent.withdrawn", { purpose = "marketing" })
    run:advance(days(1))
    assert.equal("consent_withdrawn", run:reason("offer")))lua");
}

TEST_CASE("the CRM is read as scripted") {
  passes(kReminder + R"lua(
    run:connector("crm"):will("read", "missing")
    run:advance(days(1))
    assert.equal("missing", run:outcome("profile")))lua");
  passes(kReminder + R"lua(
    run:connector("crm"):will("read", { "found", segment = "vip", first_name = "Zoe" })
    run:advance(days(3))
    assert.equal("found", run:outcome("profile"))
    assert.matches("Hello Zoe", run:rendered("email").text))lua");
}

TEST_CASE("results become JUnit XML, one suite a file") {
  FlowTestResult good{"a_test.lua", "one", true, {}, milliseconds(1500)};
  FlowTestResult bad{
      "a_test.lua", "two <&>", false, {Code::lua_runtime, "not \"x\"", {"a_test.lua", 7}, ""}, {}};
  CHECK(junit_xml({good, bad}) == R"lua(<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="a_test.lua" tests="2" failures="1" time="1.500">
    <testcase classname="a_test.lua" name="one" time="1.500"/>
    <testcase classname="a_test.lua" name="two &lt;&amp;&gt;" time="0.000">
      <failure message="not &quot;x&quot;">a_test.lua:7: not &quot;x&quot;</failure>
    </testcase>
  </testsuite>
</testsuites>
)lua");
}
