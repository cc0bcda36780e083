// Sources in the engine's own plugin host: secrets of the environment, answers that wait for the
// store, configuration as a bundle gives it.
#include <catch2/catch.hpp>
#include <future>

#include "providers/fake_stripe.h"
#include "sources/source_desk.h"
#include "support/plugin_stage.h"

using namespace relance;

namespace {

const std::string kPaid =
    R"({"id":7,"financial_status":"paid","updated_at":"2025-11-20T10:00:00Z",)"
    R"("customer":{"id":5},"total_price":"49.00","currency":"EUR"})";

InboundRequest paid(const std::string& key) {
  InboundRequest request;
  request.method = "POST";
  request.body = kPaid;
  request.headers = {{"x-shopify-topic", "orders/paid"},
                     {"x-shopify-hmac-sha256",
                      sources_test::base64(sources_test::raw_hmac(EVP_sha256(), key, kPaid))}};
  return request;
}

const std::string kConfig = R"({"signing_secret": {"secret": "SHOP_SECRET"}})";

// What the host says to an instance that cannot be made.
std::string refusal(const std::string& plugin, InstanceSpec::Role role, const std::string& config) {
  SystemClock clock;
  StageProcess process;
  process.variables = {{"SHOP_SECRET", "new"}};
  StageAlarms alarms(clock);
  const auto net = make_no_net();
  struct Nowhere final : Inbox {
    void deliver(const Key&, Input) override {}
    void deliver_event(PluginEvent, std::function<void(EventFate)>) override {}
    void pace(std::string_view, Instant) override {}
  } inbox;
  const auto library = open_plugin_library({RELANCE_BUILD_DIR "/lib/relance/plugins"});
  InstanceSpec spec;
  spec.role = role;
  spec.name = "it";
  spec.plugin = plugin;
  spec.config = from_json(config).value();
  std::vector<Error> errors;
  const auto host =
      PluginHost::make(*library, {spec}, {clock, alarms, inbox, *net, process}, errors);
  return host.ok() ? "" : errors.front().text();
}

}  // namespace

TEST_CASE("a webhook is answered once its event is kept, with either secret") {
  PluginStage stage("relance.source.shopify", kConfig,
                    {{"SHOP_SECRET", "new"}, {"SHOP_SECRET_PREVIOUS", "old"}},
                    PluginStage::Role::source);
  CHECK(stage.request(paid("new")).status == 200);
  CHECK(stage.request(paid("old")).status == 200);
  const InboundAnswer forged = stage.request(paid("other"));
  CHECK(forged.status == 401);
  CHECK(forged.body == "the signature does not fit\n");
  const auto events = stage.events(2);
  CHECK(events.size() == 2);
  CHECK(events[0].type == "order.paid");
  CHECK(events[0].id == "order.paid:7");
  CHECK(events[0].subject == "5");
  CHECK(to_json(events[0].data) == R"({"amount":{"currency":"EUR","minor":4900},"order_id":"7"})");
}

TEST_CASE("an event that the store does not keep lets the provider come again") {
  PluginStage stage("relance.source.shopify", kConfig, {{"SHOP_SECRET", "new"}},
                    PluginStage::Role::source);
  stage.fate = EventFate::refused;
  CHECK(stage.request(paid("new")).status == 503);
  stage.fate = EventFate::kept;
  CHECK(stage.request(paid("new")).status == 200);
  CHECK(stage.events(1).size() == 1);
}

TEST_CASE("a decline at Stripe comes with its code, and with the key of the charge it was") {
  FakeStripe stripe;
  stripe.add_invoice("in_1", "cus_1", 4900);
  FakeStripe::Attempt declined;
  declined.decline_code = "insufficient_funds";
  declined.advice = "try_again_later";
  stripe.script("cus_1", {declined});
  PluginStage stage("relance.source.stripe",
                    R"({"signing_secret": {"secret": "HOOK"}, "api_key": {"secret": "API"},
                        "api_url": ")" +
                        stripe.url() + "\"}",
                    {{"HOOK", FakeStripe::kWebhookSecret}, {"API", FakeStripe::kApiKey}},
                    PluginStage::Role::source);
  const Key charge = derive_key({"charge"});
  const auto net = make_curl_net();
  std::promise<int> paid;
  HttpRequest pay;
  pay.method = "POST";
  pay.url = stripe.url() + "/v1/invoices/in_1/pay";
  pay.headers = {{"Authorization", std::string("Bearer ") + FakeStripe::kApiKey},
                 {"Idempotency-Key", charge.text()}};
  net->http(pay, [&](HttpReply reply) { paid.set_value(reply.status); });
  REQUIRE(paid.get_future().get() == 402);
  for (const std::string& body : stripe.events()) {
    InboundRequest request;
    request.method = "POST";
    request.body = body;
    const int64_t now = SystemClock().now().ms / 1000;
    request.headers = {
        {"stripe-signature", stripe_fake::signature(FakeStripe::kWebhookSecret, now, body)}};
    CHECK(stage.request(request).status == 200);
  }
  const auto events = stage.events(1);
  REQUIRE(events.size() == 1);  // of the invoice; its intent tells the same
  CHECK(events[0].type == "payment.failed");
  CHECK(events[0].subject == "cus_1");
  CHECK(events[0].key == charge);
  const DocView decline = events[0].data.view().find("decline");
  CHECK(decline.find("raw_code").text() == "insufficient_funds");
  CHECK(decline.find("provider_advice").text() == "try_again_later");
}

TEST_CASE("only what takes webhooks is a source, and a source is nothing else") {
  using Role = InstanceSpec::Role;
  CHECK(refusal("relance.source.shopify", Role::source, kConfig).empty());
  CHECK(refusal("relance.source.shopify", Role::connector, kConfig).find("is no connector") !=
        std::string::npos);
  CHECK(refusal("relance.template", Role::source, "{}").find("is no source") != std::string::npos);
}

TEST_CASE("a configuration that a source cannot work with is refused at its start") {
  using Role = InstanceSpec::Role;
  const auto told = [](const std::string& config) {
    return refusal("relance.source.shopify", Role::source, config);
  };
  CHECK(told("{}").find("'required'") != std::string::npos);
  CHECK(told(R"({"signing_secret": {"secret": "MISSING"}})").find("'MISSING' is not set") !=
        std::string::npos);
  CHECK(told(R"({"signing_secret": {"secret": "SHOP_SECRET"}, "topic": {}})").find("'") !=
        std::string::npos);
  CHECK(told(R"({"signing_secret": {"secret": "SHOP_SECRET"},
                 "topics": {"orders/paid": {"type": "order.paid", "dta": {}}}})")
            .find("topics.orders/paid.dta") != std::string::npos);
}
