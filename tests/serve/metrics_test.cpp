// The figures at /metrics: well formed as Prometheus wants them, true, and nobody's name among
// them; and what is drawn and alarmed about exists.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "script/load.h"
#include "serve/serving.h"
#include "support/web.h"

namespace fs = std::filesystem;
using namespace relance;

namespace {

constexpr const char* kFlow = R"(
local f = flow "remind" { start = event "payment.failed", key = "invoice_id",
  goal = event "payment.succeeded", purpose = "service", expire = days(3) }
f.mail = send { via = "email", template = "hello" }
ignore { f.mail }
return f
)";

std::string read(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// A shop that mails a customer about each payment that failed, at most once a day.
class Measured {
 public:
  Measured() {
    const fs::path folder = fs::path(RELANCE_BUILD_DIR) / "tests/serve/measured";
    fs::remove_all(folder);
    fs::create_directories(folder);
    std::ofstream(folder / "customers.csv") << "id,email,phone,timezone,locale,first_name,country\n"
                                               "cus_1,ada@example.org,+33612345678,Europe/Paris,"
                                               "en,Ada,FR\n";
    library_ = open_plugin_library({RELANCE_BUILD_DIR "/lib/relance/plugins"});
    const std::string bundle = R"(return bundle {
      name = "measured", currency = "EUR", zone = "Europe/Paris", locale = "en",
      controller = "A shop",
      channels = { email = plugin "relance.sandbox" { as = "email", class = "keyed" } },
      crm = plugin "relance.crm.csv" { file = ")" +
                               (folder / "customers.csv").string() + R"(" } })";
    const BundleSources sources{
        {"bundle.lua", bundle},
        {"contact.lua", "return contact { caps = { { at_most = 1, per = days(1) } } }"},
        {"remind.lua", kFlow},
        {"templates/hello.email.en.mustache", "Subject: Hello\n\nYour payment failed."}};
    const LoadedBundle loaded = load_bundle(sources, "measured", load_options(*library_, false));
    for (const Finding& finding : loaded.findings) UNSCOPED_INFO(finding.error.text());
    bundle_ = loaded.bundle;
    REQUIRE(bundle_);
    ServeOptions options;
    options.http.listen = "127.0.0.1:0";
    options.installation.store = (folder / "shop.db").string();
    std::vector<Error> errors;
    auto made = Serving::make(bundle_, *library_, options, errors);
    for (const Error& error : errors) UNSCOPED_INFO(error.text());
    REQUIRE(made);
    serving_ = std::move(*made);
  }

  void tell(const std::string& type, const std::string& invoice) {
    const std::string event =
        R"({"specversion":"1.0","id":")" + type + invoice + R"(","source":"/shop","type":")" +
        type + R"(","time":")" + format_instant(SystemClock().now()) +
        R"(","subject":"cus_1","data":{"invoice_id":")" + invoice +
        R"(","amount":{"minor":4900,"currency":"EUR"},"decline":{"raw_code":"51"}}})";
    REQUIRE(web_.ask("POST", url("/v1/events"), event,
                     {{"Content-Type", "application/cloudevents+json"}})
                .status == 202);
  }
  std::string text() { return web_.ask("GET", url("/metrics")).body; }
  // Asks until this line is there; the answer as it was last.
  std::string with(const std::string& line) {
    std::string last;
    for (int tries = 0; tries < 5000; ++tries)
      if (last = text(); ("\n" + last).find("\n" + line + "\n") != std::string::npos) return last;
    FAIL_CHECK("there is no line " << line);
    return last;
  }

 private:
  std::string url(const std::string& path) const { return "http://" + serving_->address() + path; }

  Web web_;
  std::unique_ptr<PluginLibrary> library_;
  std::shared_ptr<const Bundle> bundle_;
  std::unique_ptr<Serving> serving_;
};

// The text format of Prometheus, read as strictly as its page describes it
// (prometheus.io/docs/instrumenting/exposition_formats).
struct Exposition {
  std::map<std::string, std::string> types;  // of each family
  std::map<std::string, double> samples;     // by name and labels

  explicit Exposition(const std::string& text) {
    static const std::regex help("# HELP ([a-z_:][a-z0-9_:]*) (.+)");
    static const std::regex type("# TYPE ([a-z_:][a-z0-9_:]*) (counter|gauge|histogram)");
    static const std::regex sample(
        R"(([a-z_:][a-z0-9_:]*)(\{(?:[a-z_]+="[^"\\\n]*",?)*\})? ([-+.0-9eEInf]+))");
    REQUIRE(text.ends_with('\n'));
    std::istringstream in(text);
    std::string family, helped;
    for (std::string line; std::getline(in, line);) {
      INFO(line);
      std::smatch found;
      if (std::regex_match(line, found, help)) {
        helped = found[1];
      } else if (std::regex_match(line, found, type)) {
        family = found[1];
        CHECK(helped == family);
        CHECK(types.emplace(family, found[2]).second);
      } else {
        REQUIRE(std::regex_match(line, found, sample));
        CHECK(belongs(found[1], family));
        CHECK(samples.emplace(found[1].str() + found[2].str(), std::stod(found[3])).second);
      }
    }
  }

  bool belongs(const std::string& name, const std::string& family) const {
    if (types.at(family) != "histogram") return name == family;
    return name == family + "_bucket" || name == family + "_sum" || name == family + "_count";
  }
};

// relance_... and process_... in a text, without what a histogram adds.
std::set<std::string> figures_in(const std::string& text) {
  static const std::regex name("\\b((?:relance|process)_[a-z_]+[a-z])\\b");
  std::set<std::string> found;
  for (std::sregex_iterator it(text.begin(), text.end(), name), end; it != end; ++it)
    found.insert(std::regex_replace((*it)[1].str(), std::regex("_bucket$"), ""));
  return found;
}

const fs::path kSource = RELANCE_SOURCE_DIR;

}  // namespace

TEST_CASE("the figures say what was done, put off, spent and recovered") {
  Measured shop;
  shop.tell("payment.failed", "in-1");
  shop.with(R"(relance_touches_settled_total{channel="email",state="done"} 1)");
  shop.tell("payment.failed", "in-2");
  shop.with(R"(relance_gate_decisions_total{verdict="held",reason="cap_reached"} 1)");
  shop.tell("payment.succeeded", "in-2");  // while its mail waits
  const Exposition now(shop.with(R"(relance_recovered_amount_total{currency="EUR"} 49)"));
  const auto& is = now.samples;
  CHECK(is.at(R"(relance_events_accepted_total{from="events"})") == 3);
  CHECK(is.at(R"(relance_touches_intended_total{channel="email"})") == 1);
  CHECK(is.at(R"(relance_runs_started_total{flow="remind"})") == 2);
  CHECK(is.at(R"(relance_runs_ended_total{end="goal"})") == 1);
  CHECK(is.at(R"(relance_lane_in_flight{channel="email"})") == 0);
  CHECK(is.at("relance_dispatch_delay_seconds_count") == 2);  // the CRM was told of the mail
  CHECK(is.at("relance_event_dispatch_seconds_count") == 1);
  CHECK(is.at(R"(relance_touch_cost_total{channel="email",currency="EUR"})") > 0);
  CHECK(is.at(R"(relance_plugin_starts_total{instance="email",plugin="relance.sandbox"})") == 1);
  CHECK(is.at(R"(relance_plugin_operations_total{instance="email",plugin="relance.sandbox",)"
              R"(status="done"})") >= 1);
  CHECK(is.at("relance_store_healthy") == 1);
  CHECK(is.at("process_resident_memory_bytes") > 1e6);
}

TEST_CASE("figures are named by the conventions, and histograms add up") {
  Measured shop;
  shop.tell("payment.failed", "in-1");
  const Exposition now(shop.with("relance_dispatch_delay_seconds_count 2"));
  CHECK(now.types.size() > 30);
  for (const auto& [name, type] : now.types) {
    INFO(name);
    CHECK(name.ends_with("_total") == (type == "counter"));
    CHECK_FALSE(std::regex_search(name, std::regex("_(ms|milliseconds|minutes|kb|mb)(_|$)")));
    if (type != "histogram") continue;
    CHECK(name.ends_with("_seconds"));
    CHECK(now.samples.at(name + "_bucket{le=\"+Inf\"}") == now.samples.at(name + "_count"));
    std::map<double, double> buckets;
    for (const auto& [sample, value] : now.samples)
      if (sample.starts_with(name + "_bucket{le=\""))
        buckets[std::stod(sample.substr(name.size() + 12))] = value;
    CHECK(buckets.size() > 5);
    double below = 0;
    for (const auto& [bound, value] : buckets) CHECK(std::exchange(below, value) <= value);
  }
}

TEST_CASE("no figure names a customer, an address or an invoice") {
  Measured shop;
  shop.tell("payment.failed", "in-1");
  const std::string text = shop.with("relance_dispatch_delay_seconds_count 2");
  for (const char* personal : {"cus_1", "ada", "Ada", "example.org", "33612345678", "in-1"}) {
    INFO(personal);
    CHECK(text.find(personal) == std::string::npos);
  }
}

TEST_CASE("what is drawn, alarmed about and explained exists, and all of it is explained") {
  Measured shop;
  shop.tell("payment.failed", "in-1");
  const Exposition now(shop.text());
  const std::string page = read(kSource / "docs/operating/alarms.md");
  const std::string rules = read(kSource / "packaging/monitoring/relance.rules.yml");
  const std::string board = read(kSource / "packaging/monitoring/relance-dashboard.json");
  CHECK(from_json(board));
  for (const std::string& text : {page, rules, board}) {
    REQUIRE(figures_in(text).size() > 10);
    for (const std::string& name : figures_in(text)) {
      INFO(name);
      CHECK(now.types.contains(name));
    }
  }
  const auto explained = figures_in(page);
  for (const auto& [name, type] : now.types) {
    INFO(name);
    CHECK(explained.contains(name));
  }
  static const std::regex alarm("- alert: (\\w+)");
  size_t alarms = 0;
  for (std::sregex_iterator it(rules.begin(), rules.end(), alarm), end; it != end; ++it, ++alarms)
    CHECK(page.find("| `" + (*it)[1].str() + "` |") != std::string::npos);
  CHECK(alarms > 10);
}
