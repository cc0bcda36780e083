// Declared rules: searched for in made-up histories, audited in a store.
#include <catch2/catch.hpp>

#include "cli/program.h"

using namespace relance;
using namespace relance::test;

TEST_CASE("check --prove says how much it looked at, and the same again", "[S1-64][S1-65]") {
  const std::string bundle = kSource / "tests/invariants/bundle";
  const Answer first = command({"check", bundle, "--prove", "--weeks", "800"});
  INFO(first.out << first.err);
  CHECK(first.exit == 0);
  CHECK(first.out.find("no declared rule was broken in 800 customer-weeks of 200 made-up") !=
        std::string::npos);
  CHECK(command({"check", bundle, "--prove", "--weeks", "800"}).out == first.out);
  const Answer other = command({"check", bundle, "--prove", "--weeks", "800", "--seed", "7"});
  CHECK(other.exit == 0);
  CHECK(other.out != first.out);
}

TEST_CASE("check --prove holds for the shipped flows", "[S1-64]") {
  const Answer answer = command({"check", kSource / "flows", "--prove", "--weeks", "2000"});
  INFO(answer.out << answer.err);
  CHECK(answer.exit == 0);
}

TEST_CASE("audit reads a store and finds nothing that the rules of its time forbid") {
  const std::filesystem::path home = fresh_directory("audit");
  const std::string store = home / "store.db";
  write(home / "events.jsonl",
        failed_payment("1", "ann", "2026-01-05T05:00:00Z") + failed_payment("2", "stranger"));
  const Answer ran =
      command({"run", kSource / "tests/cli/bundles/small", "--events", home / "events.jsonl",
               "--store", store, "--clock", "virtual", "--sandbox"});
  REQUIRE(ran.exit == 0);
  const Answer text = command({"audit", "--store", store});
  INFO(text.out << text.err);
  CHECK(text.exit == 0);
  CHECK(text.out == "0 breaches in 2 contacts and 0 charges of 2 customers\n");
  const Answer told = command({"audit", "--store", store, "--json"});
  CHECK(json(told.out).view().find("breaches").integer() == 0);
  CHECK(command({"audit", "--store", home / "none.db"}).exit == 3);
}
