// What a webhook leaves out is asked of the provider before the event is told.
#include <catch2/catch.hpp>

#include "sources/source_desk.h"

using namespace sources_test;

namespace {

std::string failed_invoice(const std::string& id) {
  return R"({"id":"evt_1","created":1763700000,"type":"invoice.payment_failed","data":{"object":)"
         R"({"id":")" +
         id + R"(","customer":"cus_1","currency":"usd","amount_due":4900}}})";
}

struct Asking : SourceDesk {
  explicit Asking(const std::string& plugin = "stripe",
                  const std::string& fields = R"(, "api_key": "API")")
      : SourceDesk(plugin, fields) {
    host.http = [this](rl_op, uint64_t, const rl_http& request) {
      method = abi::copy(request.method);
      url = abi::copy(request.url);
      body = abi::copy(request.body);
      secret = abi::copy(request.secret);
      auth = request.auth;
      auth_name = abi::copy(request.auth_name);
      headers.clear();
      for (size_t i = 0; i < request.headers_count; ++i)
        headers[abi::copy(request.headers[i].name)] = abi::copy(request.headers[i].value);
      CHECK((request.flags & RL_EFFECT) == 0);
      ++asked;
      return says;
    };
  }
  rl_op open(const std::string& text) { return begin(sign(text), text); }
  int status(rl_op op) { return host.answers.contains(op) ? host.answers.at(op).status : 0; }

  int32_t says = RL_OK;
  int asked = 0;
  uint32_t auth = 0;
  std::string method, url, body, secret, auth_name;
  std::map<std::string, std::string> headers;
};

}  // namespace

TEST_CASE_METHOD(Asking, "Stripe's decline is asked for, with a pinned version and no secret") {
  const rl_op op = open(failed_invoice("in_1"));
  CHECK(status(op) == 0);
  CHECK(host.events.empty());
  CHECK(method == "GET");
  CHECK(
      url ==
      "https://api.stripe.com/v1/invoices/in_1?expand%5B0%5D=payments.data.payment.payment_intent");
  CHECK(secret == "API");
  CHECK(auth == RL_AUTH_BEARER);
  CHECK(headers["stripe-version"] == "2026-06-24.dahlia");
  reply(op, 200, R"({"payments":{"data":[{"payment":{"payment_intent":{"last_payment_error":
        {"code":"expired_card"}}}}]}})");
  CHECK(status(op) == 200);
  REQUIRE(host.events.size() == 1);
  CHECK(host.events[0].data ==
        R"({"invoice_id":"in_1","amount":{"minor":4900,"currency":"USD"},"context":"recurring",)"
        R"("decline":{"provider":"stripe","raw_code":"expired_card"}})");
}

TEST_CASE_METHOD(Asking, "what a payload says cannot become another address") {
  open(failed_invoice("../customers/cus_1?x=#"));
  CHECK(url.starts_with("https://api.stripe.com/v1/invoices/..%2Fcustomers%2Fcus_1%3Fx%3D%23?"));
}

TEST_CASE_METHOD(Asking, "a provider that cannot say more costs what it would have said") {
  for (const auto& [answered, text] : std::map<int, std::string>{
           {404, R"({"error":{}})"}, {401, ""}, {200, "<html>Welcome</html>"}}) {
    INFO(answered);
    host.events.clear();
    const rl_op op = open(failed_invoice("in_1"));
    reply(op, answered, text);
    CHECK(status(op) == 200);
    REQUIRE(host.events.size() == 1);
    CHECK(host.events[0].data.find("decline") == std::string::npos);
  }
}

TEST_CASE_METHOD(Asking, "a provider that is away for a moment is asked again with the repeat") {
  for (const int answered : {0, 429, 500, 503}) {
    INFO(answered);
    const rl_op op = open(failed_invoice("in_1"));
    reply(op, answered, "");
    CHECK(status(op) == 503);
  }
  says = RL_BUSY;
  CHECK(status(open(failed_invoice("in_1"))) == 503);
  CHECK(host.events.empty());
}

TEST_CASE_METHOD(Asking, "two webhooks wait for their answers side by side") {
  const rl_op first = open(failed_invoice("in_1")), second = open(failed_invoice("in_2"));
  reply(second, 200, "{}");
  reply(first, 200, "{}");
  reply(first, 200, "{}");  // nobody waits for it
  REQUIRE(host.events.size() == 2);
  CHECK(host.events[0].data.find("in_2") != std::string::npos);
  CHECK(status(first) == 200);
  CHECK(status(second) == 200);
}

TEST_CASE("without a key nothing is asked") {
  Asking desk("stripe", "");
  const rl_op op = desk.open(failed_invoice("in_1"));
  CHECK(desk.asked == 0);
  CHECK(desk.status(op) == 200);
  CHECK(desk.host.events.size() == 1);
}

TEST_CASE("Shopify is asked whose order it was, in GraphQL") {
  Asking desk("shopify", R"(, "api_key": "API", "api_url": "https://shop.example/")");
  const std::string text = R"({"id":1,"status":"delivered","order_id":820982911946154508,
      "fulfillment_id":2,"happened_at":"2025-11-20T10:00:00Z"})";
  Headers headers = desk.sign(text);
  headers.emplace_back("x-shopify-topic", "fulfillment_events/create");
  const rl_op op = desk.begin(headers, text);
  CHECK(desk.method == "POST");
  CHECK(desk.url == "https://shop.example/admin/api/2026-10/graphql.json");
  CHECK(desk.auth == RL_AUTH_HEADER);
  CHECK(desk.auth_name == "X-Shopify-Access-Token");
  CHECK(desk.headers["content-type"] == "application/json");
  CHECK(desk.body == R"({"query":"query($id:ID!){order(id:$id){customer{legacyResourceId}}}",)"
                     R"("variables":{"id":"gid://shopify/Order/820982911946154508"}})");
  desk.reply(op, 200, R"({"data":{"order":{"customer":{"legacyResourceId":"5"}}}})");
  CHECK(desk.status(op) == 200);
  REQUIRE(desk.host.events.size() == 1);
  CHECK(desk.host.events[0].subject == "5");
}
