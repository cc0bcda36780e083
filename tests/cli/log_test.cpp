// What the program says to its operator, at its most talkative: never who a customer is.
#include <catch2/catch.hpp>
#include <cstdlib>

#include "cli/program.h"

namespace fs = std::filesystem;
using namespace relance;
using namespace relance::test;

namespace {

std::string event(const std::string& id, const std::string& type, const std::string& data) {
  return R"({"specversion":"1.0","id":")" + id + R"(","source":"/shop","type":")" + type +
         R"(","time":"2026-01-05T09:00:00Z","subject":"ada@example.org","data":)" + data + "}\n";
}

// Of one customer, with what can be wrong about them.
std::string events() {
  const std::string failed = R"({"invoice_id":"i-1","amount":{"minor":4900,"currency":"EUR"},)"
                             R"("decline":{"raw_code":"51"}})";
  return event("1", "payment.failed", failed) + event("1", "payment.failed", failed) +
         event("2", "payment.failed", R"({"invoice_id":"i-2","amount":"Augusta Lovelace"})") +
         event("3", "message.received",
               R"({"address":"+33612345678","text":"STOP says Augusta"})") +
         event("4", "payment.failed", R"({"invoice_id":["+33612345678"]})") +
         event("5", "no.such.type", R"({"name":"Augusta Lovelace"})") +
         R"({"subject":"ada@example.org","data":"Augusta Lovelace)"
         "\nAugusta Lovelace, 12 St James's Square\n";
}

}  // namespace

TEST_CASE("the log names no customer, address or text, whatever goes wrong") {
  const fs::path home = fresh_directory("log");
  const std::string shop = home / "shop";
  REQUIRE(command({"new", "bundle", shop}).exit == 0);
  write(home / "shop/sample/customers.csv",
        "id,email,phone,timezone,locale,segment,first_name\n"
        "ada@example.org,ada@example.org,+33612345678,Europe/Paris,en,loyal,Augusta\n");
  write(home / "events.jsonl", events());
  const std::string run = "cd " + home.string() + " && env -i RELANCE_LOG=debug " +
                          (kBuild / "bin/relance").string() +
                          " run shop --events events.jsonl --clock virtual --sandbox --store s.db "
                          ">out 2>err";
  for (int again = 0; again < 2; ++again) {  // the second time it meets what it knows already
    CHECK(WEXITSTATUS(std::system(run.c_str())) == 4);
    const std::string said = read(home / "out") + read(home / "err");
    INFO(said);
    CHECK(said.find("rejected") != std::string::npos);
    for (const char* personal :
         {"ada@", "example.org", "33612345678", "Augusta", "Lovelace", "St James"})
      CHECK(said.find(personal) == std::string::npos);
  }
  CHECK(read(home / "events.jsonl.rejected.jsonl").find("St James") != std::string::npos);
}

TEST_CASE("rejected events are kept in the working directory where their own is not writable") {
  const fs::path home = fresh_directory("rejected_elsewhere");
  const std::string shop = home / "shop";
  REQUIRE(command({"new", "bundle", shop}).exit == 0);
  write(home / "lines", "no event\n");
  const std::string run = "cd " + home.string() + " && env -i " +
                          (kBuild / "bin/relance").string() +
                          " run shop --events /proc/self/fd/0 --clock virtual --sandbox "
                          "--store memory: <lines >out 2>err";
  CHECK(WEXITSTATUS(std::system(run.c_str())) == 4);
  CHECK(read(home / "err").find("they are kept in 0.rejected.jsonl") != std::string::npos);
  CHECK(read(home / "0.rejected.jsonl").find("no event") != std::string::npos);
}
