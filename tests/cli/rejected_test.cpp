// Events that do not fit: what the file of the rejected and the terminal say of them.
#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "base/text.h"

using namespace relance;

TEST_CASE("a rejected event is told with its line, its reason and what to write instead") {
  const std::string folder = RELANCE_BUILD_DIR "/tests/rejected";
  std::filesystem::create_directories(folder);
  const std::string events = folder + "/events.jsonl";
  const std::string begin = R"({"specversion":"1.0","source":"t","type":"payment.failed",)"
                            R"("time":"2026-01-05T08:00:00Z","subject":"c-1","id":)";
  std::ofstream(events)
      << begin << R"("1","data":{"invoice_id":"i-1","amount":{"minor":4900,"currency":"EUR"}}})"
      << '\n'
      << begin << R"("2","data":{"invoice_id":"i-2","amount":"49 EUR"}})" << '\n';
  const std::string command =
      std::string(RELANCE_BUILD_DIR "/bin/relance run flows --clock virtual --sandbox ") +
      "--store memory: --json --events " + events + " 2>&1 >/dev/null";
  std::FILE* program = popen(command.c_str(), "r");
  REQUIRE(program != nullptr);
  std::string said;
  std::array<char, 512> part{};
  while (std::fgets(part.data(), part.size(), program) != nullptr) said += part.data();
  pclose(program);
  const std::string reason = "'data.amount' must be money, and is text";
  const std::string hint = R"(write {"minor": 4900, "currency": "EUR"})";
  INFO(said);
  CHECK(said.find(events + ":2: error E0305: " + reason + "; " + hint) == 0);
  CHECK(said.find("1 events were rejected") != std::string::npos);
  const std::string kept = read_file(events + ".rejected.jsonl").value();
  INFO(kept);
  CHECK(kept.find(R"("hint":"write {\"minor\": 4900)") != std::string::npos);
  CHECK(kept.find(R"("line":2)") != std::string::npos);
}
