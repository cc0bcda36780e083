// Webhooks of each provider with the event that each becomes. A file holds the topic, the body, the
// event (null: none) and, where the source asks its provider for more, what it is told: "reply".
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "script/event_catalogue.h"
#include "sources/source_desk.h"

using namespace relance;
using namespace sources_test;
namespace fs = std::filesystem;

namespace {

struct Provider {
  std::string name, plugin, fields, topic_header;
};

const std::vector<Provider>& providers() {
  static const std::string api = R"(, "api_key": "API", "api_url": "http://127.0.0.1:1")";
  static const std::vector<Provider> all = {
      {"stripe", "stripe", api, ""},
      {"shopify", "shopify", api, "x-shopify-topic"},
      {"woocommerce", "woocommerce", "", "x-wc-webhook-topic"},
      {"generic", "logistics", R"(, "format": "generic")", ""},
      {"easypost", "logistics", R"(, "format": "easypost", "subject": "/result/reference")", ""},
      {"aftership", "logistics", R"(, "format": "aftership")", ""},
  };
  return all;
}

Doc read_json(const fs::path& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  auto doc = from_json(text.str());
  INFO(path);
  REQUIRE(doc.ok());
  return *doc;
}

std::vector<fs::path> cases_of(const Provider& provider) {
  std::vector<fs::path> files;
  const fs::path folder = fs::path(RELANCE_SOURCE_DIR) / "tests/sources/payloads" / provider.name;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::string text_of(DocView view) { return std::string(view.text().value_or("")); }

// What the engine makes of what a source told: as the shipped catalogue types it.
Doc taken(const abi::Event& event) {
  const auto told = from_json(event.data);
  REQUIRE(told.ok());
  const auto data =
      type_event_data(event.type, *told, EventCatalogue::shipped(), Instant{event.at});
  INFO((data.ok() ? "" : data.error().message) << " in " << event.data);
  REQUIRE(data.ok());
  const Doc at = event.at == 0 ? Doc() : Doc::instant(Instant{event.at});  // the host's own then
  return Doc::record({{"type", Doc::text(event.type)},
                      {"id", Doc::text(event.id)},
                      {"subject", Doc::text(event.subject)},
                      {"at", at},
                      {"data", *data}});
}

void play(SourceDesk& desk, const Provider& provider, DocView golden) {
  const std::string body = to_json(golden.find("body"));
  Headers headers = desk.sign(body);
  if (!provider.topic_header.empty())
    headers.emplace_back(provider.topic_header, text_of(golden.find("topic")));
  const rl_op op = desk.begin(headers, body);
  const DocView reply = golden.find("reply");
  if (!reply.is_null()) desk.reply(op, 200, to_json(reply));
  REQUIRE(desk.host.answers.contains(op));
  CHECK(desk.host.answers.at(op).status == 200);
}

}  // namespace

TEST_CASE("a webhook becomes the event that stands beside it", "[S0-07]") {
  std::set<std::string> told;
  for (const Provider& provider : providers()) {
    for (const fs::path& path : cases_of(provider)) {
      INFO(path);
      const Doc golden = read_json(path);
      SourceDesk desk(provider.plugin, provider.fields);
      desk.host.http = [](rl_op, uint64_t, const rl_http&) { return int32_t{RL_OK}; };
      play(desk, provider, golden);
      if (golden.view().find("event").is_null()) {
        CHECK(desk.host.events.empty());
        continue;
      }
      REQUIRE(desk.host.events.size() == 1);
      CHECK(desk.host.events[0].kind == RL_EVENT_ACTION);
      CHECK(to_json(taken(desk.host.events[0])) == to_json(golden.view().find("event")));
      told.insert(desk.host.events[0].type);
    }
  }
  for (const char* type :
       {"cart.abandoned", "order.placed", "payment.failed", "payment.succeeded"}) {
    INFO(type);
    CHECK(told.contains(type));
  }
}

TEST_CASE("every rule of a shipped mapping has a webhook that shows it") {
  for (const Provider& provider : providers()) {
    std::set<std::string> shown, rules;
    for (const fs::path& path : cases_of(provider)) {
      const Doc golden = read_json(path);
      shown.insert(text_of(golden.view().find("topic")) + " -> " +
                   text_of(golden.view().find("event").find("type")));
    }
    const Doc mapping = read_json(fs::path(RELANCE_SOURCE_DIR) / "plugins/sources" /
                                  provider.plugin / (provider.name + ".json"));
    for (const auto& [topic, rule] : mapping.view().find("topics").items()) {
      const auto add = [&, name = std::string(topic)](DocView one) {
        rules.insert(name + " -> " + text_of(one.find("type")));
      };
      if (rule.type() == DocType::list)
        for (const auto& [key, one] : rule.items()) add(one);
      else
        add(rule);
    }
    CHECK(rules.size() >= 5);
    for (const std::string& rule : rules) {
      INFO(provider.name << ": " << rule);
      CHECK(shown.contains(rule));
    }
  }
}
