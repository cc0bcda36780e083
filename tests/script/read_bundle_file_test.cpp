#include "script/read_bundle_file.h"

#include <catch2/catch.hpp>

#include "script/reading.h"

namespace relance {
namespace {

struct Shop {
  Bundle bundle;
  std::string problems;

  explicit Shop(std::string text, const LoadOptions& options = {}) {
    Reading reading(Sheet::bundle, "bundle.lua", std::move(text));
    read_bundle_file(reading.value, reading.file, options, bundle, reading.findings);
    problems = reading.problems();
  }
};

constexpr const char* kShop = R"(
return bundle {
  name = "shop", currency = "EUR", zone = "Europe/Paris", locale = "fr",
  controller = "Shop SAS, Paris",
  channels = {
    retry = plugin "relance.retry.stripe" { api_key = secret "STRIPE_KEY", timeout = seconds(5) },
    email = plugin "relance.email.smtp" { url = "smtp://127.0.0.1:2525" },
    chat  = plugin "relance.sandbox" { as = "sms", class = "blind" },
  },
  crm = plugin "relance.crm.csv" { file = "sample/customers.csv" },
  connectors = { store = plugin "relance.commerce.rest" { url = "http://127.0.0.1:8081" } },
  sources = { stripe = plugin "relance.source.stripe" { signing_secret = secret "STRIPE_HOOK" } },
  policies = {
    smart_retry = plugin "relance.policy.smart_retry" {},
    another_band = "policies/another_band.lua",
  },
  understanding = { plugin "relance.understand.keys" {}, plugin "relance.understand.phrases" {} },
  queues = { billing = { lease = minutes(45) }, desk = {} },
  link = "https://pay.example/r/",
  attribution = days(3),
}
)";

}  // namespace

TEST_CASE("The pace of a channel is the engine's: its plugin does not see it") {
  const Shop shop(R"(
return bundle {
  name = "shop", currency = "EUR", zone = "Europe/Paris", locale = "fr",
  channels = {
    email = plugin "relance.email.smtp" { url = "smtp://x", per_second = 2.5, at_once = 8 },
    sms   = plugin "relance.sms.kannel" { per_second = 0 },
    voice = plugin "relance.voice.twilio" { at_once = "many" },
  },
}
)");
  REQUIRE(shop.bundle.channels.size() == 3);
  const PluginEntry& email = shop.bundle.channels[0];
  CHECK(email.per_second == 2.5);
  CHECK(email.at_once == 8);
  CHECK(to_json(email.config) == R"({"url":"smtp://x"})");
  CHECK(shop.problems ==
        "bundle.lua:6: error E0126: 'per_second' of 'sms' is wrong; write a number above nothing, "
        "or leave it out\n"
        "bundle.lua:7: error E0126: 'at_once' of 'voice' is wrong; write a number above nothing, "
        "or leave it out\n");
}

TEST_CASE("bundle.lua is read as it is written") {
  const Shop shop(kShop);
  CHECK(shop.problems.empty());
  const Bundle& bundle = shop.bundle;
  CHECK(bundle.name == "shop");
  CHECK(bundle.tenant == "shop");
  CHECK(bundle.currency.text() == "EUR");
  CHECK(bundle.zone->name() == "Europe/Paris");
  CHECK(bundle.locale == "fr");
  CHECK(bundle.controller == "Shop SAS, Paris");
  CHECK(bundle.link == "https://pay.example/r/");
  CHECK(bundle.attribution == days(3));
  REQUIRE(bundle.channels.size() == 3);
  CHECK(bundle.channels[2].name == "retry");
  CHECK(bundle.channels[2].plugin == "relance.retry.stripe");
  CHECK(to_json(bundle.channels[2].config) ==
        R"({"api_key":{"secret":"STRIPE_KEY"},"timeout":5000})");
  CHECK(bundle.channels[2].where == Where{"bundle.lua", 6});
  REQUIRE(bundle.crm.has_value());
  CHECK(bundle.crm->plugin == "relance.crm.csv");
  CHECK(bundle.connectors.size() == 1);
  REQUIRE(bundle.event_sources.size() == 1);
  CHECK(bundle.event_sources[0].name == "stripe");
  CHECK(to_json(bundle.event_sources[0].config) ==
        R"({"signing_secret":{"secret":"STRIPE_HOOK"}})");
  CHECK(bundle.event_sources[0].where == Where{"bundle.lua", 12});
  REQUIRE(bundle.policies.size() == 1);
  REQUIRE(bundle.lua_policies.size() == 1);
  CHECK(bundle.lua_policies[0].path == "policies/another_band.lua");
  REQUIRE(bundle.understanding.size() == 2);
  CHECK(bundle.understanding[1].plugin == "relance.understand.phrases");
  REQUIRE(bundle.queues.size() == 2);
  CHECK(bundle.queues[0].lease == minutes(45));
  CHECK(bundle.queues[1].lease == minutes(30));
}

TEST_CASE("a plugin may be isolated, which its configuration does not tell it") {
  const auto shop = [](const std::string& isolation) {
    return Shop(R"(
return bundle {
  name = "shop", currency = "EUR", zone = "Europe/Paris", locale = "fr",
  channels = { sms = plugin "acme.sms" { url = "x")" +
                isolation + " } },\n}\n");
  };
  const Shop isolated = shop(R"(, isolation = "process")");
  CHECK(isolated.problems.empty());
  REQUIRE(isolated.bundle.channels.size() == 1);
  CHECK(isolated.bundle.channels[0].isolated);
  CHECK(to_json(isolated.bundle.channels[0].config) == R"({"url":"x"})");
  CHECK_FALSE(shop("").bundle.channels.at(0).isolated);
  CHECK(shop(R"(, isolation = "thread")").problems.find("isolation") != std::string::npos);
}

TEST_CASE("A channel's kind comes from its plugin, from `as`, or from the second word of its id") {
  LoadOptions options;
  CHECK(kind_of_channel({"x", "relance.email.smtp", Doc::empty_record(), {}}, options) == "email");
  const Doc as_voice = Doc::record({{"as", Doc::text("voice")}});
  CHECK(kind_of_channel({"x", "relance.sandbox", as_voice, {}}, options) == "voice");
  options.installed_plugins = {"acme.pigeon"};
  options.channel_kind = [](const PluginEntry&) { return std::string("sms"); };
  CHECK(kind_of_channel({"x", "acme.pigeon", Doc::empty_record(), {}}, options) == "sms");
}

TEST_CASE("In the sandbox nothing that acts outside stays; files do") {
  LoadOptions options;
  options.sandbox = true;
  const Shop shop(kShop, options);
  CHECK(shop.problems.empty());
  for (const PluginEntry& entry : shop.bundle.channels) CHECK(entry.plugin == "relance.sandbox");
  CHECK(to_json(shop.bundle.channels[1].config) == R"({"as":"email"})");
  CHECK(to_json(shop.bundle.channels[0].config) == R"({"as":"sms","class":"blind"})");
  CHECK(shop.bundle.connectors[0].plugin == "relance.sandbox");
  CHECK(shop.bundle.crm->plugin == "relance.crm.csv");
  CHECK(shop.bundle.event_sources.empty());
}

TEST_CASE("What a source makes of its webhooks is written in bundle.lua") {
  const Shop shop(R"(return bundle {
  name = "shop", currency = "EUR", zone = "Europe/Paris", locale = "fr",
  sources = { shop = plugin "relance.source.shopify" {
    replay_window = minutes(5),
    subject = { "/note", { text = "/customer/id" } },
    topics = {
      ["orders/updated"] = false,
      ["orders/paid"] = {
        type = "order.paid", when = { ["/status"] = { ["not"] = "void" } },
        data = { amount = { amount = "/total", currency = "/currency" },
                 fee = { minor = 250, currency = "EUR" } },
      },
    },
  } },
}
)");
  CHECK(shop.problems.empty());
  REQUIRE(shop.bundle.event_sources.size() == 1);
  CHECK(to_json(shop.bundle.event_sources[0].config) ==
        R"({"replay_window":300000,"subject":["/note",{"text":"/customer/id"}],)"
        R"("topics":{"orders/paid":{"data":{"amount":{"amount":"/total","currency":"/currency"},)"
        R"("fee":{"currency":"EUR","minor":250}},"type":"order.paid",)"
        R"("when":{"/status":{"not":"void"}}},"orders/updated":false}})");
}

TEST_CASE("A source has a name of its own that can stand in a URL") {
  const Shop shop(R"(return bundle {
  name = "shop", currency = "EUR", zone = "Europe/Paris", locale = "fr",
  channels = { retry = plugin "relance.sandbox" {} },
  crm = plugin "relance.crm.csv" {},
  sources = {
    retry = plugin "relance.source.stripe" {},
    crm = plugin "relance.source.shopify" {},
    ["Mon Shop"] = plugin "relance.source.shopify" {},
    parcels = plugin "relance.source.logistics" {},
  },
}
)");
  CHECK(shop.problems ==
        "bundle.lua:6: error E0208: source 'retry' has the name of a channel or connector; "
        "webhooks come to a name: give each instance its own\n"
        "bundle.lua:7: error E0208: source 'crm' has the name of a channel or connector; "
        "webhooks come to a name: give each instance its own\n"
        "bundle.lua:8: error E0208: 'Mon Shop' cannot name a source; its webhooks come to that "
        "name: write lower-case letters, digits, - and _\n");
}

TEST_CASE("Every slip of bundle.lua stands at its line, all at once") {
  LoadOptions options;
  options.installed_plugins = {"relance.email.smtp"};
  const Shop shop(R"(return bundle {
  name = "My Shop", currency = "EURO", zone = "Europe/Pariss",
  chanels = {},
  channels = {
    email = plugin "relance.email.smpt" {},
    sms = "relance.sms.http",
    voice = plugin "voice" {},
    letter = plugin "relance.email.smtp" { 1, 2 },
  },
  queues = { billing = { leese = minutes(30) }, desk = { lease = minutes(0) } },
}
)",
                  options);
  CHECK(
      shop.problems ==
      "bundle.lua:1: error E0108: bundle lacks 'locale'; it is a text: the language where a "
      "customer's is not known: fr\n"
      "bundle.lua:2: error E0208: 'My Shop' is not a name; write lower-case letters, digits, - and "
      "_\n"
      "bundle.lua:2: error E0005: 'EURO' is not a currency; currencies are ISO 4217 codes in "
      "capital letters, such as EUR\n"
      "bundle.lua:2: error E0006: zone 'Europe/Pariss' is not known; did you mean 'Europe/Paris'?\n"
      "bundle.lua:3: error E0105: bundle has no field 'chanels'; did you mean 'channels'?\n"
      "bundle.lua:5: error E0207: there is no plugin 'relance.email.smpt'; did you mean "
      "'relance.email.smtp'?\n"
      "bundle.lua:6: error E0109: 'sms' wants a plugin, not the text 'relance.sms.http'; write "
      "plugin \"relance.email.smtp\" { ... }\n"
      "bundle.lua:7: error E0207: 'voice' is not the id of a plugin; an id is words joined by "
      "dots: relance.email.smtp\n"
      "bundle.lua:8: error E0109: the configuration of 'letter' wants names: { url = \"...\" }\n"
      "bundle.lua:10: error E0105: queue 'billing' has no field 'leese'; did you mean 'lease'?\n"
      "bundle.lua:10: error E0126: 'lease' of queue 'desk' must be longer than nothing\n");
}

TEST_CASE("A file that returns something else is no bundle.lua") {
  CHECK(Shop("return 5").problems ==
        "bundle.lua: error E0208: this file returns the number 5, not a bundle; end it with return "
        "bundle { ... }\n");
}

}  // namespace relance
