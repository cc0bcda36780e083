// relance.crm.sql over real SQLite files and a real PostgreSQL.
#include <sqlite3.h>

#include <filesystem>

#include "base/doc.h"
#include "crm/cut_wire.h"
#include "crm/real_postgres.h"
#include "crm/wired.h"
#include "kit/json.h"

using namespace relance;
using Said = abi::Result;

namespace {

constexpr const char* kTables = R"(
  CREATE TABLE customers (id TEXT PRIMARY KEY, email TEXT, phone TEXT, first_name TEXT,
                          segment TEXT, orders INTEGER, total NUMERIC, vip BOOLEAN);
  INSERT INTO customers VALUES
    ('c-1', 'ann@example.com', '+33600000001', 'Ann', 'loyal', 3, 49.5, TRUE),
    ('c-2', 'bob@example.com', '', NULL, 'new', 0, 0, FALSE),
    ('c-3', 'eve@example.com', '+33600000001', 'Eve', 'loyal', 1, 5, FALSE);
  CREATE TABLE orders (id TEXT PRIMARY KEY, status TEXT);
  INSERT INTO orders VALUES ('o-1', 'pending');
  CREATE TABLE outcomes (key TEXT PRIMARY KEY, customer TEXT, operation TEXT, at TEXT, data TEXT);
)";

// Both drivers take the same statements.
void add_statements(kit::Object& config) {
  const std::string claim =
      "INSERT INTO outcomes VALUES (:key, :customer, :operation, :at, :data) "
      "ON CONFLICT (key) DO NOTHING";
  config.text("profile", "SELECT * FROM customers WHERE id = :id");
  config.raw("by", R"({"phone": "SELECT * FROM customers WHERE phone = :value"})");
  const std::string order =
      R"(SELECT id, status, '{"minor": 4900, "currency": "EUR"}' AS "total:json" FROM orders )"
      "WHERE id = :id";
  config.raw("objects", kit::Object().text("order", order).close());
  config.text("page",
              "SELECT id, email FROM customers WHERE id > :cursor AND (CAST(:query.segment AS "
              "TEXT) IS NULL OR segment = :query.segment) ORDER BY id LIMIT :limit");
  config.text("lookup", "SELECT operation FROM outcomes WHERE key = :key");
  const auto both = [&](const std::string& then) { return "[\"" + claim + "\",\"" + then + "\"]"; };
  config.raw(
      "operations",
      kit::Object()
          .text("record", claim)
          .raw("cancel", both("UPDATE orders SET status = 'cancelled' WHERE id = "
                              ":data.order_id AND status = :only_if.status "
                              "RETURNING status"))
          .raw("set_email", both("UPDATE customers SET email = :data.email WHERE id = :customer"))
          .close());
}

class Base {
 public:
  virtual ~Base() = default;
  virtual std::string run(const std::string& sql) = 0;
  virtual void add_place(kit::Object& config) = 0;
  std::string config(const std::string& profile = {}) {
    kit::Object config;
    add_place(config);
    if (profile.empty())
      add_statements(config);
    else
      config.text("profile", profile);
    return config.close();
  }
  std::string count() { return run("SELECT count(*) FROM outcomes"); }
};

class SqliteBase final : public Base {
 public:
  SqliteBase() {
    std::filesystem::remove(path_);
    run(kTables);
  }
  ~SqliteBase() override { std::filesystem::remove(path_); }
  void add_place(kit::Object& config) override {
    config.text("driver", "sqlite").text("file", path_).integer("timeout_ms", 300);
  }
  std::string run(const std::string& sql) override {
    sqlite3* db = nullptr;
    std::string text;
    REQUIRE(sqlite3_open(path_.c_str(), &db) == SQLITE_OK);
    const auto add = [](void* to, int columns, char** values, char**) {
      auto& all = *static_cast<std::string*>(to);
      if (!all.empty()) all += '\n';
      for (int i = 0; i < columns; ++i)
        all += (i > 0 ? "|" : "") + std::string(values[i] ? values[i] : "");
      return 0;
    };
    INFO(sql);
    REQUIRE(sqlite3_exec(db, sql.c_str(), add, &text, nullptr) == SQLITE_OK);
    sqlite3_close(db);
    return text;
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_ = RELANCE_BUILD_DIR "/crm_sql_test.db";
};

// One server for all tests; the tables are made anew.
RealPostgres& server() {
  static RealPostgres one;
  return one;
}

class PostgresBase final : public Base {
 public:
  PostgresBase() {
    run("DROP TABLE IF EXISTS customers, orders, outcomes CASCADE");
    run(kTables);
  }
  void add_place(kit::Object& config) override {
    config.text("driver", "postgresql").integer("timeout_ms", timeout_ms);
    config.integer("most_waiting", most_waiting).text("connection", server().connection(port));
  }
  std::string run(const std::string& sql) override { return server().run(sql); }

  int port = 0, timeout_ms = 3000, most_waiting = 256;
};

std::unique_ptr<Base> make_base(const std::string& driver) {
  if (driver == "sqlite") return std::make_unique<SqliteBase>();
  return std::make_unique<PostgresBase>();
}

struct Desk {
  explicit Desk(const std::string& driver)
      : base(make_base(driver)), crm("relance.crm.sql", base->config(), {}) {
    INFO(crm.instance().started().reason);
    REQUIRE(crm.instance().started().status == RL_DONE);
  }
  std::unique_ptr<Base> base;
  Wired crm;
};

std::string driver() { return GENERATE(as<std::string>(), "sqlite", "postgresql"); }

std::string problem_at_start(const std::string& config) {
  Wired crm("relance.crm.sql", config, {});
  CHECK(crm.instance().started().status == RL_FAILED);
  return crm.instance().started().reason;
}

}  // namespace

TEST_CASE("a row is a customer: types are kept, NULL and empty text are not there") {
  Desk desk(driver());
  const Said ann = desk.crm.read("customer", "c-1");
  CHECK(ann.status == RL_DONE);
  const kit::Json json(ann.data);
  CHECK(kit::text(json.root(), "email") == "ann@example.com");
  CHECK(kit::integer(json.root(), "orders") == 3);
  CHECK(kit::number(json.root(), "total") == 49.5);
  const Said bob = desk.crm.read("customer", "c-2");
  CHECK(bob.data.find("phone") == std::string::npos);
  CHECK(bob.data.find("first_name") == std::string::npos);
  CHECK(desk.crm.read("customer", "c-9").status == RL_ABSENT);
  CHECK(desk.crm.read("parcel", "1").status == RL_ABSENT);
  CHECK(desk.crm.read("order", "o-1").data ==
        R"({"id":"o-1","status":"pending","total":{"minor": 4900, "currency": "EUR"}})");
}

TEST_CASE("who is asked for by a field that several have is nobody") {
  Desk desk(driver());
  desk.base->run("UPDATE customers SET phone = '+33600000002' WHERE id = 'c-1'");
  CHECK(desk.crm.read("customer", "+33600000002", "phone").status == RL_DONE);
  desk.base->run("UPDATE customers SET phone = '+33600000002'");
  const Said several = desk.crm.read("customer", "+33600000002", "phone");
  CHECK(several.status == RL_FAILED);
  CHECK(several.data.empty());
  CHECK(desk.crm.read("customer", "x", "shoe_size").status == RL_FAILED);
}

TEST_CASE("what comes from outside is a value, whatever it says") {
  Desk desk(driver());
  const std::string bad =
      GENERATE(as<std::string>(), "c-1' OR '1'='1", "'; DROP TABLE customers;--", "c-1\\", "$1",
               ":id", "?", "\xF0\x9F\x98\x80", "%", "\"");
  CHECK(desk.crm.read("customer", bad).status == RL_ABSENT);
  const std::string data = kit::Object().text("email", bad).close();
  CHECK(desk.crm.write("set_email", bad, "c-1", data).status == RL_DONE);
  CHECK(desk.base->run("SELECT email FROM customers WHERE id = 'c-1'") == bad);
  CHECK(desk.base->run("SELECT count(*) FROM customers") == "3");
}

TEST_CASE("all customers come page by page, and a segment where the statement knows it") {
  Desk desk(driver());
  const Said first = desk.crm.page("{}", "", 2);
  CHECK(first.data == R"({"items":[{"id":"c-1","email":"ann@example.com"},)"
                      R"({"id":"c-2","email":"bob@example.com"}],"cursor":"c-2"})");
  const Said rest = desk.crm.page("{}", "c-2", 2);
  CHECK(rest.data == R"({"items":[{"id":"c-3","email":"eve@example.com"}]})");
  CHECK(desk.crm.page(R"({"segment": "new"})").data ==
        R"({"items":[{"id":"c-2","email":"bob@example.com"}]})");
  // What the statement does not know the engine looks at itself: more may come, never less.
  for (const char* query : {R"({"country": "FR"})", R"({"segment": ["new", "loyal"]})",
                            R"({"segment": {"at_least": "m"}})"})
    CHECK(desk.crm.page(query, "c-1", 1).data == desk.crm.page("{}", "c-1", 1).data);
  CHECK(desk.crm.page("{}", "zzz").data == R"({"items":[]})");
}

TEST_CASE("an outcome is a row, once however often it is written [S1-47]") {
  Desk desk(driver());
  const std::string data = R"({"outcome":"promised","by":"Friday"})";
  CHECK(desk.crm.lookup("record", "key-1", "c-1", data).status == RL_ABSENT);
  for (int i = 0; i < 3; ++i)
    CHECK(desk.crm.write("record", "key-1", "c-1", data).status == RL_DONE);
  CHECK(desk.base->run("SELECT key, customer, operation, at, data FROM outcomes") ==
        "key-1|c-1|record|2026-01-05T08:00:00.000Z|" + data);
  CHECK(desk.crm.lookup("record", "key-1", "c-1", data).status == RL_DONE);
  CHECK(desk.crm.lookup("record", "key-2", "c-1", data).status == RL_ABSENT);
}

TEST_CASE("a condition is the statement's, and what it refuses leaves nothing behind") {
  Desk desk(driver());
  const std::string order = R"({"order_id": "o-1"})", pending = R"({"status": "pending"})";
  const bool dispatched = GENERATE(false, true);
  if (dispatched) desk.base->run("UPDATE orders SET status = 'dispatched'");
  const Said said = desk.crm.write("cancel", "key-1", "c-1", order, pending);
  CHECK(said.status == (dispatched ? RL_REFUSED : RL_DONE));
  CHECK(desk.base->count() == (dispatched ? "0" : "1"));
  CHECK(desk.base->run("SELECT status FROM orders") == (dispatched ? "dispatched" : "cancelled"));
  if (!dispatched) CHECK(said.data == R"({"status":"cancelled"})");
  // Again with the same key: what was done is still done.
  CHECK(desk.crm.write("cancel", "key-1", "c-1", order, pending).status == said.status);
  CHECK(desk.crm.write("cancel", "k", "c-1", order, R"({"paid": true})").status == RL_FAILED);
}

TEST_CASE("a value that was forgotten empties no column, and undoes the whole write") {
  Desk desk(driver());
  CHECK(desk.crm.write("set_email", "k", "c-1", "{}").status == RL_FAILED);
  CHECK(desk.crm.write("set_email", "k", "c-1", R"({"email": "a\u0000b"})").status == RL_FAILED);
  CHECK(desk.crm.write("set_email", "k", "c-9", R"({"email": "x"})").status == RL_REFUSED);
  CHECK(desk.crm.write("sell", "k", "c-1", "{}").status == RL_FAILED);
  CHECK(desk.base->count() == "0");
  const rl_connector_caps* caps = desk.crm.table().caps_for(abi::str(desk.base->config()));
  REQUIRE(caps->operations_count == 3);
  CHECK(std::string(caps->operations[1]->name) == "cancel");
  CHECK(desk.base->run("SELECT email FROM customers WHERE id = 'c-1'") == "ann@example.com");
}

TEST_CASE("what a constraint refuses is refused, and its words do not tell the value") {
  Desk desk(driver());
  desk.base->run("CREATE UNIQUE INDEX one_email ON customers (email)");
  const Said said = desk.crm.write("set_email", "k", "c-1", R"({"email": "bob@example.com"})");
  CHECK(said.status == RL_REFUSED);
  CHECK(said.reason.find("bob") == std::string::npos);
  CHECK(desk.base->count() == "0");
}

TEST_CASE("a statement that cannot work is told at the start, with the database's words") {
  const auto base = make_base(driver());
  CHECK(problem_at_start(base->config("SELECT * FROM nowhere WHERE id = :id")).find("nowhere") !=
        std::string::npos);
}

TEST_CASE("a table of outcomes without a unique key takes none") {
  Desk desk(driver());
  desk.base->run("DROP TABLE outcomes");
  desk.base->run(
      "CREATE TABLE outcomes (key TEXT, customer TEXT, operation TEXT, at TEXT, data TEXT)");
  const Said said = desk.crm.write("record", "k", "c-1", "{}");
  CHECK(said.status == RL_NOT_NOW);
  CHECK(said.again_scope == RL_SCOPE_CHANNEL);
  REQUIRE(desk.crm.host.log.size() == 1);
  CHECK(desk.crm.host.log[0].find("ON CONFLICT") != std::string::npos);
  CHECK(desk.base->count() == "0");
}

TEST_CASE("a table that goes away at work halts the channel and loses nothing") {
  Desk desk(driver());
  desk.base->run("ALTER TABLE outcomes RENAME TO elsewhere");
  const Said said = desk.crm.write("record", "k", "c-1", "{}");
  CHECK(said.status == RL_NOT_NOW);
  CHECK(said.again_scope == RL_SCOPE_CHANNEL);
  CHECK(desk.crm.host.log.size() == 1);
  desk.base->run("ALTER TABLE elsewhere RENAME TO outcomes");
  CHECK(desk.crm.write("record", "k", "c-1", "{}").status == RL_DONE);
}

TEST_CASE("bytes that are no text come as text all the same") {
  Desk desk("sqlite");
  desk.base->run("UPDATE customers SET first_name = CAST(x'41ff42' AS TEXT) WHERE id = 'c-1'");
  const kit::Json json(desk.crm.read("customer", "c-1").data);
  CHECK(kit::text(json.root(), "first_name") ==
        "A\xEF\xBF\xBD"
        "B");
}

TEST_CASE("a file that is locked is asked again later") {
  Desk desk("sqlite");
  sqlite3* other = nullptr;
  REQUIRE(sqlite3_open(static_cast<SqliteBase&>(*desk.base).path().c_str(), &other) == SQLITE_OK);
  REQUIRE(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK);
  const Said said = desk.crm.write("record", "k", "c-1", "{}");
  CHECK(said.status == RL_NOT_NOW);
  CHECK(said.again_at > desk.crm.host.now);
  CHECK(desk.crm.read("customer", "c-1").status == RL_DONE);
  sqlite3_close(other);
  CHECK(desk.crm.write("record", "k", "c-1", "{}").status == RL_DONE);
}

TEST_CASE("a connection that is lost while it commits leaves the outcome unknown [S1-47]") {
  const auto cut = GENERATE(CutWire::Cut::before, CutWire::Cut::after);
  PostgresBase base;
  CutWire wire(server().port());
  base.port = wire.port();
  Wired crm("relance.crm.sql", base.config(), {});
  wire.cut_at("COMMIT", cut);
  const rl_op op = crm.begin_write("record", "key-1", "c-1", "{}");
  CHECK(crm.end(op).status == RL_UNKNOWN);
  CHECK(crm.host.wires.at(op) == RL_MAYBE);
  // The key tells, and the same key again brings it to its end, once.
  const bool there = cut == CutWire::Cut::after;
  crm.host.now += 60'000;
  CHECK(crm.lookup("record", "key-1", "c-1", "{}").status == (there ? RL_DONE : RL_ABSENT));
  CHECK(crm.write("record", "key-1", "c-1", "{}").status == RL_DONE);
  CHECK(base.count() == "1");
}

TEST_CASE("a connection that is lost before that is asked again, and nothing happened") {
  PostgresBase base;
  CutWire wire(server().port());
  base.port = wire.port();
  Wired crm("relance.crm.sql", base.config(), {});
  wire.cut_at("INSERT", GENERATE(CutWire::Cut::before, CutWire::Cut::after));
  const Said said = crm.write("record", "key-1", "c-1", "{}");
  CHECK(said.status == RL_NOT_NOW);
  CHECK(said.again_scope == RL_SCOPE_CHANNEL);
  CHECK(base.count() == "0");
  crm.host.now = said.again_at;
  CHECK(crm.write("record", "key-1", "c-1", "{}").status == RL_DONE);
  CHECK(base.count() == "1");
}

TEST_CASE("a server that is down delays and loses nothing [S1-47]") {
  Desk desk("postgresql");
  CHECK(desk.crm.write("record", "key-1", "c-1", "{}").status == RL_DONE);
  server().kill();
  Said said = desk.crm.write("record", "key-2", "c-1", "{}");
  int64_t pause = 0;
  for (int i = 0; i < 4; ++i) {  // at once while it is away, and ever later
    CHECK(said.status == RL_NOT_NOW);
    CHECK(said.again_at - desk.crm.host.now >= pause);
    pause = said.again_at - desk.crm.host.now;
    CHECK(desk.crm.read("customer", "c-1").status == RL_NOT_NOW);
    desk.crm.host.now = said.again_at;
    said = desk.crm.write("record", "key-2", "c-1", "{}");
  }
  server().start();
  desk.crm.host.now = said.again_at;
  CHECK(desk.crm.write("record", "key-2", "c-1", "{}").status == RL_DONE);
  CHECK(desk.crm.write("record", "key-1", "c-1", "{}").status == RL_DONE);
  CHECK(desk.base->count() == "2");
}

TEST_CASE("a statement that takes too long is ended by the server") {
  PostgresBase base;
  base.timeout_ms = 200;
  Wired crm("relance.crm.sql", base.config("SELECT pg_sleep(60), :id AS id"), {});
  const Said said = crm.read("customer", "c-1");
  CHECK(said.status == RL_NOT_NOW);
  CHECK(said.reason.find("57014") != std::string::npos);
}

TEST_CASE("the end of the plugin waits for no statement under way") {
  PostgresBase base;
  {
    base.timeout_ms = 20'000;
    Wired crm("relance.crm.sql", base.config("SELECT pg_sleep(15), :id AS id"), {});
    crm.begin_read("customer", "c-1");
    crm.begin_read("customer", "c-2");
    while (server().run("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(15)%' "
                        "AND state = 'active' AND pid <> pg_backend_pid()") == "0") {
    }
  }
  CHECK(server().run("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(15)%' AND "
                     "wait_event = 'PgSleep' AND pid <> pg_backend_pid()") == "0");
}

TEST_CASE("more than fits waits outside") {
  PostgresBase base;
  base.most_waiting = 2;
  Wired crm("relance.crm.sql", base.config("SELECT pg_sleep(0.2), :id AS id"), {});
  int later = 0;
  std::vector<rl_op> ops;
  for (int i = 0; i < 8; ++i) ops.push_back(crm.begin_read("customer", "c-1"));
  for (const rl_op op : ops) later += crm.end(op).status == RL_NOT_NOW ? 1 : 0;
  CHECK(later >= 5);
}

TEST_CASE("a configuration of statements that cannot work is refused with what is wrong") {
  const auto [more, says] = GENERATE(table<std::string, std::string>(
      {{R"("profile": "")", "it is empty"},
       {R"("profile": "SELECT 1; DELETE FROM customers")", "more than one statement"},
       {R"("profile": "SELECT 1", "page": "SELECT 1")", ":cursor"},
       {R"("profile": "SELECT 1", "lookup": "SELECT 1")", ":key"},
       {R"-("profile": "SELECT 1", "operations": {"o": "INSERT INTO x VALUES (:key)"})-",
        "ON CONFLICT"},
       {R"-("profile": "SELECT 1", "operations": {"o": "INSERT 1 ON CONFLICT (k) DO NOTHING"})-",
        ":key"},
       {R"("profile": "SELECT 1", "connection": "host=x password=y")", "passfile"}}));
  const rl_plugin* plugin = abi::Instance::load("relance.crm.sql");
  std::string problems;
  const rl_out out{&problems, abi::Instance::append};
  plugin->check_config(abi::str(R"({"driver": "postgresql", )" + more + "}"), &out);
  CHECK(problems.find(says) != std::string::npos);
}
