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
