// A desk over real HTTP: offered an item by what `relance serve` runs, it takes and ends it, and
// the run goes on.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "core/run/packet.h"
#include "net/local_client.h"
#include "providers/fake_provider.h"
#include "script/load.h"
#include "serve/serving.h"
#include "support/told_process.h"
#include "support/web.h"

namespace fs = std::filesystem;
using namespace relance;
using namespace relance::test;

namespace {

const std::string kPublic = "http://relance.example";
constexpr const char* kSecret = "a secret of thirty-two bytes, ok";

class DeskServer : public FakeProvider {
 public:
  DeskServer() {
    for (const char* path : {"/offers", "/news"})
      route("POST", path, [this, path](const FakeRequest& request) {
        ledger().add_once(std::string(request.header("webhook-id")), path, "", request.body);
        return json_answer(204, "");
      });
  }
  ~DeskServer() override { close(); }
  // The first of that kind, once it is there.
  Doc told(const std::string& path) {
    REQUIRE(wait_until([&] { return ledger().count(path) > 0; }));
    for (const ProviderEffect& effect : ledger().all())
      if (effect.what == path) return from_json(effect.data).value();
    return {};
  }
};

constexpr const char* kFlow = R"(
local f = flow "case" { start = event "payment.failed", key = "invoice_id", purpose = "service" }
f.human = handoff { queue = "billing", outcomes = { "paid" } }
f.news  = send { after = f.human.paid, via = "news",
                 data = function(run) return { method = run.steps.human.data.method } end }
ignore { f.news }
return f
)";

std::string bundle_text(const std::string& url, const std::string& customers) {
  const auto hook = [&](const std::string& name) {
    return name + R"( = plugin "relance.webhook" { url = ")" + url + "/" +
           (name == "desk" ? "offers" : name) + R"(", secret = secret "DESK_SECRET" })";
  };
  return R"(return bundle { name = "desk", currency = "EUR", zone = "Europe/Paris", locale = "en",
  controller = "A shop, Paris", channels = { )" +
         hook("desk") + ", " + hook("news") + R"( },
  queues = { billing = { desk = "desk" } },
  crm = plugin "relance.crm.csv" { file = ")" +
         customers + "\" } }";
}

struct Shop {
  Shop() {
    const fs::path folder = fs::path(RELANCE_BUILD_DIR) / "tests/serve/desk";
    fs::remove_all(folder);
    fs::create_directories(folder);
    const fs::path customers = folder / "customers.csv";
    std::ofstream(customers) << "id,email\nc-1,ann@example.com\n";
    library = open_plugin_library({RELANCE_BUILD_DIR "/lib/relance/plugins"});
    const BundleSources sources{{"bundle.lua", bundle_text(desk.url(), customers.string())},
                                {"contact.lua", "return contact {}"},
                                {"case.lua", kFlow}};
    const LoadedBundle loaded = load_bundle(sources, "desk", load_options(*library, false));
    for (const Finding& finding : loaded.findings) UNSCOPED_INFO(finding.error.text());
    REQUIRE(loaded.bundle);
    ServeOptions options;
    options.http.listen = "127.0.0.1:0";
    options.public_url = kPublic;
    options.installation.store = store = (folder / "shop.db").string();
    options.installation.process = &secrets;
    std::vector<Error> errors;
    auto made = Serving::make(loaded.bundle, *library, options, errors);
    for (const Error& error : errors) UNSCOPED_INFO(error.text());
    REQUIRE(made);
    serving = std::move(*made);
  }
  int post(const std::string& path, const std::string& body, Web::Headers headers) {
    return web.ask("POST", "http://" + serving->address() + path, body, std::move(headers)).status;
  }
  int failed_payment() {
    return post("/v1/events",
                R"({"specversion":"1.0","id":"e-1","source":"/shop","type":"payment.failed",)"
                R"("time":")" +
                    format_instant(SystemClock().now()) +
                    R"(","subject":"c-1","data":{"invoice_id":"i-1"}})",
                {{"Content-Type", "application/cloudevents+json"}});
  }
  // As the desk signs it.
  int answer(const std::string& to, const std::string& id, const std::string& body) {
    const std::string time = std::to_string(SystemClock().now().ms / 1000);
    const std::string code = base64(hmac("SHA256", kSecret, id + "." + time + "." + body));
    return post(to.substr(kPublic.size()), body,
                {{"Content-Type", "application/json"},
                 {"webhook-id", id},
                 {"webhook-timestamp", time},
                 {"webhook-signature", "v1," + code}});
  }

  DeskServer desk;
  Web web;
  ToldProcess secrets{{"DESK_SECRET", kSecret}};
  std::string store;
  std::unique_ptr<PluginLibrary> library;
  std::unique_ptr<Serving> serving;
};

}  // namespace

TEST_CASE("a desk is offered a case with its packet, accepts it, ends it, and the run goes on",
          "[S1-58][S1-60][S1-61]") {
  Shop shop;
  REQUIRE(shop.failed_payment() == 202);
  const Doc offer = shop.desk.told("/offers");
  const DocView packet = offer.view().find_path("data.data");
  CHECK(check_packet(packet));
  CHECK(packet.find("controller").text() == "A shop, Paris");
  CHECK(packet.find_path("event.invoice_id").text() == "i-1");
  const std::string to(offer.view().find_path("data.answer_to").text().value_or(""));
  CHECK(shop.answer(to, "a-1", R"({"type": "handoff.accepted", "data": {"by": "lea"}})") == 202);
  CHECK(shop.answer(to, "a-2",
                    R"({"type": "handoff.completed", "data": {"by": "lea",)"
                    R"( "outcome": "paid", "data": {"method": "transfer"}}})") == 202);
  const Doc news = shop.desk.told("/news");
  CHECK(news.view().find_path("data.data.method").text() == "transfer");
  CHECK(shop.answer(to + "0", "a-3", R"({"type": "handoff.declined", "data": {}})") == 404);
  REQUIRE(shop.serving->stop(seconds(5)));
}

TEST_CASE("a person takes and ends a case of a running engine; what changes nothing is refused",
          "[S1-61]") {
  Shop shop;
  REQUIRE(shop.failed_payment() == 202);
  const Doc offer = shop.desk.told("/offers");
  const std::string item(offer.view().find_path("data.data.item").text().value_or(""));
  const auto person = [&](const std::string& who, const std::string& command,
                          std::string more = "") {
    const std::string body = R"({"item": ")" + item + R"(", "customer": ")" +
                             customer_key("desk", "c-1").text() + R"(", "command": ")" + command +
                             R"(", "author": ")" + who + "\"" + more + "}";
    return ask_locally(admin_socket(shop.store), "POST", "/v1/admin/handoff", body, seconds(20))
        .value()
        .status;
  };
  CHECK(person("lea", "take") == 200);
  CHECK(person("bob", "take") == 409);
  CHECK(person("lea", "resolve", R"(, "word": "perhaps")") == 409);
  CHECK(person("lea", "sing") == 400);
  CHECK(person("lea", "resolve", R"(, "word": "paid", "data": {"method": "cash"})") == 200);
  CHECK(shop.desk.told("/news").view().find_path("data.data.method").text() == "cash");
  CHECK(person("lea", "return") == 409);
  REQUIRE(shop.serving->stop(seconds(5)));
}
