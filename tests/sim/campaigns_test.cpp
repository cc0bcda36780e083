// The bundle of campaigns: its own tests, and its search over its own file.
#include <algorithm>
#include <catch2/catch.hpp>

#include "node/segment_fields.h"
#include "sim/flow_test.h"
#include "sim/rehearsal.h"
#include "support/replay.h"

using namespace relance;
using namespace relance::test;

namespace {

constexpr const char* kCampaigns = RELANCE_SOURCE_DIR "/flows/campaigns";

std::unique_ptr<PluginLibrary> library() {
  return open_plugin_library({RELANCE_BUILD_DIR "/lib/relance/plugins"});
}

// The bundle, with some of its files replaced.
std::shared_ptr<const Bundle> load(PluginLibrary& library, const BundleSources& instead = {}) {
  auto sources = read_bundle(kCampaigns);
  REQUIRE(sources);
  for (const auto& [path, text] : instead) (*sources)[path] = text;
  const LoadedBundle loaded = load_bundle(*sources, kCampaigns, load_options(library, false));
  for (const Finding& finding : loaded.findings) UNSCOPED_INFO(finding.error.text());
  REQUIRE(loaded.bundle);
  REQUIRE(loaded.findings.empty());
  return loaded.bundle;
}

}  // namespace

TEST_CASE("the campaigns keep what their own tests promise") {
  const auto plugins = library();
  const VirtualClock clock(Instant{});
  const auto summary =
      run_flow_tests(load(*plugins), *plugins, {}, clock, [](const FlowTestResult& result) {
        INFO(result.name << ": " << result.error.text());
        CHECK(result.passed);
      });
  CHECK(summary.ok());
  CHECK(summary.passed > 8);
}

TEST_CASE("[S1-39] a campaign pulls its customers from the CRM before it dials") {
  const auto plugins = library();
  RehearsalOptions options;
  options.start = *parse_instant("2026-01-06T10:00:00Z");
  options.sandbox.on = true;
  std::vector<Error> errors;
  auto rehearsal = Rehearsal::make(load(*plugins), *plugins, std::move(options), errors);
  for (const Error& error : errors) UNSCOPED_INFO(error.text());
  REQUIRE(rehearsal);
  REQUIRE((*rehearsal)->run());
  REQUIRE((*rehearsal)->node().close());
  const History history = replay((*rehearsal)->node().store());
  const auto searches = history.records<SearchMoved>();
  REQUIRE_FALSE(searches.empty());
  CHECK(searches.back().search.trouble.empty());
  const auto first = std::find_if(searches.begin(), searches.end(), [](const SearchMoved& one) {
    return one.search.round == 1 && !one.search.running;
  });
  REQUIRE(first != searches.end());
  CHECK(first->search.looked_at == 1);
  CHECK(first->search.found == 1);
  REQUIRE(history.records<RunStarted>().size() == 1);
  REQUIRE_FALSE(history.touches().empty());
  CHECK(history.touches().front().channel == "voice");
}

TEST_CASE("a segment over a field that the file does not have is an error at its line") {
  const auto plugins = library();
  auto sources = read_bundle(kCampaigns);
  REQUIRE(sources);
  std::string flow = (*sources)["campaign.lua"];
  flow.replace(flow.find("open_order"), 10, "open_ordr");
  const auto findings = check_segment_fields(*load(*plugins, {{"campaign.lua", flow}}), *plugins);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].error.code == Code::unknown_record_field);
  CHECK(findings[0].error.where.line == 4);
  CHECK(findings[0].error.message == "the crm's records have no field 'open_ordr'");
  CHECK(findings[0].error.hint == "did you mean 'open_order'?");
  CHECK(check_segment_fields(*load(*plugins), *plugins).empty());
}
