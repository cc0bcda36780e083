// The fake must be faithful where the plugin leans on it.
#include "providers/fake_stripe.h"

#include <catch2/catch.hpp>
#include <condition_variable>

#include "net/net.h"

using namespace relance;

namespace {

struct Client {
  std::unique_ptr<Net> net = make_curl_net();

  HttpReply post(const std::string& url, const std::string& key,
                 const std::string& body = "") const {
    HttpRequest request;
    request.method = "POST";
    request.url = url;
    request.body = body;
    request.headers = {{"Authorization", std::string("Bearer ") + FakeStripe::kApiKey},
                       {"Idempotency-Key", key}};
    std::mutex mutex;
    std::condition_variable changed;
    std::optional<HttpReply> reply;
    net->http(std::move(request), [&](HttpReply given) {
      const std::lock_guard lock(mutex);
      reply = std::move(given);
      changed.notify_all();
    });
    std::unique_lock lock(mutex);
    REQUIRE(changed.wait_for(lock, std::chrono::seconds(20), [&] { return reply.has_value(); }));
    return *reply;
  }
};

bool replayed(const HttpReply& reply) {
  for (const auto& [name, value] : reply.headers)
    if (name == "idempotent-replayed") return value == "true";
  return false;
}

FakeStripe::Attempt refusal() {
  FakeStripe::Attempt how;
  how.decline_code = "insufficient_funds";
  return how;
}

}  // namespace

TEST_CASE("the fake stores a refusal for its key, and gives it again") {
  FakeStripe stripe;
  Client client;
  stripe.add_invoice("in_1", "cus_1", 4900);
  stripe.script("cus_1", {refusal()});
  const std::string url = stripe.url() + "/v1/invoices/in_1/pay";
  const HttpReply first = client.post(url, "k1"), second = client.post(url, "k1");
  CHECK(first.status == 402);
  CHECK_FALSE(replayed(first));
  CHECK(second.status == 402);
  CHECK(replayed(second));
  CHECK(second.body == first.body);
  CHECK(client.post(url, "k1", "off_session=true").status == 400);
  CHECK(client.post(url, "k2").status == 200);
  CHECK(stripe.attempts() == 2);
}

TEST_CASE("the fake forgets a key when its window is over") {
  FakeStripe stripe;
  Client client;
  stripe.add_intent("pi_1", "cus_1", 4900);
  stripe.script("cus_1", {refusal(), refusal()});
  const std::string url = stripe.url() + "/v1/payment_intents/pi_1/confirm";
  client.post(url, "k1");
  stripe.key_window({});
  CHECK_FALSE(replayed(client.post(url, "k1")));
  CHECK(stripe.ledger().doubled() == 1);
}

TEST_CASE("the fake does not store what it never began") {
  FakeStripe stripe;
  Client client;
  const std::string url = stripe.url() + "/v1/invoices/in_1/pay";
  CHECK(client.post(url, "k1").status == 404);
  stripe.add_invoice("in_1", "cus_1", 4900);
  CHECK(client.post(url, "k1").status == 200);
}

TEST_CASE("the fake signs as Stripe does") {
  CHECK(stripe_fake::signature(
            "whsec_test_secret", 1700000000,
            R"({"id":"evt_1","object":"event","type":"invoice.payment_failed"})") ==
        "t=1700000000,v1=6ba91f21ad80f8e66f70cc1ca35721a34ca50f25611ad469224138d8128232ca");
}

TEST_CASE("the fake tells what happened, signed, with the key of the request that did it") {
  FakeStripe stripe, listener;
  Client client;
  stripe.send_webhooks_to(listener.url() + "/hook");
  stripe.add_invoice("in_1", "cus_1", 4900);
  stripe.script("cus_1", {refusal()});
  client.post(stripe.url() + "/v1/invoices/in_1/pay", "k1");
  client.post(stripe.url() + "/v1/invoices/in_1/pay", "k2");
  REQUIRE(listener.wait_until([&] { return listener.requests().size() == 4; }));
  std::vector<std::string> told;
  for (const FakeRequest& request : listener.requests()) {
    const auto event = from_json(request.body).value();
    told.push_back(
        std::string(event.view().find("type").text().value_or("")) + " " +
        std::string(event.view().find_path("request.idempotency_key").text().value_or("")));
    const std::string header(request.header("stripe-signature"));
    const int64_t at = std::stoll(header.substr(2));
    CHECK(header == stripe_fake::signature(FakeStripe::kWebhookSecret, at, request.body));
  }
  CHECK(told == std::vector<std::string>{"payment_intent.payment_failed k1",
                                         "invoice.payment_failed k1", "payment_intent.succeeded k2",
                                         "invoice.paid k2"});
}
