// Webhooks that are rightly signed, and still wrong.
#include <catch2/catch.hpp>

#include "base/id.h"
#include "base/random.h"
#include "sources/source_desk.h"

using namespace sources_test;

namespace {

const std::string kFailed = R"({"id":"evt_1","object":"event","created":1763700000,
"type":"invoice.payment_failed","data":{"object":{"id":"in_1","customer":"cus_1",
"currency":"usd","amount_remaining":4900,"attempt_count":2,"metadata":{}}}})";

const Headers kCreated = {{"x-shopify-topic", "orders/create"}};

std::string order(const std::string& more) {
  return R"({"id":7,"created_at":"2025-11-20T10:00:00Z","customer":{"id":5})" + more + "}";
}

}  // namespace

TEST_CASE("only what is posted, and not too long, is read") {
  SourceDesk desk("stripe");
  CHECK(desk.post(desk.sign(kFailed), kFailed, "GET").status == 405);
  CHECK(desk.post_signed(std::string((1u << 20) + 1, ' ')).status == 413);
  CHECK(desk.host.events.empty());
  CHECK(desk.post_signed(kFailed + std::string((1u << 20) - kFailed.size(), ' ')).status == 200);
  CHECK(desk.host.events.size() == 1);
}

TEST_CASE("a webhook that was cut off anywhere cannot be read") {
  SourceDesk desk("stripe");
  for (size_t length = 0; length < kFailed.size(); ++length) {
    INFO(length);
    CHECK(desk.post_signed(kFailed.substr(0, length)).status == 400);
  }
  CHECK(desk.host.events.empty());
  CHECK(desk.post_signed(kFailed).status == 200);
  CHECK(desk.host.events.size() == 1);
}

TEST_CASE("what is no JSON object cannot be read") {
  SourceDesk desk("stripe");
  for (const std::string body : {"[]", "null", "17", "\"evt_1\"", "id=evt_1&type=invoice.paid",
                                 "<html></html>", "{}{}", "{\"type\":\"\xff\xfe\"}", "{}"}) {
    INFO(body);
    CHECK(desk.post_signed(body).status == 400);
  }
  CHECK(desk.host.events.empty());
}

TEST_CASE("nesting without end costs nothing") {
  SourceDesk desk("shopify");
  const std::string deep = std::string(400'000, '[') + std::string(400'000, ']');
  CHECK(desk.post_signed(order(R"(,"name":)" + deep), kCreated).status == 200);
  REQUIRE(desk.host.events.size() == 1);
  CHECK(desk.host.events[0].data == R"({"order_id":"7"})");
  CHECK(desk.post_signed(std::string(1'000'000, '['), kCreated).status == 400);
}

TEST_CASE("an unknown topic is taken, and is no event") {
  SourceDesk desk("shopify");
  CHECK(desk.post_signed(order(""), {{"x-shopify-topic", "themes/publish"}}).status == 200);
  CHECK(desk.post_signed(order(""), {{"x-shopify-topic", "orders"}}).status == 200);
  CHECK(desk.post_signed(order("")).status == 400);  // it has none at all
  CHECK(desk.host.events.empty());
}

TEST_CASE("the same webhook again is the same event again: the engine drops it by its id") {
  SourceDesk desk("shopify");
  const std::string body = order(R"(,"updated_at":"2025-11-20T10:00:00Z")");
  for (const char* delivery : {"d-1", "d-2"}) {
    Headers headers = kCreated;
    headers.emplace_back("x-shopify-webhook-id", delivery);
    headers.emplace_back("x-shopify-event-id", delivery);  // not signed: anybody can change it
    CHECK(desk.post_signed(body, headers).status == 200);
  }
  REQUIRE(desk.host.events.size() == 2);
  CHECK(desk.host.events[0].id == desk.host.events[1].id);
}

TEST_CASE("a topic that its body does not bear out is no event, since headers are not signed") {
  SourceDesk desk("shopify");
  const std::string body = order(R"(,"financial_status":"pending","cancelled_at":null)");
  for (const char* topic : {"orders/paid", "orders/cancelled", "orders/fulfilled"})
    CHECK(desk.post_signed(body, {{"x-shopify-topic", topic}}).status == 200);
  CHECK(desk.host.events.empty());
}

TEST_CASE("without an id it cannot be told twice apart, and is refused") {
  SourceDesk desk("stripe");
  CHECK(desk.post_signed(R"({"type":"invoice.paid","data":{"object":{"customer":"c"}}})").status ==
        400);
  CHECK(desk.post_signed(R"({"id":")" + std::string(2000, 'x') +
                         R"(","type":"invoice.paid","data":{"object":{"customer":"c"}}})")
            .status == 400);
  CHECK(desk.host.events.empty());
}

TEST_CASE("without a customer it is taken, and the log says what is missing but nobody's name") {
  SourceDesk desk("stripe");
  CHECK(desk.post_signed(R"({"id":"e","type":"invoice.paid","data":{"object":{"id":"in_1",
    "customer_email":"ann@example.com"}}})")
            .status == 200);
  CHECK(desk.host.events.empty());
  REQUIRE(desk.host.log.size() == 1);
  CHECK(desk.host.log[0] ==
        "a webhook 'invoice.paid' names no customer: see 'subject' and 'api_key'");
}

TEST_CASE("what cannot be converted costs its field, and no more") {
  SourceDesk desk("shopify");
  for (const char* amount :
       {R"("total_price":"4x","currency":"EUR")", R"("total_price":"1.2.3","currency":"EUR")",
        R"("total_price":"","currency":"EUR")", R"("total_price":"49.00","currency":"EURO")",
        R"("total_price":"49.00","currency":5)", R"("total_price":{},"currency":"EUR")"}) {
    INFO(amount);
    desk.host.events.clear();
    CHECK(desk.post_signed(order(std::string(",") + amount), kCreated).status == 200);
    REQUIRE(desk.host.events.size() == 1);
    CHECK(desk.host.events[0].data == R"({"order_id":"7"})");
  }
}

TEST_CASE("a cart of thousands is cut, an event of megabytes is refused") {
  SourceDesk desk("shopify");
  std::string lines = R"({"sku":"a"})";
  for (int i = 0; i < 5000; ++i) lines += R"(,{"sku":"a"})";
  CHECK(desk.post_signed(order(R"(,"line_items":[)" + lines + "]"), kCreated).status == 200);
  REQUIRE(desk.host.events.size() == 1);
  CHECK(desk.host.events[0].data.size() < 4000);
  const std::string name = R"(,"name":")" + std::string(300'000, 'x') + "\"";
  CHECK(desk.post_signed(order(name), kCreated).status == 413);
  CHECK(desk.host.events.size() == 1);
}

TEST_CASE("an idempotency key that is one of ours tells which charge it was; others tell nothing") {
  SourceDesk desk("stripe");
  const auto key_of = [&](const std::string& written) {
    desk.host.events.clear();
    REQUIRE(desk.post_signed(R"({"id":"e","type":"invoice.paid","request":{"idempotency_key":")" +
                             written + R"("},"data":{"object":{"id":"in_1","customer":"c"}}})")
                .status == 200);
    REQUIRE(desk.host.events.size() == 1);
    return desk.host.events[0].key;
  };
  const relance::Key ours = relance::derive_key({"a charge"});
  CHECK(key_of(ours.text()) == std::string(ours.view()));
  const std::string none(16, '\0');
  CHECK(key_of("6f1d1c36-8d6f-4d3e-9f86-0b3c5a7b9d10") == none);
  CHECK(key_of("") == none);
  CHECK(key_of(std::string(26, '1')) == none);
  CHECK(key_of(std::string(25, 'a') + "b") == none);
}

TEST_CASE("where the host takes nothing the provider is to come again") {
  SourceDesk desk("stripe");
  desk.host.emit_says = RL_BUSY;
  CHECK(desk.post_signed(kFailed).status == 503);
  desk.host.emit_says = RL_OK;
  CHECK(desk.post_signed(kFailed).status == 200);
  CHECK(desk.host.events.size() == 1);
}

TEST_CASE("noise in a signed body ends in an answer, and an event in it is JSON") {
  const uint64_t seed = 20251121;
  INFO("seed " << seed);
  relance::SeededRandom random(seed);
  const auto below = [&](uint64_t bound) { return random.next() % bound; };
  SourceDesk desk("stripe");
  size_t told = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string body = kFailed;
    for (uint64_t changes = 1 + below(4); changes > 0; --changes) {
      const size_t at = below(body.size());
      switch (below(3)) {
        case 0: body[at] = static_cast<char>(below(256)); break;
        case 1: body.erase(at, 1 + below(8)); break;
        default: body.insert(at, body.substr(below(body.size()), below(12))); break;
      }
    }
    desk.host.events.clear();
    const int status = desk.post_signed(body).status;
    INFO(body);
    CHECK((status == 200 || status == 400));
    for (const abi::Event& event : desk.host.events) {
      ++told;
      CHECK(relance::from_json(event.data).ok());
      CHECK_FALSE(event.id.empty());
      CHECK_FALSE(event.subject.empty());
    }
  }
  CHECK(told > 100);
}
