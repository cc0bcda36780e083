// relance.commerce.rest over real HTTP, beside a fake shop; and its example of a configuration.
#include "crm/wired.h"
#include "providers/fake_shop.h"

using namespace relance;
using Said = abi::Result;

namespace {

// As an integrator would write it (README.md shows the same).
std::string config(const std::string& url, const std::string& more) {
  return R"({"base_url": ")" + url + R"(",
    "auth": {"type": "header", "name": "X-Api-Key", "secret": "SHOP_TOKEN"},
    "headers": {"Accept": "application/json"}, "timeout_ms": 2000,
    "objects": {
      "order": {"path": "orders/{id}", "by": {"email": "orders?email={id}"}, "at": "/order",
        "fields": {"order_id": "/id", "status": "/status", "paid": "/paid",
                   "total": {"amount": "/total_price", "currency": "/currency"},
                   "dispatched": {"map": "/status", "to": {"dispatched": true}, "otherwise": false},
                   "last_key": "/last_key",
                   "lines": {"each": "/lines", "item": {"sku": "/sku", "count": "/qty"}}}},
      "payment_methods": {"path": "orders/{id}/payment_methods",
        "fields": {"methods": {"each": "/payment_methods",
                               "item": {"id": "/id", "text": "/label"}}}},
      "return": {"path": "returns/{id}", "fields": {"order_id": "/order", "slot": "/slot"}}},
    "operations": {
      "cancel": {"path": "orders/{data.order_id}/cancel", "only_if": "match",
        "body": {"record": {"reason": "/data/reason"}}, "state": "order",
        "state_id": "{data.order_id}", "done_when": {"status": "cancelled"},
        "answer": {"status": "/order/status"}, "ref": "/order/id"},
      "hold": {"path": "orders/{data.order_id}/hold", "only_if": "match", "state": "order",
        "state_id": "{data.order_id}", "done_when": {"status": "held"}},
      "release": {"path": "orders/{data.order_id}/release", "state": "order",
        "state_id": "{data.order_id}", "done_when": {"last_key": "{key}"}},
      "change_address": {"method": "PUT", "path": "orders/{data.order_id}/address",
        "only_if": "request", "state": "order", "state_id": "{data.order_id}",
        "done_when": {"last_key": "{key}"},
        "body": {"record": {"address": "/data/address", "only_while": "/only_if/status"}}},
      "book_pickup": {"path": "returns/{data.return_id}/pickup",
        "body": {"record": {"slot": "/data/slot"}}, "ref": "/pickup/id",
        "answer": {"slot": "/pickup/slot"}},
      "rebook_pickup": {"method": "PUT", "path": "returns/{data.return_id}/pickup",
        "body": {"record": {"slot": "/data/slot"}}, "ref": "/pickup/id"},
      "delivery_slots": {"method": "GET", "path": "orders/{data.order_id}/slots",
        "answer": {"slots": {"each": "/slots", "item": {"id": "/id", "from": "/from"}}}}})" +
         (more.empty() ? "" : ", " + more) + "}";
}

constexpr const char* kOrder = R"({"order_id": "o-1", "reason": "customer"})";
constexpr const char* kNotDispatched = R"({"dispatched": false})";

struct Desk {
  explicit Desk(const std::string& more = "", const std::string& token = FakeShop::kToken)
      : wired("relance.commerce.rest", config(shop.url(), more), {{"SHOP_TOKEN", token}}) {
    shop.add_order("o-1");
    shop.add_return("r-1", "o-1");
  }
  Said cancel(const std::string& key = "k-1") {
    return wired.write("cancel", key, "c-1", kOrder, kNotDispatched);
  }

  FakeShop shop;
  Wired wired;
};

}  // namespace

TEST_CASE("an order is read with its fields, by id or by another field") {
  Desk desk;
  const Said order = desk.wired.read("order", "o-1");
  CHECK(order.status == RL_DONE);
  CHECK(order.data == R"({"order_id":"o-1","status":"pending","paid":false,)"
                      R"("total":{"amount":"49","currency":"EUR"},"dispatched":false,)"
                      R"("lines":[{"sku":"boots-42","count":1}]})");
  CHECK(desk.wired.read("order", "o-9").status == RL_ABSENT);
  CHECK(desk.wired.read("order", "").status == RL_ABSENT);
  CHECK(desk.wired.read("order", "ann@example.com", "phone").status == RL_FAILED);
  CHECK(desk.wired.read("basket", "b").status == RL_ABSENT);
  CHECK(desk.wired.read("return", "r-1").data == R"({"order_id":"o-1"})");
  // What is filled in stays one piece of the path.
  CHECK(desk.wired.read("order", "../returns/r-1").status == RL_ABSENT);
  CHECK(desk.shop.requests().back().target == "/orders/..%2Freturns%2Fr-1");
}

TEST_CASE("the methods by which an order can be paid are the shop's own") {
  Desk desk;
  desk.shop.add_order("o-2", {.methods = {"paypal"}});
  CHECK(desk.wired.read("payment_methods", "o-2").data ==
        R"({"methods":[{"id":"paypal","text":"By paypal"}]})");
}

TEST_CASE("an order that was paid meanwhile shows it when it is read again") {
  Desk desk;
  CHECK(desk.wired.read("order", "o-1").data.find(R"("paid":false)") != std::string::npos);
  desk.shop.pay("o-1");
  CHECK(desk.wired.read("order", "o-1").data.find(R"("paid":true)") != std::string::npos);
}

TEST_CASE("an order that has not left is cancelled, and cannot leave any more [S1-16]") {
  Desk desk;
  const Said done = desk.cancel();
  CHECK(done.status == RL_DONE);
  CHECK(done.data == R"({"status":"cancelled"})");
  CHECK(done.refs == std::vector<std::string>{"o-1"});
  CHECK_FALSE(desk.shop.dispatch("o-1"));
  CHECK(desk.shop.ledger().count("cancel") == 1);
}

TEST_CASE("an order that left before is not cancelled, also where it leaves in between [S1-16]") {
  Desk desk;
  const bool in_between = GENERATE(false, true);
  if (in_between)
    desk.shop.before_next_write([&] { CHECK(desk.shop.dispatch("o-1")); });
  else
    CHECK(desk.shop.dispatch("o-1"));
  const Said refused = desk.cancel();
  CHECK(refused.status == RL_REFUSED);
  CHECK(refused.data.find(R"("dispatched":true)") != std::string::npos);
  CHECK(desk.shop.order("o-1").status == "dispatched");
  CHECK(desk.shop.ledger().count() == 0);
}

TEST_CASE("a change that does not break the condition is looked at and cancelled over") {
  Desk desk;
  desk.shop.before_next_write([&] { desk.shop.pay("o-1"); });
  CHECK(desk.cancel().status == RL_DONE);
  CHECK(desk.shop.ledger().count("cancel") == 1);
}

TEST_CASE("a condition in the request is the shop's to judge") {
  Desk desk;
  const std::string data = R"({"order_id": "o-1", "address": "2 Low Street"})";
  const std::string pending = R"({"status": "pending"})";
  CHECK(desk.wired.write("change_address", "k-1", "c-1", data, pending).status == RL_DONE);
  CHECK(desk.shop.order("o-1").address == "2 Low Street");
  CHECK(desk.shop.dispatch("o-1"));
  const Said late = desk.wired.write("change_address", "k-2", "c-1", data, pending);
  CHECK(late.status == RL_REFUSED);
  CHECK(late.reason == "HTTP 409: status_is_dispatched");
  // The first one again: what it did is still done.
  CHECK(desk.wired.write("change_address", "k-1", "c-1", data, pending).status == RL_DONE);
  CHECK(desk.shop.ledger().count("address") == 1);
}

TEST_CASE("a hold is undone by its release, and each is done once") {
  Desk desk;
  CHECK(desk.wired.write("hold", "k-1", "c-1", kOrder, kNotDispatched).status == RL_DONE);
  CHECK_FALSE(desk.shop.dispatch("o-1"));
  CHECK(desk.wired.write("release", "k-2", "c-1", kOrder).status == RL_DONE);
  CHECK(desk.wired.write("release", "k-2", "c-1", kOrder).status == RL_DONE);
  CHECK(desk.shop.dispatch("o-1"));
  CHECK(desk.shop.ledger().count("release") == 1);
  CHECK(std::string(desk.wired.table().caps->operations[1]->undo) == "release");
}

TEST_CASE("a pickup is booked and booked anew, and delivery slots are offered") {
  Desk desk;
  const Said booked =
      desk.wired.write("book_pickup", "k-1", "c-1", R"({"return_id": "r-1", "slot": "mon"})");
  CHECK(booked.status == RL_DONE);
  CHECK(booked.refs == std::vector<std::string>{"pu_1"});
  CHECK(booked.data == R"({"slot":"mon"})");
  CHECK(desk.wired.write("rebook_pickup", "k-2", "c-1", R"({"return_id": "r-1", "slot": "tue"})")
            .status == RL_DONE);
  CHECK(desk.shop.returned("r-1").pickup_slot == "tue");
  CHECK(desk.wired.write("rebook_pickup", "k-3", "c-1", R"({"return_id": "r-1", "slot": "full"})")
            .reason == "HTTP 422: slot_taken");
  CHECK(desk.wired.write("delivery_slots", "k-4", "c-1", kOrder).data ==
        R"({"slots":[{"id":"s1","from":"2026-01-06T08:00:00Z"},)"
        R"({"id":"s2","from":"2026-01-06T14:00:00Z"}]})");
  CHECK(desk.shop.ledger().count() == 2);
}

TEST_CASE("an answer that was lost is told by the state, or by the same key again") {
  Desk desk;
  const int how = GENERATE(0, 1, 2);
  desk.shop.spare_next(1);  // the state
  if (how == 0) desk.shop.drop_next(1, FakeShop::Effects::done);
  if (how == 1) desk.shop.answer_next(1, 500, "{}", FakeShop::Effects::done);
  if (how == 2) desk.shop.html_next(1, FakeShop::Effects::done);
  CHECK(desk.wired.lookup("cancel", "k-1", "c-1", kOrder).status == RL_ABSENT);
  desk.shop.spare_next(1);
  CHECK(desk.cancel().status == RL_UNKNOWN);
  CHECK(desk.wired.lookup("cancel", "k-1", "c-1", kOrder).status == RL_DONE);
  CHECK(desk.cancel().status == RL_DONE);
  CHECK(desk.shop.ledger().count("cancel") == 1);
}

TEST_CASE("what cannot be done as it is asked is not begun") {
  Desk desk;
  CHECK(desk.wired.write("sell", "k", "c-1", kOrder).status == RL_FAILED);
  CHECK(desk.wired.write("cancel", "k", "c-1", "{}").reason == "'data.order_id' is missing");
  CHECK(desk.wired.write("cancel", "k", "c-1", "{}", kNotDispatched).status == RL_FAILED);
  CHECK(desk.wired.write("release", "k", "c-1", kOrder, kNotDispatched).status == RL_FAILED);
  CHECK(desk.wired.write("cancel", "k", "c-1", R"({"order_id": "o-9"})", kNotDispatched).status ==
        RL_REFUSED);
  for (const FakeRequest& request : desk.shop.requests()) CHECK(request.method == "GET");
}

TEST_CASE("a shop that is busy, limited or locked is asked later") {
  Desk desk;
  ServerAnswer limited = json_answer(429, "{}");
  limited.headers.emplace_back("Retry-After", "9");
  desk.shop.answer_next(1, limited);
  const Said slow = desk.wired.read("order", "o-1");
  CHECK(slow.status == RL_NOT_NOW);
  CHECK(slow.again_at == desk.wired.host.now + 9'000);
  CHECK(slow.again_scope == RL_SCOPE_CHANNEL);
  desk.wired.host.now = slow.again_at;
  desk.shop.answer_next(1, 423, "{}");
  const Said busy = desk.wired.write("hold", "k", "c-1", kOrder);
  CHECK(busy.status == RL_NOT_NOW);
  CHECK(busy.again_scope == RL_SCOPE_TOUCH);
  Desk other("", "another token");
  const Said locked = other.wired.write("hold", "k", "c-1", kOrder);
  CHECK(locked.status == RL_NOT_NOW);
  CHECK(locked.again_scope == RL_SCOPE_CHANNEL);
}

TEST_CASE("answers that are none of the shop's do no harm and prove nothing") {
  const std::string body = GENERATE(
      as<std::string>(), "", "[]", "7", "{}", R"({"order": 7})", R"({"order": []})",
      R"({"order": {"status": {"deep": []}, "lines": "none", "total_price": {}}})",
      R"({"order": {"lines": [1, null, {"sku": []}], "total_price": "1e9", "currency": "EURO"}})",
      "{\"order\": \"\xff\xfe\"}", std::string(100'000, '['), R"({"error": {"code": [1]}})");
  const int status = GENERATE(200, 201, 302, 400, 404, 409, 412, 500);
  Desk desk;
  desk.shop.answer_next(20, status, body);
  const Said read = desk.wired.read("order", "o-1");
  CHECK((read.status != RL_DONE || status < 300));
  const Said done = desk.cancel();
  CHECK((done.status == RL_NOT_NOW || done.status == RL_REFUSED || done.status == RL_FAILED));
  desk.wired.write("book_pickup", "k-2", "c-1", R"({"return_id": "r-1", "slot": "mon"})");
  CHECK(desk.shop.ledger().count() == 0);
}

TEST_CASE("the class follows what the shop and the configuration can tell") {
  const Desk desk;
  const rl_connector& table = desk.wired.table();
  const std::string told = config("https://shop.example", "");
  CHECK(table.caps_for(abi::str(told))->operations[0]->delivery == RL_KEYED);
  CHECK((table.caps_for(abi::str(told))->operations[0]->flags & RL_OP_LOOKUP) == 0);
  const std::string all = R"({"base_url": "https://s.example", "objects": {"order": {
      "path": "o/{id}", "fields": {"k": "/k"}}}, "operations": {"hold": {"path": "h",
      "state": "order", "state_id": "{data.id}", "done_when": {"k": "{key}"}}}})";
  CHECK((table.caps_for(abi::str(all))->operations[0]->flags & RL_OP_LOOKUP) != 0);
  CHECK(table.caps_for(abi::str(R"({"class": "lookup"})"))->operations[0]->delivery == RL_LOOKUP);
}

TEST_CASE("a configuration of a shop that cannot work is refused with what is wrong") {
  const auto [config, says] = GENERATE(table<std::string, std::string>(
      {{R"({"base_url": "ftp://x.example"})", "base_url must begin"},
       {R"({"base_url": "http://x", "auth": {"type": "basic", "secret": "S"}})",
        "'name' is missing"},
       {R"({"base_url": "http://x", "objects": {"o": {"path": "p", "at": "x", "fields": {}}}})",
        "no JSON pointer"},
       {R"({"base_url": "http://x", "objects": {"o": {"path": "p", "fields": {"a": {"b": 1}}}}})",
        "no such expression"},
       {R"({"base_url": "http://x", "operations": {"hold": {"path": "p", "only_if": "match"}}})",
        "needs 'state'"},
       {R"({"base_url": "http://x", "class": "lookup", "operations": {"hold": {"path": "p"}}})",
        "needs 'done_when'"}}));
  const rl_plugin* plugin = abi::Instance::load("relance.commerce.rest");
  std::string problems;
  const rl_out out{&problems, abi::Instance::append};
  plugin->check_config(abi::str(config), &out);
  CHECK(problems.find(says) != std::string::npos);
}
