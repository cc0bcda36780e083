// Webhooks over real HTTP into what `relance serve` runs: genuine ones, and what senders that lie
// or stumble make of them. A real store, real plugins, a fake Twilio.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "net/raw_client.h"
#include "providers/fake_twilio.h"
#include "script/load.h"
#include "serve/serving.h"
#include "support/told_process.h"
#include "support/web.h"

namespace fs = std::filesystem;
using namespace relance;
using test::RawClient;
using test::ToldProcess;

namespace {

const std::string kPublic = "http://127.0.0.1:1";  // nobody: what is told, the tests tell
const std::string kSecret = "whsec_of_the_test";
const std::string kFailed =
    R"({"id":"evt_1","object":"event","created":)" + std::to_string(SystemClock().now().ms / 1000) +
    R"(,"type":"invoice.payment_failed",)" +
    R"("data":{"object":{"id":"in_1","object":"invoice","customer":"cus_1","amount_due":4900,)" +
    R"("currency":"eur","attempt_count":1}}})";

std::string bundle_text(const FakeTwilio& twilio, const std::string& customers) {
  return R"(return bundle {
  name = "hooks", currency = "EUR", zone = "Europe/Paris", locale = "en", controller = "A shop",
  channels = { sms = plugin "relance.sms.twilio" { api_url = ")" +
         twilio.url() + R"(", account_sid = ")" + FakeTwilio::kAccount +
         R"(", auth_token = secret "HOOKS_TOKEN", from = "+15005550006" } },
  sources = {
    payments = plugin "relance.source.stripe" { signing_secret = secret "HOOKS_SECRET" },
  },
  crm = plugin "relance.crm.csv" { file = ")" +
         customers + R"(" },
})";
}

constexpr const char* kFlow = R"(
local f = flow "remind" { start = event "payment.failed", key = "invoice_id",
  purpose = "service", expire = days(3) }
f.text = send { via = "sms", template = "hello" }
ignore { f.text }
return f
)";

// A shop whose customer cus_1 gets a text for a payment that failed.
class Hooked {
 public:
  explicit Hooked(const std::string& name)
      : folder_(fs::path(RELANCE_BUILD_DIR) / "tests/serve" / ("hooks-" + name)) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    std::ofstream(folder_ / "customers.csv")
        << "id,email,phone,timezone,locale,first_name,country\n"
           "cus_1,ann@example.com,+14155550100,Europe/Paris,en,Ann,US\n";
    library_ = open_plugin_library({RELANCE_BUILD_DIR "/lib/relance/plugins"});
    const BundleSources sources{
        {"bundle.lua", bundle_text(twilio, (folder_ / "customers.csv").string())},
        {"contact.lua", "return contact {}"},
        {"remind.lua", kFlow},
        {"templates/hello.sms.en.mustache", "Your payment failed."}};
    const LoadedBundle loaded = load_bundle(sources, "hooks", load_options(*library_, false));
    for (const Finding& finding : loaded.findings) UNSCOPED_INFO(finding.error.text());
    bundle_ = loaded.bundle;
    REQUIRE(bundle_);
    start();
  }
  void start() {
    ServeOptions options;
    options.http.listen = "127.0.0.1:0";
    options.http.body_time = milliseconds(300);
    options.public_url = kPublic;
    options.installation.store = (folder_ / "shop.db").string();
    options.installation.process = &secrets;
    std::vector<Error> errors;
    auto made = Serving::make(bundle_, *library_, options, errors);
    for (const Error& error : errors) UNSCOPED_INFO(error.text());
    REQUIRE(made);
    serving = std::move(*made);
  }

  HttpReply post(const std::string& path, const std::string& body, Web::Headers headers) {
    return web.ask("POST", "http://" + serving->address() + path, body, std::move(headers));
  }
  // As Stripe signs it, so many seconds ago.
  static Web::Headers signed_by(const std::string& secret, const std::string& body,
                                int64_t ago_s = 0) {
    const std::string time = std::to_string(SystemClock().now().ms / 1000 - ago_s);
    return {{"Content-Type", "application/json"},
            {"Stripe-Signature",
             "t=" + time + ",v1=" + hex(hmac("SHA256", secret, time + "." + body))}};
  }
  int tell(const std::string& body, Web::Headers headers) {
    return post("/v1/hooks/payments", body, std::move(headers)).status;
  }
  // A receipt of a message without the touch's key: of an account's own callback address.
  int receipt(const std::string& sid, const std::string& status = "delivered") {
    const Form form{
        {"AccountSid", FakeTwilio::kAccount}, {"MessageSid", sid}, {"MessageStatus", status}};
    std::string text = kPublic + "/v1/hooks/sms";
    for (const auto& [name, value] : form) text += name + value;
    return post("/v1/hooks/sms", write_form(form),
                {{"Content-Type", "application/x-www-form-urlencoded"},
                 {"X-Twilio-Signature", base64(hmac("SHA1", FakeTwilio::kToken, text))}})
        .status;
  }
  NodeStatistics now() { return serving->installation().node().statistics(); }
  uint64_t entries() { return now().entries; }
  std::string metrics() { return web.ask("GET", "http://" + serving->address() + "/metrics").body; }

  FakeTwilio twilio;
  Web web;
  ToldProcess secrets{{"HOOKS_SECRET", kSecret}, {"HOOKS_TOKEN", FakeTwilio::kToken}};
  std::unique_ptr<Serving> serving;

 private:
  const fs::path folder_;
  std::unique_ptr<PluginLibrary> library_;
  std::shared_ptr<const Bundle> bundle_;
};

}  // namespace

TEST_CASE("a genuine webhook is kept once, however often it comes, and counts where it came from",
          "[bad_input]") {
  Hooked shop("genuine");
  for (int again = 0; again < 3; ++again)
    CHECK(shop.tell(kFailed, Hooked::signed_by(kSecret, kFailed)) == 200);
  CHECK(shop.now().from_plugins["payments"] == 3);
  CHECK(shop.now().duplicates == 2);
  CHECK(shop.metrics().find(R"(relance_events_accepted_total{from="plugin:payments"} 3)") !=
        std::string::npos);
  REQUIRE(shop.twilio.wait_until([&] { return shop.twilio.messages().size() == 1; }));
  REQUIRE(shop.serving->stop(seconds(5)));
  CHECK(shop.twilio.ledger().count("message") == 1);
}

TEST_CASE("a forged, altered, replayed or truncated webhook leaves nothing", "[bad_input]") {
  Hooked shop("forged");
  const Web::Headers good = Hooked::signed_by(kSecret, kFailed);
  std::string altered = kFailed;
  altered.replace(altered.find("4900"), 4, "9900");
  CHECK(shop.tell(kFailed, Hooked::signed_by("another", kFailed)) == 401);
  CHECK(shop.tell(kFailed, {}) == 401);
  CHECK(shop.tell(altered, good) == 401);
  CHECK(shop.tell(kFailed, Hooked::signed_by(kSecret, kFailed, 3600)) == 401);  // an hour ago
  for (size_t length : {size_t{0}, size_t{1}, kFailed.size() / 2, kFailed.size() - 1})
    CHECK(shop.tell(kFailed.substr(0, length), good) >= 400);
  // Signed, and cut off inside: no JSON.
  const std::string half = kFailed.substr(0, kFailed.size() / 2);
  CHECK(shop.tell(half, Hooked::signed_by(kSecret, half)) == 400);
  CHECK(shop.entries() == 0);
  CHECK(shop.now().from_plugins.empty());
  CHECK(shop.tell(kFailed, good) == 200);  // and harms nobody
}

TEST_CASE("a webhook that stops in the middle, or is too long, never reaches a plugin",
          "[bad_input]") {
  Hooked shop("cut");
  const std::string head = "POST /v1/hooks/payments HTTP/1.1\r\nHost: x\r\nContent-Length: ";
  {
    RawClient gone(shop.serving->address());
    gone.send(head + std::to_string(kFailed.size()) + "\r\n\r\n" + kFailed.substr(0, 50));
  }
  RawClient slow(shop.serving->address());
  slow.send(head + std::to_string(kFailed.size()) + "\r\n\r\n" + kFailed.substr(0, 50));
  CHECK(test::status_of(slow.read_answer()) == 408);
  RawClient announced(shop.serving->address());
  announced.send(head + "524288000\r\n\r\n");
  CHECK(test::status_of(announced.read_answer()) == 413);
  const std::string big = "{\"id\":\"" + std::string(2u << 20, 'x') + "\"}";
  CHECK(shop.tell(big, Hooked::signed_by(kSecret, big)) == 413);
  CHECK(shop.entries() == 0);
  CHECK(shop.tell(kFailed, Hooked::signed_by(kSecret, kFailed)) == 200);
}

TEST_CASE("a receipt that overtakes the answer to its send is taken, also over a restart",
          "[early]") {
  Hooked shop("overtakes");
  const std::string sid = "SM" + std::string(31, '0') + "1";
  CHECK(shop.receipt(sid) == 200);
  CHECK(shop.receipt(sid) == 200);  // once
  CHECK(shop.now().early_events == 1);
  CHECK(shop.metrics().find("relance_events_early 1") != std::string::npos);
  shop.serving.reset();  // nothing is waited for
  shop.start();
  const auto waits = [&](uint64_t so_many) {
    return shop.twilio.wait_until([&] { return shop.now().early_events == so_many; });
  };
  CHECK(waits(1));
  CHECK(shop.tell(kFailed, Hooked::signed_by(kSecret, kFailed)) == 200);  // its text is that one
  REQUIRE(shop.twilio.wait_until([&] { return shop.twilio.messages().size() == 1; }));
  CHECK(waits(0));
  CHECK(shop.receipt(sid) == 200);
  CHECK(shop.now().early_events == 0);
  REQUIRE(shop.serving->stop(seconds(5)));
}

TEST_CASE("a trace goes on from the event to its provider's request, and a false one does not") {
  Hooked shop("trace");
  const auto tell = [&](const std::string& id, const std::string& trace,
                        const std::string& field = "note") {
    const std::string event =
        R"({"specversion":"1.0","id":")" + id + R"(","source":"/shop","type":"payment.failed",)" +
        R"("time":")" + format_instant(SystemClock().now()) + R"(","traceparent":")" + trace +
        R"(","subject":"cus_1","data":{"invoice_id":")" + id + R"(",")" + field + R"(":")" + trace +
        R"(","amount":{"minor":4900,"currency":"EUR"},"decline":{"raw_code":"51"}}})";
    return shop.post("/v1/events", event, {{"Content-Type", "application/cloudevents+json"}})
        .status;
  };
  const auto sent = [&](size_t messages) {
    REQUIRE(shop.twilio.wait_until([&] { return shop.twilio.messages().size() == messages; }));
    return std::string(shop.twilio.requests().back().header("traceparent"));
  };
  const std::string begins = "00-" + std::string(32, 'a') + "-", span(16, 'b');
  CHECK(tell("1", begins + span + "-01") == 202);
  const std::string given = sent(1);
  CHECK(given.size() == begins.size() + span.size() + 3);
  CHECK(given.starts_with(begins));
  CHECK(given.ends_with("-01"));
  CHECK(given.find(span) == std::string::npos);  // it is a span of our own
  CHECK(tell("2", "nonsense\\r\\nX-Evil: 1") == 202);
  CHECK(sent(2).empty());
  CHECK(tell("3", std::string(60, 'x') + "\\r\\nX-Evil: 1", "traceparent") == 202);
  CHECK(sent(3).empty());
}
