#include <cstdio>
#include <fstream>
#include <sstream>

#include "abi/fake_host.h"

namespace {

struct TempFile {
  TempFile(const std::string& name, const std::string& text) : path(RELANCE_BUILD_DIR "/" + name) {
    std::ofstream(path, std::ios::binary) << text;
    std::remove(outcomes().c_str());
  }
  ~TempFile() {
    std::remove(path.c_str());
    std::remove(outcomes().c_str());
  }
  std::string outcomes() const { return path + ".outcomes.jsonl"; }
  std::string written() const {
    std::ostringstream text;
    text << std::ifstream(outcomes(), std::ios::binary).rdbuf();
    return text.str();
  }
  std::string config(const std::string& more = "") const {
    return R"({"file":")" + path + '"' + more + "}";
  }
  std::string path;
};

abi::Result read(abi::FakeHost& host, abi::Instance& crm, std::string_view by,
                 std::string_view value, const std::vector<std::string_view>& need = {}) {
  std::vector<rl_str> names;
  for (const std::string_view name : need) names.push_back(abi::str(name));
  rl_read read{};
  read.struct_size = sizeof read;
  read.what = abi::str("customer");
  read.by = abi::str(by);
  read.value = abi::str(value);
  read.need = names.data();
  read.need_count = names.size();
  const rl_op op = crm.next_op();
  crm.table<rl_connector>(RL_CONNECTOR).read(crm.self(), op, &read);
  return host.result(op);
}

abi::Result write(abi::FakeHost& host, abi::Instance& crm, std::string_view key,
                  std::string_view data) {
  rl_write write{};
  write.struct_size = sizeof write;
  write.try_no = 1;
  write.key_text = abi::str(key);
  write.operation = abi::str("record");
  write.customer = abi::str("c-1");
  write.data = abi::str(data);
  const rl_op op = crm.next_op();
  crm.table<rl_connector>(RL_CONNECTOR).write(crm.self(), op, &write);
  return host.result(op);
}

const char kCustomers[] =
    "\xEF\xBB\xBFid,email,phone,first_name\r\n"
    "c-1,ann@example.com,+33600000001,\"Ann \"\"the\"\" Great, Ms\"\r\n"
    "\r\n"
    "c-2,,+33600000002,\"two\nlines\"";

std::string start_problem(const std::string& text) {
  const TempFile file("crm_broken.csv", text);
  abi::FakeHost host;
  const abi::Instance crm(host, "relance.crm.csv", file.config());
  CHECK(crm.started().status == RL_FAILED);
  return crm.started().reason.substr(crm.started().reason.find("crm_broken.csv") + 16);
}

}  // namespace

TEST_CASE("a customer is read by id or by another column; empty fields are not there") {
  const TempFile file("crm_read.csv", kCustomers);
  abi::FakeHost host;
  abi::Instance crm(host, "relance.crm.csv", file.config());
  REQUIRE(crm.started().status == RL_DONE);
  CHECK(read(host, crm, "", "c-1").data ==
        R"({"id":"c-1","email":"ann@example.com","phone":"+33600000001",)"
        R"("first_name":"Ann \"the\" Great, Ms"})");
  CHECK(read(host, crm, "phone", "+33600000002").data ==
        R"({"id":"c-2","phone":"+33600000002","first_name":"two\nlines"})");
  CHECK(read(host, crm, "", "c-2", {"email", "phone"}).data == R"({"phone":"+33600000002"})");
}

TEST_CASE("a customer that is not in the file is absent") {
  const TempFile file("crm_absent.csv", kCustomers);
  abi::FakeHost host;
  abi::Instance crm(host, "relance.crm.csv", file.config());
  CHECK(read(host, crm, "", "c-9").status == RL_ABSENT);
  CHECK(read(host, crm, "shoe_size", "44").status == RL_ABSENT);
}

namespace {

abi::Result page(abi::FakeHost& host, abi::Instance& crm, std::string_view query,
                 std::string_view cursor = "", uint32_t limit = 100) {
  rl_read read{};
  read.struct_size = sizeof read;
  read.what = abi::str("customer");
  read.limit = limit;
  read.query = abi::str(query);
  read.cursor = abi::str(cursor);
  const rl_op op = crm.next_op();
  crm.table<rl_connector>(RL_CONNECTOR).page(crm.self(), op, &read);
  return host.result(op);
}

const char kMany[] =
    "id,country,orders,last_order_at\n"
    "c-1,FR,3,2025-10-01\n"
    "c-2,DE,3,2025-10-01\n"
    "c-3,BE,,2025-10-01\n"
    "c-4,FR,12,2025-12-30T10:00:00Z\n";

}  // namespace

TEST_CASE("a search of the file gives those who fit, page after page") {
  const TempFile file("crm_page.csv", kMany);
  abi::FakeHost host;
  abi::Instance crm(host, "relance.crm.csv", file.config());
  const auto first = page(host, crm, "{}", "", 2);
  CHECK(first.data ==
        R"({"items":[{"id":"c-1","country":"FR","orders":"3","last_order_at":"2025-10-01"},)"
        R"({"id":"c-2","country":"DE","orders":"3","last_order_at":"2025-10-01"})"
        R"(],"cursor":"1 c-2"})");
  CHECK(page(host, crm, "{}", "1 c-2", 1).data ==
        R"({"items":[{"id":"c-3","country":"BE","last_order_at":"2025-10-01"}],"cursor":"2 c-3"})");
  const auto found = [&](std::string_view query) {
    std::string ids;
    const std::string data = page(host, crm, query).data;
    for (size_t at = data.find("\"c-"); at != std::string::npos; at = data.find("\"c-", at + 1))
      ids += data.substr(at + 1, 3) + " ";
    return ids;
  };
  CHECK(found(R"({"country":["FR","BE"]})") == "c-1 c-3 c-4 ");
  CHECK(found(R"({"country":"FR","orders":{"at_least":4}})") == "c-4 ");
  CHECK(found(R"({"orders":3})") == "c-1 c-2 ");
  CHECK(found(R"({"orders":{"at_least":3,"below":12}})") == "c-1 c-2 ");
  CHECK(found(R"({"last_order_at":{"below":"2025-11-01T00:00:00Z"}})") == "c-1 c-2 c-3 ");
  CHECK(found(R"({"last_order_at":{"at_least":"2025-12-01T00:00:00Z"}})") == "c-4 ");
}

TEST_CASE("a cursor outlives a change of the file, and a column that is not there fails the page") {
  abi::FakeHost host;
  {
    const TempFile file("crm_cursor.csv", "id\nc-0\nc-1\nc-2\nc-3\n");
    abi::Instance crm(host, "relance.crm.csv", file.config());
    CHECK(page(host, crm, "{}", "0 c-1").data == R"({"items":[{"id":"c-2"},{"id":"c-3"}]})");
    CHECK(page(host, crm, "{}", "2 c-9").data ==
          R"({"items":[{"id":"c-0"},{"id":"c-1"},{"id":"c-2"},{"id":"c-3"}]})");
    const auto failed = page(host, crm, R"({"shoe_size":44})");
    CHECK(failed.status == RL_FAILED);
    CHECK(failed.reason == "there is no column 'shoe_size'");
  }
  const TempFile named("crm_named.csv", "number,email\n7,ann@example.com\n");
  abi::Instance crm(host, "relance.crm.csv", named.config(R"(,"id":"number")"));
  CHECK(page(host, crm, "{}").data ==
        R"({"items":[{"id":"7","number":"7","email":"ann@example.com"}]})");
}

TEST_CASE("an outcome is written once per key, also over a restart") {
  const TempFile file("crm_write.csv", kCustomers);
  abi::FakeHost host;
  {
    abi::Instance crm(host, "relance.crm.csv", file.config());
    CHECK(write(host, crm, "k1", R"({"outcome":"promised"})").status == RL_DONE);
    CHECK(write(host, crm, "k1", R"({"outcome":"promised"})").status == RL_DONE);
  }
  abi::Instance crm(host, "relance.crm.csv", file.config());
  CHECK(write(host, crm, "k1", R"({"outcome":"promised"})").status == RL_DONE);
  CHECK(write(host, crm, "k2", "").status == RL_DONE);
  CHECK(file.written() ==
        R"({"key":"k1","customer":"c-1","operation":"record","at_ms":1767600000000,)"
        R"("data":{"outcome":"promised"}})"
        "\n"
        R"({"key":"k2","customer":"c-1","operation":"record","at_ms":1767600000000,"data":{}})"
        "\n");
}

TEST_CASE("a read-only file refuses writes and makes no second file") {
  const TempFile file("crm_read_only.csv", kCustomers);
  abi::FakeHost host;
  abi::Instance crm(host, "relance.crm.csv", file.config(R"(,"read_only":true)"));
  CHECK(write(host, crm, "k1", "{}").status == RL_REFUSED);
  CHECK_FALSE(std::ifstream(file.outcomes()).good());
}

TEST_CASE("a broken file stops the start and names its line") {
  CHECK(start_problem("id,email\nc-1") == "line 2: 1 fields, the header has 2");
  CHECK(start_problem("id,email\nc-1,\"a\nc-2,b\n") == "line 2: a quote is not closed");
  CHECK(start_problem("id,email\nc-1,\"a\"b\n") == "line 2: text behind a closing quote");
  CHECK(start_problem("id,id\n") == "line 1: two columns are called 'id'");
  CHECK(start_problem("") == "line 1: no header");
  CHECK(start_problem("email\na\n") == "there is no column 'id'");
}

TEST_CASE("a file that is not there stops the start") {
  abi::FakeHost host;
  const abi::Instance crm(host, "relance.crm.csv", R"({"file":"/nowhere/customers.csv"})");
  CHECK(crm.started().status == RL_FAILED);
  CHECK(crm.started().reason == "/nowhere/customers.csv: there is no such file");
}
