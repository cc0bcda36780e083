// The cost of a touch comes from its channel's plugin.
#include "node/touch_costs.h"

#include <catch2/catch.hpp>

#include "node/idle_ports.h"

using namespace relance;

namespace {

const Currency kEuro = *Currency::parse("EUR");

std::shared_ptr<const Bundle> bundle_with(const std::string& channels) {
  const BundleSources sources{
      {"bundle.lua",
       "return bundle { name = 'shop', currency = 'EUR', zone = 'Europe/Paris', locale = 'en',\n"
       "  controller = 'Shop', channels = {" +
           channels + "} }\n"},
      {"note.lua",
       "local f = flow 'note' { start = event 'payment.failed', purpose = 'service' }\n"
       "f.pause = wait { hours(1) }\n"
       "return f\n"}};
  const LoadedBundle loaded = load_bundle(sources, "", {});
  REQUIRE(loaded.bundle != nullptr);
  return loaded.bundle;
}

struct House {
  std::unique_ptr<PluginLibrary> library =
      open_plugin_library({RELANCE_BUILD_DIR "/lib/relance/plugins"});
};

}  // namespace

TEST_CASE_METHOD(House, "a touch costs at most what its channel's plugin says") {
  const auto costs =
      touch_costs(*bundle_with("sms = plugin 'relance.sandbox' { as = 'sms' },"
                               "voice = plugin 'relance.sandbox' { as = 'voice' },"
                               "email = plugin 'relance.sandbox' { as = 'email', cost_micro = 70, "
                               "currency = 'USD' }"),
                  *library);
  REQUIRE(costs.size() == 3);
  CHECK(costs.at("sms").micro == 30'000);
  CHECK(costs.at("sms").currency == kEuro);
  CHECK(costs.at("voice").micro == 500'000);  // five minutes
  CHECK(costs.at("email").micro == 70);
  CHECK(costs.at("email").currency == *Currency::parse("USD"));
}

TEST_CASE_METHOD(House, "a channel whose plugin gives no estimate has no cost") {
  REQUIRE(touch_costs(*bundle_with("sms = plugin 'relance.template' {}"), *library).empty());
}

TEST_CASE_METHOD(House, "a plugin that makes no instance has no cost, and others have") {
  const auto costs = touch_costs(
      *bundle_with("sms = plugin 'relance.sandbox' { as = 'sms' },"
                   "email = plugin 'relance.sandbox' { as = 'email', cost_micro = -1 }"),
      *library);
  REQUIRE(costs.size() == 1);
}

TEST_CASE_METHOD(House, "the rules of a generation know what a touch costs") {
  const auto bundle = bundle_with("sms = plugin 'relance.sandbox' { as = 'sms' }");
  IdlePorts idle;
  HostPorts at_work = idle.ports();
  at_work.at_rest = false;
  std::vector<Error> errors;
  const auto generation = ActiveGeneration::make(bundle, *library, at_work, {}, 1, errors);
  REQUIRE(generation.ok());
  const Channel* sms = (*generation)->rules().channel("sms");
  REQUIRE(sms != nullptr);
  CHECK(sms->cost_micro == 30'000);
  CHECK(sms->cost_currency == kEuro);
}
