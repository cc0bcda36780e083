// A retry at Stripe that gets its answer: what was charged, what was refused, and what a flow is
// told of it.
#include "stripe/stripe_fixture.h"

using namespace relance;
using Attempt = FakeStripe::Attempt;

namespace {

// Sends one attempt that goes like this.
OperationResult attempt(const Attempt& how) {
  Shop shop;
  shop.stripe.add_invoice("in_1", "cus_1", 4900);
  shop.stripe.script("cus_1", {how});
  OperationResult result = shop.stage.send(Shop::touch("in_1"));
  CHECK(shop.stripe.attempts() == 1);
  return result;
}

Attempt refusal(const std::string& decline_code) {
  Attempt how;
  how.decline_code = decline_code;
  return how;
}

}  // namespace

TEST_CASE("an invoice that is paid is recovered, with its amount and intent", "[S2-02][S2-26]") {
  Shop shop;
  shop.stripe.add_invoice("in_1", "cus_1", 4900);
  const OperationResult result = shop.stage.send(Shop::touch("in_1"));
  CHECK(result.status == OperationStatus::done);
  CHECK(result.word == "recovered");
  CHECK(result.data.view().find("amount").money()->text() == "49.00 EUR");
  CHECK(result.refs == std::vector<std::string>{"pi_in_1"});
  CHECK(shop.stripe.charges() == 1);
}

TEST_CASE("the touch's key is the idempotency key, and a repeat sends the same bytes") {
  Shop shop;
  shop.stripe.add_invoice("in_1", "cus_1", 4900);
  const TouchOrder order = Shop::touch("in_1", 1, R"("payment_method": "pm_new")");
  shop.stage.send(order);
  CHECK(shop.stage.send(Shop::again(order)).word == "recovered");
  std::vector<FakeRequest> posts;
  for (const FakeRequest& request : shop.stripe.requests())
    if (request.method == "POST") posts.push_back(request);
  REQUIRE(posts.size() == 2);
  CHECK(posts[0].header("idempotency-key") == order.touch.key.text());
  CHECK(posts[0].header("stripe-version") == "2026-06-24.dahlia");
  CHECK(posts[0].body == "off_session=true&payment_method=pm_new&expand%5B0%5D=payments");
  CHECK(posts[1].body == posts[0].body);
  CHECK(posts[1].header("idempotency-key") == posts[0].header("idempotency-key"));
  CHECK(shop.stripe.charges() == 1);
}

TEST_CASE("a payment intent is confirmed") {
  Shop shop;
  shop.stripe.add_intent("pi_7", "cus_1", 1200, "usd");
  const OperationResult result = shop.stage.send(Shop::touch("pi_7"));
  CHECK(result.word == "recovered");
  CHECK(result.data.view().find("amount").money()->text() == "12.00 USD");
  CHECK(result.refs == std::vector<std::string>{"ch_1", "pi_7"});
}

TEST_CASE("the bill is found in the step's data, the run's keys or its event") {
  Shop shop;
  shop.stripe.add_invoice("in_1", "cus_1", 4900);
  shop.stripe.add_invoice("in_2", "cus_1", 4900);
  TouchOrder keyed = Shop::touch("in_9");
  keyed.data = Doc::empty_record();
  keyed.keys = from_json(R"({"invoice_id": "in_1"})").value();
  keyed.event = from_json(R"({"invoice_id": "in_2"})").value();
  CHECK(text_at(shop.stage.send(keyed), "invoice_id") == "in_1");
  TouchOrder told = Shop::touch("in_8");
  told.data = Doc::empty_record();
  told.event = from_json(R"({"invoice_id": "in_2"})").value();
  CHECK(text_at(shop.stage.send(told), "invoice_id") == "in_2");
}

TEST_CASE("an id that is no id of Stripe's never becomes a path") {
  Shop shop;
  const OperationResult result = shop.stage.send(Shop::touch("../customers/cus_1"));
  CHECK(result.status == OperationStatus::failed);
  CHECK(shop.stripe.requests().empty());
}

TEST_CASE("every kind of refusal has its word, and tells what it asks for", "[S2-08]") {
  struct Row {
    std::string code, word, action;
    OperationStatus status;
  };
  const OperationStatus done = OperationStatus::done, refused = OperationStatus::refused;
  const Row row = GENERATE_COPY(values<Row>({
      {"insufficient_funds", "declined", "retry_scheduled", done},
      {"processing_error", "declined", "retry_now", done},
      {"do_not_honor", "declined", "retry_scheduled", done},
      {"call_issuer", "declined", "contact_issuer", done},
      {"a_code_of_tomorrow", "declined", "contact_issuer", done},
      {"expired_card", "refused", "request_new_method", refused},
      {"incorrect_cvc", "refused", "request_data_fix", refused},
      {"lost_card", "refused", "request_new_method", refused},
      {"highest_risk_level", "refused", "review_fraud", refused},
      {"revocation_of_authorization", "refused", "stop_and_respect", refused},
      {"authentication_required", "needs_customer", "request_authentication", done},
      {"duplicate_transaction", "failed", "fix_integration", done},
  }));
  const OperationResult result = attempt(refusal(row.code));
  INFO(row.code);
  CHECK(result.word == row.word);
  CHECK(result.status == row.status);
  CHECK(result.reason == row.code);
  CHECK(text_at(result, "decline.raw_code") == row.code);
  CHECK(text_at(result, "decline.action") == row.action);
  CHECK(text_at(result, "payment_link") == "https://invoice.example/i/in_1");
  CHECK(result.refs == std::vector<std::string>{"ch_1", "pi_in_1"});
}

TEST_CASE("the strictest of the codes decides, and a wait becomes an instant", "[S2-08]") {
  Attempt how = refusal("insufficient_funds");
  how.network = "mastercard";
  how.network_code = "51";
  how.network_advice = "25";
  const OperationResult waits = attempt(how);
  CHECK(waits.word == "declined");
  const Instant at = parse_instant(text_at(waits, "decline.declined_at")).value();
  const Instant next = parse_instant(text_at(waits, "decline.earliest_retry_at")).value();
  CHECK(next - at == hours(24));

  how.network_advice = "21";
  CHECK(text_at(attempt(how), "decline.action") == "stop_and_respect");
  how.network_advice.clear();
  how.advice = "do_not_try_again";
  const OperationResult never = attempt(how);
  CHECK(never.word == "refused");
  CHECK(never.data.view().find_path("decline.retry_allowed_same_credential").boolean() == false);
}

TEST_CASE("what only the customer can confirm says so, with the page where she does", "[S2-08]") {
  const std::string bill = GENERATE("in_1", "pi_in_1");
  const bool old_shape = GENERATE(false, true);
  CAPTURE(bill, old_shape);
  Shop shop(old_shape ? R"("api_version": "2024-06-20")" : "");
  if (old_shape) shop.stripe.old_shape();
  shop.stripe.add_invoice("in_1", "cus_1", 4900);
  Attempt how;
  how.confirm = true;
  shop.stripe.script("cus_1", {how});
  const TouchOrder order = Shop::touch(bill);
  const OperationResult sent = shop.stage.send(order), found = shop.stage.look_up(order);
  for (const OperationResult& result : {sent, found}) {
    CHECK(result.status == OperationStatus::done);
    CHECK(result.word == "needs_customer");
    CHECK(text_at(result, "payment_link") == "https://bank.example/3ds/pi_in_1");
  }
  CHECK(shop.stripe.attempts() == 0);
}

TEST_CASE("a new try is a new attempt, with a key of its own") {
  Shop shop;
  shop.stripe.add_invoice("in_1", "cus_1", 4900);
  shop.stripe.script("cus_1", {refusal("insufficient_funds")});
  CHECK(shop.stage.send(Shop::touch("in_1", 1)).word == "declined");
  CHECK(shop.stage.send(Shop::touch("in_1", 2)).word == "recovered");
  CHECK(shop.stripe.attempts() == 2);
  CHECK(shop.stripe.ledger().doubled() == 0);
}

TEST_CASE("amounts of currencies without minor units, and of Stripe's exceptions") {
  struct Row {
    std::string currency, text;
    int64_t stripes;
  };
  const Row row = GENERATE(values<Row>({
      {"jpy", "4900 JPY", 4900},
      {"eur", "49.00 EUR", 4900},
      {"kwd", "4.900 KWD", 4900},
      {"isk", "49 ISK", 4900},
      {"ugx", "49 UGX", 4900},
      {"mga", "4900.00 MGA", 4900},
  }));
  Shop shop;
  shop.stripe.add_invoice("in_1", "cus_1", row.stripes, row.currency);
  const OperationResult result = shop.stage.send(Shop::touch("in_1"));
  CHECK(result.data.view().find("amount").money()->text() == row.text);
}

TEST_CASE("Stripe's fee is the cost of what was recovered, and of nothing else", "[S2-09]") {
  Shop shop(R"("fee_fixed_micro": 250000, "fee_bps": 150)");
  shop.stripe.add_invoice("in_1", "cus_1", 4900);
  shop.stripe.script("cus_1", {refusal("insufficient_funds")});
  CHECK(shop.stage.send(Shop::touch("in_1", 1)).cost_micro == 0);
  const OperationResult paid = shop.stage.send(Shop::touch("in_1", 2));
  CHECK(paid.cost_micro == 250'000 + 735'000);  // 1.5 % of 49.00
  CHECK(paid.cost_currency.text() == "EUR");
}

TEST_CASE("an estimate without an amount is the fixed fee") {
  Shop fixed(R"("fee_fixed_micro": 250000)");
  CHECK(fixed.stage.host().channel("it")->cost_micro == 250'000);
  Shop share(R"("fee_bps": 150)");
  CHECK(share.stage.host().channel("it")->cost_micro == 0);
}

TEST_CASE("an attempt waits for the one that Stripe is about to make", "[S2-13]") {
  Shop shop;
  shop.stripe.add_invoice("in_1", "cus_1", 4900);
  const Instant next = SystemClock().now() + hours(2);
  shop.stripe.plan("in_1", next);
  const OperationResult waits = shop.stage.send(Shop::touch("in_1"));
  CHECK(waits.status == OperationStatus::not_now);
  CHECK(waits.again_at > next);
  CHECK(waits.again_at < next + hours(1));
  CHECK(shop.posts() == 0);
  shop.stripe.plan("in_1", SystemClock().now() + days(3));
  CHECK(shop.stage.send(Shop::touch("in_1")).word == "recovered");
}

TEST_CASE("an invoice that was paid meanwhile is not charged") {
  Shop shop;
  shop.stripe.add_invoice("in_1", "cus_1", 4900);
  shop.stripe.pay_elsewhere("in_1");
  const OperationResult result = shop.stage.send(Shop::touch("in_1"));
  CHECK(result.word == "recovered");
  CHECK(result.reason == "already paid");
  CHECK(shop.posts() == 0);
}

TEST_CASE("an attempt that comes after its limit is not begun") {
  Shop shop;
  shop.stripe.add_invoice("in_1", "cus_1", 4900);
  TouchOrder late = Shop::touch("in_1");
  late.not_after = SystemClock().now() - minutes(1);
  CHECK(shop.stage.send(late).status == OperationStatus::failed);
  CHECK(shop.stripe.requests().empty());
}

TEST_CASE("the configuration chooses the class, and wrong ones are named") {
  Shop keyed;
  CHECK(keyed.stage.host().channel("it")->delivery == DeliveryClass::keyed);
  CHECK(keyed.stage.host().channel("it")->key_window == hours(24));
  Shop other(R"("class": "lookup")");
  CHECK(other.stage.host().channel("it")->delivery == DeliveryClass::lookup);
  CHECK(other.stage.host().channel("it")->can_look_up);
}

TEST_CASE("an attempt is taken back as long as nothing has left") {
  Shop shop;
  shop.stripe.add_invoice("in_1", "cus_1", 4900);
  shop.stripe.answer_after(milliseconds(300));
  const TouchOrder order = Shop::touch("in_1");
  shop.stage.host().send(order);
  SECTION("while Stripe's plan is read") {
    REQUIRE(shop.stripe.wait_until([&] { return shop.stripe.requests().size() == 1; }));
    shop.stage.host().cancel(order.touch.key);
    CHECK(shop.stage.answer_of(order.touch.key).status == OperationStatus::cancelled);
    CHECK(shop.posts() == 0);
  }
  SECTION("not once it may charge") {
    REQUIRE(shop.stripe.wait_until([&] { return shop.posts() == 1; }));
    shop.stage.host().cancel(order.touch.key);
    CHECK(shop.stage.answer_of(order.touch.key).word == "recovered");
  }
}
