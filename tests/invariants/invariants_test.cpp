// Declared rules hold for every interleaving of all flows of a bundle, and a gate that lacks one
// check is found out, with the shortest history that shows it.
#include <catch2/catch.hpp>

#include "base/process.h"
#include "invariants/gate_without.h"
#include "sim/prove.h"
#include "sim/scripted_plugins.h"

using namespace relance;
using namespace relance::test;

namespace {

struct Proving {
  std::unique_ptr<PluginLibrary> library = open_plugin_library({});
  std::shared_ptr<const Bundle> bundle;
  std::unique_ptr<ScriptedPlugins> plugins;
  std::shared_ptr<BundleRules> rules;

  Proving() {
    const std::string directory = RELANCE_SOURCE_DIR "/tests/invariants/bundle";
    LoadOptions options;
    options.sandbox = true;
    options.channel_kind = [](const PluginEntry& entry) {
      return std::string(entry.config.view().find("as").text().value_or(""));
    };
    const LoadedBundle loaded = load_bundle(*read_bundle(directory), directory, options);
    for (const Finding& finding : loaded.findings) UNSCOPED_INFO(finding.error.text());
    REQUIRE(loaded.bundle);
    bundle = loaded.bundle;
    std::vector<Error> errors;
    auto played = ScriptedPlugins::make(*bundle, *library, errors);
    REQUIRE(played);
    plugins = std::move(*played);
    auto made = BundleRules::make(bundle, *plugins, 1);
    REQUIRE(made);
    rules = std::move(*made);
  }
  ~Proving() { leave_out(""); }

  Proof search(uint64_t weeks, uint64_t seed = 1) const {
    return prove(*bundle, *rules, {seed, weeks});
  }
};

// The suite takes a slice; RELANCE_PROVE_WEEKS asks for more.
uint64_t weeks_wanted(uint64_t otherwise) {
  const auto asked = SystemProcess().environment("RELANCE_PROVE_WEEKS");
  return asked ? std::stoull(*asked) : otherwise;
}

}  // namespace

TEST_CASE_METHOD(Proving, "no interleaving of all flows breaks a declared rule",
                 "[S0-06][S1-01][S1-03][S1-64][S1-65][S1-66][S1-72][S2-23]") {
  const Proof proof = search(weeks_wanted(8'000));
  INFO(proof_text(proof));
  CHECK_FALSE(proof.found);
  CHECK(proof.contacts > proof.lives);
  CHECK(proof.charges > proof.lives);
  CHECK(proof.put_off > proof.lives);
  CHECK(proof.refused > proof.lives / 10);
}

TEST_CASE_METHOD(Proving, "whatever check of the gate is taken away, a customer is found wronged",
                 "[S0-06][S1-72]") {
  for (const LedgerCheck& check : ledger_checks()) {
    if (!check.watched) continue;
    leave_out(check.name);
    const Proof proof = search(40'000);
    INFO("without " << check.name << ": " << proof_text(proof));
    REQUIRE(proof.found);
    CHECK(proof.found->events <= 8);
    CHECK(proof.found->events <= proof.found->events_then);
  }
}

TEST_CASE_METHOD(Proving, "the same search tells the same story, and it can be told again") {
  leave_out("no_excluded_flow_was_here");
  const Proof first = search(40'000), second = search(40'000);
  REQUIRE(first.found);
  CHECK(proof_text(first) == proof_text(second));
  CHECK(search(4, first.found->life).found->story == first.found->story);
  leave_out("");
  CHECK_FALSE(search(4, first.found->life).found);
}
