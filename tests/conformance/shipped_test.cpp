// Every shipped plugin holds every rule. Those that need a configuration have it in config/ID.json;
// where only the provider's own replies and webhooks reach further, they stand in scene/ID.json.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>

#include "conformance/checking.h"

namespace fs = std::filesystem;
using namespace relance::test;

namespace {

const fs::path kHere = RELANCE_SOURCE_DIR "/tests/conformance";
const fs::path kShipped = RELANCE_BUILD_DIR "/lib/relance/plugins";

// " --config FILE", where there is one.
std::string option(const std::string& name, const std::string& id) {
  const fs::path file = kHere / name / (id + ".json");
  return fs::exists(file) ? " --" + name + " " + file.string() : "";
}

std::vector<std::string> shipped() {
  std::vector<std::string> ids;
  for (const auto& entry : fs::directory_iterator(kShipped))
    if (entry.path().extension() == ".so") ids.push_back(entry.path().stem().string());
  std::sort(ids.begin(), ids.end());
  return ids;
}

Answer check(const std::string& id) {
  return plugin_check((kShipped / (id + ".so")).string() + option("config", id) +
                      option("scene", id) + " --json");
}

}  // namespace

TEST_CASE("every shipped plugin holds every rule of the contract [S2-02]") {
  const std::vector<std::string> ids = shipped();
  REQUIRE(ids.size() > 10);
  for (const std::string& id : ids) {
    const Answer answer = check(id);
    INFO(id << "\n" << answer.out);
    CHECK(answer.exit == 0);
    CHECK(rules_with(answer, "failed").empty());
    const auto passed = rules_with(answer, "passed");
    CHECK(std::find(passed.begin(), passed.end(), "starts") != passed.end());
  }
}

TEST_CASE("of every shipped plugin that takes webhooks the kit finds a genuine one to alter") {
  for (const std::string& id : shipped()) {
    const Answer answer = check(id);
    INFO(id << "\n" << answer.out);
    const auto passed = rules_with(answer, "passed");
    if (std::find(passed.begin(), passed.end(), "refuses_forged") == passed.end()) continue;
    CHECK(seen_at(answer, "refuses_forged").empty());
  }
}

TEST_CASE("every configuration and scene belongs to a shipped plugin") {
  const std::vector<std::string> ids = shipped();
  for (const char* folder : {"config", "scene"})
    for (const auto& entry : fs::directory_iterator(kHere / folder)) {
      if (entry.path().extension() != ".json") continue;
      INFO(entry.path());
      CHECK(std::find(ids.begin(), ids.end(), entry.path().stem().string()) != ids.end());
    }
}
