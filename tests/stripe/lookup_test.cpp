// What became of an attempt whose key is forgotten: the same as the send would have said.
#include "stripe/stripe_fixture.h"

using namespace relance;
using Ended = OperationStatus;

namespace {

FakeStripe::Attempt refusal(const std::string& decline_code) {
  FakeStripe::Attempt how;
  how.decline_code = decline_code;
  return how;
}

}  // namespace

TEST_CASE("a look-up agrees with the send, whatever it said") {
  const std::string code =
      GENERATE("", "insufficient_funds", "expired_card", "authentication_required", "stolen_card",
               "highest_risk_level", "duplicate_transaction", "a_code_of_tomorrow");
  const std::string bill = GENERATE("in_1", "pi_in_1");
  const bool old_shape = GENERATE(false, true);
  CAPTURE(code, bill, old_shape);
  Shop shop(old_shape ? R"("api_version": "2024-06-20")" : "");
  shop.stripe.add_invoice("in_1", "cus_1", 4900);
  if (old_shape) shop.stripe.old_shape();
  shop.stripe.script("cus_1", {refusal(code)});
  const TouchOrder order = Shop::touch(bill);
  const OperationResult sent = shop.stage.send(order);
  const OperationResult found = shop.stage.look_up(order);
  CHECK(found.status == sent.status);
  CHECK(found.word == sent.word);
  CHECK(text_at(found, "decline.action") == text_at(sent, "decline.action"));
  CHECK(text_at(found, "decline.raw_code") == text_at(sent, "decline.raw_code"));
  CHECK(text_at(found, "payment_link") == text_at(sent, "payment_link"));
  CHECK(found.data.view().find("amount") == sent.data.view().find("amount"));
  CHECK(shop.stripe.attempts() == 1);
}

TEST_CASE("what Stripe has never seen is absent, and a refusal before the touch is not its own") {
  Shop shop;
  shop.stripe.add_invoice("in_1", "cus_1", 4900);
  CHECK(shop.stage.look_up(Shop::touch("in_1")).status == Ended::absent);
  CHECK(shop.stage.look_up(Shop::touch("in_9")).status == Ended::absent);
  shop.stripe.script("cus_1", {refusal("insufficient_funds")});
  shop.stage.send(Shop::touch("in_1", 1));
  TouchOrder later = Shop::touch("in_1", 2);
  later.touch.intended_at = SystemClock().now() + seconds(10);
  CHECK(shop.stage.look_up(later).status == Ended::absent);
}

TEST_CASE("a list that lags hides an attempt for as long as the plugin says, not longer") {
  Shop shop;
  shop.stripe.add_invoice("in_1", "cus_1", 4900);
  shop.stripe.script("cus_1", {refusal("insufficient_funds")});
  shop.stripe.index_lag(seconds(30));
  const TouchOrder order = Shop::touch("in_1");
  shop.stage.send(order);
  CHECK(shop.stage.look_up(order).status == Ended::absent);
  CHECK(shop.stage.host().channel("it")->index_lag > seconds(30));
  shop.stripe.index_lag({});
  CHECK(shop.stage.look_up(order).word == "declined");
}

TEST_CASE("a look-up that gets no answer is asked again") {
  Shop shop;
  shop.stripe.add_invoice("in_1", "cus_1", 4900);
  const TouchOrder order = Shop::touch("in_1");
  shop.stripe.drop_next(1, FakeStripe::Effects::none);
  CHECK(shop.stage.look_up(order).status == Ended::not_now);
  shop.stripe.html_next(1);
  CHECK(shop.stage.look_up(order).status == Ended::not_now);
  shop.stripe.spare_next(1);  // the invoice is read, its charges are not
  shop.stripe.html_next(1);
  CHECK(shop.stage.look_up(order).status == Ended::not_now);
  CHECK(shop.stage.look_up(order).status == Ended::absent);
}

TEST_CASE("a look-up never charges") {
  Shop shop;
  shop.stripe.add_invoice("in_1", "cus_1", 4900);
  shop.stage.look_up(Shop::touch("in_1"));
  shop.stage.look_up(Shop::touch("pi_in_1"));
  CHECK(shop.posts() == 0);
}
