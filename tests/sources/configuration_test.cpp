// What an integrator may change without a line of C++.
#include <catch2/catch.hpp>

#include "sources/source_desk.h"

using namespace sources_test;

namespace {

// What a source of this configuration says instead of beginning.
std::string refusal(const std::string& plugin, const std::string& configuration) {
  abi::FakeHost host;
  host.hmac = [](uint32_t, const std::string& secret, uint32_t version, const std::string&,
                 uint8_t* out) {
    out[0] = 1;
    return secret == "KEY" && version == 0 ? size_t{1} : size_t{0};
  };
  std::string problem;
  const rl_out out{&problem, abi::Instance::append};
  const rl_plugin* source = abi::Instance::load("relance.source." + plugin);
  void* made = source->create(host.table(), abi::str(configuration), &out);
  if (made != nullptr) source->destroy(made);
  return made == nullptr ? problem : "";
}

std::string refused_topic(const std::string& rule) {
  return refusal("shopify", R"({"signing_secret": "KEY", "topics": {"x/y": )" + rule + "}}");
}

const std::string kOrder = R"({"id":7,"updated_at":"2025-11-20T10:00:00Z","total_price":"49.00",
"currency":"eur","tags":"VIP/gold","customer":{"id":5},"note_attributes":[{"name":"shop_id",
"value":"customer-5"}],"lines":[{"n":1,"at":"2025-11-20 10:00:00"},{"n":"2"}]})";

}  // namespace

TEST_CASE("a bundle adds topics, and every kind of expression is there for it") {
  SourceDesk desk("shopify", R"(, "topics": {"orders/delayed": {
    "type": "order.changed",
    "when": {"/id": 7, "/tags": {"present": true}, "/cancelled": {"not": [true, "yes"]}},
    "data": {
      "order_id": {"text": "/id"},
      "topic": "$topic",
      "amount": {"amount": "/total_price", "currency": "/currency"},
      "fee": {"minor": 250, "currency": "EUR"},
      "tag": {"lower": {"tail": "/tags"}},
      "path": {"constant": "/not/a/path"},
      "shop": {"map": {"header": "x-shopify-shop-domain"}, "to": {"a.example": "A"},
               "otherwise": "elsewhere"},
      "first": ["/nothing", "/lines/0/n", "/id"],
      "due": {"date": "/updated_at"},
      "lines": {"each": "/lines", "item": {"n": {"number": "/n"}, "at": {"utc": "/at"}}},
      "customer": {"in": "/customer", "record": {"id": "/id", "name": "/name"}},
      "gone": {"in": "/gone", "record": {"id": 1}}
    }}})");
  CHECK(desk.post_signed(kOrder, {{"x-shopify-topic", "orders/delayed"},
                                  {"x-shopify-shop-domain", "a.example"}})
            .status == 200);
  REQUIRE(desk.host.events.size() == 1);
  CHECK(desk.host.events[0].id == "orders/delayed:7:2025-11-20T10:00:00Z");
  CHECK(desk.host.events[0].data ==
        R"({"order_id":"7","topic":"orders/delayed","amount":{"amount":"49","currency":"EUR"},)"
        R"("fee":{"minor":250,"currency":"EUR"},"tag":"gold","path":"/not/a/path","shop":"A",)"
        R"("first":1,"due":"2025-11-20",)"
        R"("lines":[{"n":1,"at":"2025-11-20T10:00:00Z"},{"n":2}],"customer":{"id":5}})");
}

TEST_CASE("a bundle replaces a shipped topic, or drops it") {
  SourceDesk desk("shopify", R"(, "topics": {
    "orders/updated": {"type": "order.paid", "data": {"order_id": {"text": "/id"}}},
    "orders/create": false})");
  CHECK(desk.post_signed(kOrder, {{"x-shopify-topic", "orders/create"}}).status == 200);
  CHECK(desk.host.events.empty());
  CHECK(desk.post_signed(kOrder, {{"x-shopify-topic", "orders/updated"}}).status == 200);
  REQUIRE(desk.host.events.size() == 1);
  CHECK(desk.host.events[0].type == "order.paid");
}

TEST_CASE("a bundle says where the customer's id stands") {
  SourceDesk desk("shopify", R"(, "subject": ["/note_attributes/0/value", "/customer/id"])");
  CHECK(desk.post_signed(kOrder, {{"x-shopify-topic", "orders/updated"}}).status == 200);
  REQUIRE(desk.host.events.size() == 1);
  CHECK(desk.host.events[0].subject == "customer-5");
}

TEST_CASE("of several rules the first whose conditions hold counts") {
  SourceDesk desk("shopify", R"(, "topics": {"orders/updated": [
    {"type": "order.cancelled", "when": {"/id": [8, 9]}},
    {"type": "order.paid", "when": {"/id": {"not": 8}, "/customer/id": 5}},
    {"type": "order.changed"}]})");
  CHECK(desk.post_signed(kOrder, {{"x-shopify-topic", "orders/updated"}}).status == 200);
  REQUIRE(desk.host.events.size() == 1);
  CHECK(desk.host.events[0].type == "order.paid");
}

TEST_CASE("a mistake in a mapping is told before anything begins, each at its place") {
  CHECK(refused_topic(R"({"type": "order.paid"})").empty());
  CHECK(refused_topic(R"({"data": {}})") ==
        "topics.x/y: wants a 'type': an event of the catalogue\n");
  CHECK(refused_topic(R"({"type": "a", "data": {"id": {"txt": "/id"}, "at": {"time": ["/a",
        {"unx": "/b"}]}}})") ==
        "topics.x/y.data.id: there is no such expression; see docs/reference/sources.md\n"
        "topics.x/y.data.at.time: there is no such expression; see docs/reference/sources.md\n");
  CHECK(refused_topic(R"({"type": "a", "data": {"m": {"minor": "/m"}}})") ==
        "topics.x/y.data.m: 'minor' lacks 'currency'\n");
  CHECK(refused_topic(R"({"type": "a", "data": {"m": {"text": "/m", "lower": "/n"}}})") ==
        "topics.x/y.data.m: 'text' has no 'lower'\n");
  CHECK(refused_topic(R"({"type": "a", "when": {"status": 1, "/b": {"is": 2}}})") ==
        "topics.x/y.when: 'status' is no condition\ntopics.x/y.when: '/b' is no condition\n");
  CHECK(refused_topic(R"({"type": "a", "dat": {}, "fetch": "customer"})") ==
        "topics.x/y.dat: a rule has type, when, data, id, at, subject, touch and fetch\n"
        "topics.x/y: there is no such fetch\n");
}

TEST_CASE("a mapping is checked without an instance, too") {
  const auto told = [](const std::string& configuration) {
    std::string problems;
    const rl_out out{&problems, abi::Instance::append};
    abi::Instance::load("relance.source.shopify")->check_config(abi::str(configuration), &out);
    return problems;
  };
  CHECK(told(R"({"signing_secret": "KEY", "topics": {"a/b": false}})").empty());
  CHECK(told(R"({"signing_secret": "KEY", "topics": {"a/b": {}}})") ==
        "topics.a/b: wants a 'type': an event of the catalogue\n");
}

TEST_CASE("shapes that no rule has are refused too, and end nothing") {
  for (const char* rule :
       {"5", "\"text\"", "[1, 2]", R"({"type": "a", "data": 5})", R"({"type": "a", "when": []})",
        R"({"type": "a", "data": {"x": {"join": "/a"}}})",
        R"({"type": "a", "data": {"x": {"join": [], "with": 1}}})",
        R"({"type": "a", "data": {"x": {"map": "/a", "to": 5}}})",
        R"({"type": "a", "data": {"x": {"each": "/a", "item": "/b"}}})",
        R"({"type": "a", "data": {"x": {"record": "/b"}}})",
        R"({"type": "a", "data": {"x": {"record": {}, "in": 5}}})",
        R"({"type": "a", "data": {"x": {"header": 5}}})"}) {
    INFO(rule);
    CHECK_FALSE(refused_topic(rule).empty());
  }
}

TEST_CASE("a secret that is not there is told before anything begins") {
  CHECK(refusal("stripe", R"({"signing_secret": "KEY"})").empty());
  CHECK(refusal("stripe", R"({"signing_secret": "whsec_written_out"})") ==
        "'signing_secret' names no secret: write secret \"NAME\"");
}
