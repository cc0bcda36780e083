// Stripe's own client understands the fake, and its own signing code agrees with ours, both ways.
#include "stripe/stripe_fixture.h"
#include "support/node_program.h"

using namespace relance;
using namespace relance::test;

namespace {

Doc client(const std::vector<std::string>& arguments) {
  return from_json(run_node(RELANCE_SOURCE_DIR "/tests/stripe/official_client.mjs", arguments))
      .value();
}

std::string text(const Doc& record, std::string_view path) {
  return std::string(record.view().find_path(path).text().value_or(""));
}

}  // namespace

TEST_CASE("Stripe's own client understands the fake") {
  FakeStripe stripe;
  stripe.add_invoice("in_paid", "cus_1", 4900);
  stripe.add_invoice("in_declined", "cus_2", 4900);
  stripe.add_intent("pi_own", "cus_1", 1200);
  FakeStripe::Attempt how;
  how.decline_code = "insufficient_funds";
  how.network_code = "51";
  how.advice = "try_again_later";
  stripe.script("cus_2", {how});
  const Doc told = client({"api", kNodeModules, stripe.url(), FakeStripe::kApiKey});
  CHECK(text(told, "paid") == "paid");
  CHECK(text(told, "again") == "paid");
  CHECK(text(told, "replayed") == "true");
  CHECK(text(told, "other") == "StripeIdempotencyError");
  CHECK(text(told, "declined.error") == "StripeCardError");
  CHECK(text(told, "declined.code") == "card_declined");
  CHECK(text(told, "declined.decline_code") == "insufficient_funds");
  CHECK(text(told, "declined.advice_code") == "try_again_later");
  CHECK(text(told, "declined.network_decline_code") == "51");
  CHECK(text(told, "declined.intent") == "requires_payment_method");
  CHECK(told.view().find_path("declined.status").integer() == 402);
  CHECK(text(told, "last_error") == "insufficient_funds");
  CHECK(text(told, "charge") == "insufficient_funds");
  CHECK(told.view().find("charges").integer() == 1);
  CHECK(text(told, "confirmed") == "succeeded");
  CHECK(text(told, "unexpected") == "payment_intent_unexpected_state");
  CHECK(text(told, "intent_of_invoice") == "pi_in_declined");
  CHECK(text(told, "portal") == "https://billing.example/p/cus_1");
  CHECK(text(told, "missing") == "StripeInvalidRequestError resource_missing");
  CHECK(text(told, "stranger") == "StripeAuthenticationError");
  CHECK(stripe.attempts() == 3);
}

TEST_CASE("Stripe's own code accepts the fake's signatures, and no others") {
  const std::string body = R"({"id":"evt_1","object":"event","type":"invoice.paid"})";
  const int64_t now = SystemClock().now().ms / 1000;
  const std::string secret = FakeStripe::kWebhookSecret;
  const auto verified = [&](const std::string& header) {
    return client({"verify", kNodeModules, secret, body, header});
  };
  CHECK(text(verified(stripe_fake::signature(secret, now, body)), "type") == "invoice.paid");
  const std::string wrong = "StripeSignatureVerificationError";
  CHECK(text(verified(stripe_fake::signature("whsec_other", now, body)), "error") == wrong);
  CHECK(text(verified(stripe_fake::signature(secret, now - 600, body)), "error") == wrong);
}

TEST_CASE("our intake accepts what Stripe's own code signed") {
  const std::string body =
      R"({"id":"evt_1","object":"event","type":"invoice.payment_failed","data":{"object":{}}})";
  PluginStage stage("relance.source.stripe", R"({"signing_secret": {"secret": "HOOK"}})",
                    {{"HOOK", FakeStripe::kWebhookSecret}}, PluginStage::Role::source);
  const auto status = [&](const std::string& secret) {
    const std::string header = text(client({"sign", kNodeModules, secret, body}), "header");
    InboundRequest request;
    request.method = "POST";
    request.headers = {{"stripe-signature", header}};
    request.body = body;
    return stage.request(request).status;
  };
  CHECK(status(FakeStripe::kWebhookSecret) == 200);
  CHECK(status("whsec_somebody_else") == 401);
}
