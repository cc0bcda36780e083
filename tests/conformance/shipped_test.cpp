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

std::vector<std::string> shipped() {
  std::vector<std::string> ids;
  for (const auto& entry : fs::directory_iterator(kShipped))
    if (entry.path().extension() == ".so") ids.push_back(entry.path().stem().string());
  std::sort(ids.begin(), ids.end());
  return ids;
}

// The plugin of "relance.sandbox-voice": its id stands before the hyphen.
std::string id_of(const std::string& name) { return name.substr(0, name.find('-')); }

// Each shipped plugin once, and once more for each further configuration ID-NAME.json.
std::vector<std::string> cases() {
  std::vector<std::string> names = shipped();
  for (const auto& entry : fs::directory_iterator(kHere / "config")) {
    const std::string name = entry.path().stem().string();
    if (name != id_of(name)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

// " --config FILE", where there is one.
std::string option(const std::string& folder, const std::string& name) {
  const fs::path file = kHere / folder / (name + ".json");
  return fs::exists(file) ? " --" + folder + " " + file.string() : "";
}

Answer check(const std::string& name) {
  return plugin_check((kShipped / (id_of(name) + ".so")).string() + option("config", name) +
                      option("scene", name) + " --json");
}

bool has(const std::vector<std::string>& ids, const std::string& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

// Kannel signs nothing: a token in the address of the hook keeps others out.
bool signs_nothing(const std::string& name) { return name == "relance.sms.kannel"; }

}  // namespace

TEST_CASE("every shipped plugin holds every rule of the contract [S2-02]") {
  const std::vector<std::string> names = cases();
  REQUIRE(names.size() > 10);
  for (const std::string& name : names) {
    const Answer answer = check(name);
    INFO(name << "\n" << failures(answer));
    CHECK(answer.exit == 0);
    CHECK(rules_with(answer, "failed").empty());
    CHECK(has(rules_with(answer, "passed"), "starts"));
    // Otherwise only made-up signatures were tried.
    if (!signs_nothing(name))
      CHECK(seen_at(answer, "refuses_forged").find("no way to sign") == std::string::npos);
  }
}

TEST_CASE("every configuration and scene belongs to a shipped plugin") {
  const std::vector<std::string> ids = shipped();
  for (const char* folder : {"config", "scene"})
    for (const auto& entry : fs::directory_iterator(kHere / folder)) {
      if (entry.path().extension() != ".json") continue;
      INFO(entry.path());
      CHECK(has(ids, id_of(entry.path().stem().string())));
    }
}
