#include "core/graph/ladder.h"

#include <catch2/catch.hpp>
#include <map>

#include "core/graph/build.h"

using namespace relance;
using namespace relance::testing;

namespace {

std::vector<std::string> warnings(std::vector<std::string> via) {
  static const std::map<std::string, int64_t, std::less<>> costs = {
      {"sms", 75'000}, {"voice", 500'000}, {"letter", 900'000}};
  SendStep tell = send("", "");
  for (std::string& name : via) tell.channels.push_back({name, name});
  FlowBuilder b("f");
  b.add("tell", tell);
  std::vector<std::string> out;
  const auto cost_of = [&](std::string_view channel) -> std::optional<ChannelCost> {
    const auto known = costs.find(channel);
    const auto currency = *Currency::parse(channel == "letter" ? "USD" : "EUR");
    if (known == costs.end()) return std::nullopt;
    return ChannelCost{known->second, currency};
  };
  for (const Finding& finding : check_ladders(b.build(), cost_of)) {
    CHECK(finding.severity == Severity::warning);
    out.push_back(finding.error.text());
  }
  return out;
}

}  // namespace

TEST_CASE("[S2-24] a ladder that goes from dear to cheap is a warning", "[S2-24]") {
  CHECK(warnings({"voice", "sms"}) ==
        std::vector<std::string>{
            "flows/f.lua:1: error E0143: step 'tell' tries 'voice' (0.5000 EUR) before 'sms' "
            "(0.0750 EUR); name the cheaper channel first"});
  CHECK(warnings({"sms", "voice"}).empty());
}

TEST_CASE("what tells no cost, or another currency, is not compared") {
  CHECK(warnings({"voice", "email"}).empty());
  CHECK(warnings({"letter", "sms"}).empty());
  CHECK(warnings({"email", "voice", "email2", "sms"}).size() == 1);
}
