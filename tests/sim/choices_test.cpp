// Channels and times that policies choose, and flows that start flows, through the whole engine
// with the shipped plugins: tests/sim/bundles/choices.
#include <catch2/catch.hpp>

#include "sim/tested.h"

using namespace relance;

namespace {

void passes(const std::string& body) {
  const Tested all = tested_body(body, "choices");
  INFO(all.problems);
  CHECK(all.summary.passed == 1);
  CHECK(all.summary.ok());
}

}  // namespace

TEST_CASE("[S1-53] the shipped ladder goes from cheap to dear, a call only where it pays") {
  passes(R"lua(
    local run = sim.start("tell", { invoice_id = "i-1", amount = eur "49" })
    run:advance(days(10))
    local over = {}
    for i, touch in ipairs(run:touches()) do over[i] = touch.channel end
    assert.same({ "email", "sms", "sms" }, over)
    assert.equal("ignored", run:outcome("tell")))lua");
  passes(R"lua(
    sim.at("2026-01-05T10:00:00Z")
    local run = sim.start("tell", { invoice_id = "i-1", amount = eur "250" })
    run:channel("voice"):will(talk { lasts = minutes(1) })
    run:advance(days(10))
    local over = {}
    for i, touch in ipairs(run:touches()) do over[i] = touch.channel end
    assert.same({ "email", "sms", "voice" }, over)
    assert.equal("told", run:outcome("tell")))lua");
}

TEST_CASE("[S2-12] segment and decline type change the order") {
  passes(R"lua(
    sim.at("2026-01-05T10:00:00Z")
    sim.customer { segment = "vip" }
    local run = sim.start("tell", {
      invoice_id = "i-1", amount = eur "250", decline = { action = "contact_issuer" },
    })
    run:channel("voice"):will(talk { lasts = minutes(1) })
    run:advance(hours(1))
    assert.equal("voice", run:touches()[1].channel))lua");
}

TEST_CASE("a click answers over whatever channel was chosen, and ends the tries") {
  passes(R"lua(
    local run = sim.start("tell", { invoice_id = "i-1", amount = eur "49" })
    run:advance(hours(25))
    run:event("link.clicked", {})
    run:advance(days(3))
    assert.equal("responded", run:outcome("tell"))
    assert.equal(2, run:contacts()))lua");
}

TEST_CASE(
    "[S1-28] within the hour: by day a message or a call, by night what may go, else a person") {
  const std::string start =
      "local run = sim.start('urgent', { shipment_id = 's-1', order_id = 'o-1' })\n";
  passes("sim.at('2026-01-05T23:00:00Z')\n" + start + R"lua(
    run:advance(hours(2))
    assert.equal("sms", run:touches()[1].channel))lua");
  passes(
      "sim.at('2026-01-05T23:00:00Z')\nsim.contact { windows = { sms = between('09:00', "
      "'21:00'), voice = between('09:00', '21:00') } }\n" +
      start + R"lua(
    run:advance(hours(2))
    assert.equal("late", run:outcome("now"))
    assert.equal("deadline_passed", run:reason("now"))
    assert.equal(0, run:contacts()))lua");
}

TEST_CASE("[S2-22] a policy in Lua picks the channel over which this customer answered before") {
  passes(R"lua(
    sim.at("2026-01-05T10:00:00Z")
    local run = sim.start("tell", { invoice_id = "i-1", amount = eur "250" })
    run:channel("voice"):will(talk { lasts = minutes(1) })
    run:advance(days(4))
    local again = sim.start("urgent", { shipment_id = "s-2" })
    again:channel("voice"):will(talk { lasts = minutes(1) })
    again:advance(hours(5))
    assert.equal("voice", again:touches()[1].channel))lua");
}

TEST_CASE("[S2-16] the hour follows the segment and the customer's clock, the text his language") {
  passes(R"lua(
    sim.at("2026-01-05T08:00:00Z")
    sim.customer { segment = "vip", timezone = "America/New_York", locale = "fr" }
    local run = sim.start("timed", { checkout_id = "c-1" })
    run:advance(days(2))
    local sent = run:touches()[1]
    assert.matches("^2026%-01%-05T23:", sent.sent_at)
    assert.matches("Bonjour", run:rendered("mail").text))lua");
}

TEST_CASE("a flow begins anew each month with its own key, until what stops it") {
  passes(R"lua(
    local run = sim.start("timed", { checkout_id = "c-1" })
    run:advance(days(100))
    assert.equal("completed", run:ended())
    local runs = sim.runs { flow = "timed" }
    assert.equal(4, #runs)
    assert.is_nil(runs[4]:ended())
    sim.event("order.placed", { order_id = "o-1", checkout_id = "c-1" })
    run:advance(hours(1))
    assert.equal("goal", runs[4]:ended()))lua");
}

TEST_CASE("a flow starts another one with what its function gives") {
  passes(R"lua(
    local run = sim.start("chain", { order_id = "o-1", amount = eur "20" })
    run:advance(hours(3))
    assert.equal("started", run:outcome("cart"))
    local started = sim.runs { flow = "timed" }
    assert.equal(1, #started)
    started[1]:advance(days(2))
    assert.equal(1, started[1]:contacts()))lua");
}
