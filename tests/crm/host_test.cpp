// Connectors in the engine's own plugin host, with its clock, its net and its process isolation.
#include <sqlite3.h>

#include <filesystem>

#include "providers/fake_hubspot.h"
#include "providers/fake_shop.h"
#include "support/plugin_stage.h"

using namespace relance;
using Ended = OperationStatus;

namespace {

TouchOrder fact(const std::string& name, const std::string& op, const std::string& subject) {
  TouchOrder order = PluginStage::order(name, "", {}, R"({"promised": "Friday"})");
  order.touch.what = TouchWhat::operation;
  order.touch.intended_at = SystemClock().now();
  order.subject = subject;
  order.op = op;
  return order;
}

std::string text_at(const OperationResult& result, std::string_view path) {
  return std::string(result.data.view().find_path(path).text().value_or(""));
}

struct Customers {
  std::string path = RELANCE_BUILD_DIR "/crm_host_test.db";
  Customers() {
    std::filesystem::remove(path);
    run("CREATE TABLE customers (id TEXT, first_name TEXT);"
        "INSERT INTO customers VALUES ('c-1', 'Ann');"
        "CREATE TABLE outcomes (key TEXT PRIMARY KEY, operation TEXT, data TEXT);");
  }
  ~Customers() { std::filesystem::remove(path); }
  std::string run(const std::string& sql) const {
    sqlite3* db = nullptr;
    std::string last;
    REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
    const auto keep = [](void* to, int, char** values, char**) {
      *static_cast<std::string*>(to) = values[0] ? values[0] : "";
      return 0;
    };
    CHECK(sqlite3_exec(db, sql.c_str(), keep, &last, nullptr) == SQLITE_OK);
    sqlite3_close(db);
    return last;
  }
  std::string config() const {
    return R"({"driver": "sqlite", "file": ")" + path +
           R"(", "profile": "SELECT * FROM customers WHERE id = :id",
             "lookup": "SELECT operation FROM outcomes WHERE key = :key",
             "operations": {"record": "INSERT INTO outcomes VALUES (:key, :operation, :data) )"
           R"(ON CONFLICT (key) DO NOTHING"}})";
  }
};

}  // namespace

TEST_CASE("a database works in the host, and in a process of its own [S1-47]") {
  const bool isolated = GENERATE(false, true);
  const Customers customers;
  PluginStage stage("relance.crm.sql", customers.config(), {}, PluginStage::Role::connector,
                    nullptr, {}, isolated);
  CHECK(text_at(stage.read("customer", "c-1"), "first_name") == "Ann");
  CHECK(stage.read("customer", "c-9").status == Ended::absent);
  // A fact goes under the one name that takes facts, and keeps its own.
  const TouchOrder order = fact("one", "noted", "c-1");
  for (int i = 0; i < 3; ++i) CHECK(stage.send(order).status == Ended::done);
  CHECK(stage.look_up(order).status == Ended::done);
  CHECK(stage.look_up(fact("other", "noted", "c-1")).status == Ended::absent);
  CHECK(customers.run("SELECT count(*) FROM outcomes") == "1");
  CHECK(customers.run("SELECT operation FROM outcomes") == "record");
  CHECK(customers.run("SELECT data FROM outcomes") == R"({"promised":"Friday","what":"noted"})");
}

TEST_CASE("HubSpot works in the host: what is limited paces the whole connector [S1-47]") {
  FakeHubSpot hubspot;
  hubspot.add_contact(101, {{"email", "ann@example.com"}, {"firstname", "Ann"}});
  PluginStage stage("relance.crm.hubspot",
                    R"({"token": {"secret": "TOKEN"}, "base_url": ")" + hubspot.url() + "\"}",
                    {{"TOKEN", FakeHubSpot::kToken}}, PluginStage::Role::connector);
  CHECK(text_at(stage.read("customer", "101"), "first_name") == "Ann");
  CHECK(stage.send(fact("one", "noted", "101")).status == Ended::done);
  hubspot.drop_next(1, FakeHubSpot::Effects::done);
  const TouchOrder lost = fact("two", "noted", "101");
  CHECK(stage.send(lost).status == Ended::unknown);
  CHECK(stage.look_up(lost).status == Ended::done);
  CHECK(stage.send(lost).status == Ended::done);
  CHECK(hubspot.ledger().count("notes") == 2);
  const Instant before = SystemClock().now();
  hubspot.limit(0);
  CHECK(stage.send(fact("three", "noted", "101")).status == Ended::not_now);
  CHECK(stage.paced_until() >= before + seconds(7));
}

TEST_CASE("a shop works in the host: a condition that does not hold is refused [S1-16]") {
  FakeShop shop;
  shop.add_order("o-1");
  PluginStage stage("relance.commerce.rest", R"({"base_url": ")" + shop.url() + R"(",
      "auth": {"type": "header", "name": "X-Api-Key", "secret": {"secret": "KEY"}},
      "objects": {"order": {"path": "orders/{id}", "at": "/order", "fields": {"status": "/status",
        "total": {"amount": "/total_price", "currency": "/currency"}}}},
      "operations": {"cancel": {"path": "orders/{data.order_id}/cancel", "only_if": "match",
        "state": "order", "state_id": "{data.order_id}",
        "done_when": {"status": "cancelled"}}}})",
                    {{"KEY", FakeShop::kToken}}, PluginStage::Role::connector);
  const OperationResult order = stage.read("order", "o-1");
  const auto total = order.data.view().find("total").money();
  REQUIRE(total);
  CHECK(total->minor == 4900);
  TouchOrder cancel = fact("cancel", "cancel", "c-1");
  cancel.data = from_json(R"({"order_id": "o-1"})").value();
  cancel.only_if = from_json(R"({"status": "pending"})").value();
  CHECK(shop.dispatch("o-1"));
  const OperationResult refused = stage.send(cancel);
  CHECK(refused.status == Ended::refused);
  CHECK(text_at(refused, "status") == "dispatched");
  CHECK(shop.ledger().count() == 0);
}
