// The plugin as a connector: links and readings, which move no money.
#include "stripe/stripe_fixture.h"

using namespace relance;
using Ended = OperationStatus;

namespace {

struct Desk {
  Desk()
      : stage("relance.retry.stripe",
              stripe_config(stripe.url(), R"("return_url": "https://shop.example/thanks")"),
              {{"STRIPE_KEY", FakeStripe::kApiKey}}, PluginStage::Role::connector) {
    stripe.add_invoice("in_1", "cus_1", 4900);
  }

  OperationResult act(const std::string& op, const std::string& data) {
    TouchOrder order = PluginStage::order(op + data, "", {}, data);
    order.touch.what = TouchWhat::operation;
    order.op = op;
    return stage.send(order);
  }

  FakeStripe stripe;
  PluginStage stage;
};

}  // namespace

TEST_CASE("the page on which an invoice is paid") {
  Desk desk;
  const OperationResult link = desk.act("payment_link", R"({"invoice_id": "in_1"})");
  CHECK(link.status == Ended::done);
  CHECK(text_at(link, "url") == "https://invoice.example/i/in_1");
}

TEST_CASE("the page on which another card is given, by bill or by customer") {
  const std::string data =
      GENERATE(R"({"invoice_id": "in_1"})", R"({"payment_intent_id": "pi_in_1"})",
               R"({"stripe_customer": "cus_1"})");
  Desk desk;
  const OperationResult link = desk.act("card_update_link", data);
  CHECK(link.status == Ended::done);
  CHECK(text_at(link, "url") == "https://billing.example/p/cus_1");
  const FakeRequest request = desk.stripe.requests().back();
  const Form form = parse_form(request.body);
  CHECK(field(form, "flow_data[type]") == "payment_method_update");
  CHECK(field(form, "return_url") == "https://shop.example/thanks");
  CHECK(desk.stripe.attempts() == 0);
}

TEST_CASE("what has no link is refused, what cannot be asked now is asked later") {
  Desk desk;
  CHECK(desk.act("payment_link", R"({"invoice_id": "in_9"})").status == Ended::refused);
  CHECK(desk.act("payment_link", R"({"invoice_id": "../x"})").status == Ended::failed);
  CHECK(desk.act("card_update_link", "{}").status == Ended::failed);
  CHECK(desk.act("sell", "{}").status == Ended::failed);
  desk.stripe.html_next(1);
  CHECK(desk.act("payment_link", R"({"invoice_id": "in_1"})").status == Ended::not_now);
  desk.stripe.drop_next(2, FakeStripe::Effects::none);  // a kept connection may be dead: read anew
  CHECK(desk.act("card_update_link", R"({"invoice_id": "in_1"})").status == Ended::not_now);
}
