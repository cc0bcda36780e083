// The way in: help, a new bundle, and calls that go wrong.
#include <catch2/catch.hpp>

#include "cli/program.h"

namespace fs = std::filesystem;
using namespace relance;
using namespace relance::test;

namespace {

const std::vector<std::vector<std::string>> kCommands = {{"run"},
                                                         {"status"},
                                                         {"runs"},
                                                         {"touches"},
                                                         {"touches", "settle"},
                                                         {"check"},
                                                         {"plugin"},
                                                         {"plugin", "list"},
                                                         {"plugin", "inspect"},
                                                         {"graph"},
                                                         {"new", "bundle"},
                                                         {"new", "flow"},
                                                         {"journal"},
                                                         {"explain"},
                                                         {"talk"},
                                                         {"test"},
                                                         {"meta"}};

}  // namespace

TEST_CASE("every command explains itself with an example") {
  for (std::vector<std::string> words : kCommands) {
    const std::string name = words.front();
    INFO(name << " " << words.back());
    words.emplace_back("--help");
    const Answer help = command(words);
    CHECK(help.exit == 0);
    CHECK(help.err.empty());
    CHECK(help.out.find("Example:\n  relance " + name) != std::string::npos);
  }
  const Answer all = command({"--help"});
  CHECK(all.exit == 0);
  for (const auto& words : kCommands)
    CHECK(all.out.find("\n  " + words.front() + " ") != std::string::npos);
}

TEST_CASE("a call with a slip exits with 2 and does nothing") {
  const std::vector<std::vector<std::string>> slips = {
      {},
      {"fly"},
      {"run"},
      {"run", "flows"},
      {"run", "flows", "--events", "x", "--clock", "sundial"},
      {"run", "flows", "--events", "x", "--workers", "0"},
      {"run", "flows", "--events", "x", "--speed", "9"},
      {"explain"},
      {"touches", "settle", "abc"},
      {"talk"},
      {"check", "no/such/bundle"},
      {"graph", "flows"},
  };
  for (const auto& slip : slips) {
    const Answer answer = command(slip);
    INFO((slip.empty() ? "nothing" : slip.back()) << ": " << answer.err);
    CHECK(answer.exit == 2);
    CHECK(answer.out.empty());
    CHECK_FALSE(answer.err.empty());
  }
}

TEST_CASE("a new bundle passes check and test at once, and runs its sample") {
  const fs::path shop = fresh_directory("new") / "my_shop";
  const Answer made = command({"new", "bundle", shop});
  CHECK(made.exit == 0);
  CHECK(lines_of(made.out).size() >= 5);
  CHECK(command({"check", shop}).exit == 0);
  CHECK(command({"test", shop}).exit == 0);

  CHECK(command({"new", "flow", "second_flow", "--in", shop}).exit == 0);
  const Answer tested = command({"test", shop});
  CHECK(tested.exit == 0);
  CHECK(tested.out.find("4 passed, 0 failed") != std::string::npos);

  const Answer ran = command({"run", shop, "--events", shop / "sample/events.jsonl", "--clock",
                              "virtual", "--sandbox", "--store", "memory:", "--json"});
  INFO(ran.err);
  CHECK(ran.exit == 0);
  CHECK(json(ran.out).view().find_path("runs.started").integer() == 2);

  const Answer over = command({"new", "bundle", shop});
  CHECK(over.exit == 2);
  CHECK(over.err.find("is there already") != std::string::npos);
  CHECK(command({"new", "flow", "Bad-Name", "--in", shop}).exit == 2);
}
