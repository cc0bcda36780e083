// Flows of a shop that is served for real: events come in over HTTP, calls and messages leave to
// the fake provider, and what it calls back joins the run.
#include <filesystem>
#include <fstream>

#include "script/bundle.h"
#include "script/load.h"
#include "serve/serving.h"
#include "support/told_process.h"
#include "support/web.h"
#include "twilio/wires.h"

namespace fs = std::filesystem;
using namespace relance;
using namespace relance::twilio_fake;

namespace {

const std::string kSofia = "+13125550172", kMaya = "+12135550186";  // of the sample customers

const Currency kDollars = *Currency::parse("USD");

// Two e-mails that are ignored, then a call.
constexpr const char* kCallAtLast = R"(local f = flow "ours" {
  start = event "payment.failed", key = "invoice_id", goal = event "payment.succeeded",
  purpose = "recovery", expire = days(2),
}
f.profile = fetch { from = "crm", need = { "email", "phone", "locale", "timezone" } }
f.email = send {
  after = f.profile.found, via = "email", template = "payment_link", tries = 2, gap = seconds(1),
  expect = event "link.clicked",
}
f.call = send {
  after = f.email.ignored, via = "voice", script = "payment_help",
  data = function(run) return { amount = run.event.amount } end,
}
f.human = handoff { queue = "billing", after = any { f.call.wants_human, f.call.dissatisfied } }
f.note = record { what = "contact_result", after = any {
  f.call.opted_out, f.call.refused, f.call.wrong_person, f.call.promised, f.email.opted_out } }
ignore { f.profile.failed, f.profile.missing, f.call.failed, f.call.invalid_number,
         f.email.failed, f.email.bounced }
return f
)";

constexpr const char* kText = R"(local f = flow "ours" {
  start = event "payment.failed", key = "invoice_id", purpose = "recovery", expire = days(2),
}
f.profile = fetch { from = "crm", need = { "phone", "locale", "timezone" } }
f.sms = send {
  after = f.profile.found, via = "sms", template = "payment_link",
  data = function(run) return { amount = run.event.amount } end,
}
ignore { f.profile.failed, f.profile.missing, f.sms.failed, f.sms.bounced, f.sms.opted_out }
return f
)";

// The shipped shop with one flow of ours, and the provider behind its telephone.
class Shop {
 public:
  Shop(const std::string& name, const char* flow)
      : folder_(fs::path(RELANCE_BUILD_DIR) / "tests/twilio" / name) {
    fs::remove_all(folder_);
    fs::create_directories(folder_.parent_path());
    fs::copy(RELANCE_SOURCE_DIR "/flows", folder_, fs::copy_options::recursive);
    for (const fs::directory_entry& other : fs::directory_iterator(folder_))
      if (other.path().extension() == ".lua" && other.path().filename() != "events.lua")
        fs::remove(other.path());
    write("ours.lua", flow);
    write("contact.lua", "return contact { suppress = { \"opted_out\" } }\n");
    write("bundle.lua", bundle());
    library_ = open_plugin_library({RELANCE_BUILD_DIR "/lib/relance/plugins"});
    auto sources = read_bundle(folder_.string());
    REQUIRE(sources);
    LoadedBundle loaded = load_bundle(*sources, folder_.string(), load_options(*library_, false));
    for (const auto& finding : loaded.findings) UNSCOPED_INFO(finding.error.text());
    REQUIRE(loaded.bundle);
    ServeOptions options;
    options.http.listen = "127.0.0.1:0";
    options.installation.store = (folder_ / "shop.db").string();
    options.installation.process = &secrets_;
    std::vector<Error> errors;
    auto serving = Serving::make(loaded.bundle, *library_, options, errors);
    for (const Error& error : errors) UNSCOPED_INFO(error.text());
    REQUIRE(serving);
    serving_ = std::move(*serving);
  }
  ~Shop() {
    twilio.close();
    static_cast<void>(serving_->stop(seconds(5)));
  }

  int tell(const std::string& id, const std::string& type, const std::string& customer,
           const std::string& invoice) {
    const Doc data = Doc::record(
        {{"invoice_id", Doc::text(invoice)}, {"amount", Doc::money({49900, kDollars})}});
    const std::string body = to_json(Doc::record({{"specversion", Doc::text("1.0")},
                                                  {"id", Doc::text(id)},
                                                  {"source", Doc::text("/shop")},
                                                  {"type", Doc::text(type)},
                                                  {"time", Doc::instant(SystemClock().now())},
                                                  {"subject", Doc::text(customer)},
                                                  {"data", data}}));
    const HttpReply reply = web_.ask("POST", "http://" + serving_->address() + "/v1/events", body,
                                     {{"Content-Type", "application/cloudevents+json"}});
    UNSCOPED_INFO(reply.body);
    return reply.status;
  }
  std::string hook(const std::string& instance) const {
    return "http://" + serving_->address() + "/v1/hooks/" + instance;
  }

  FakeTwilio twilio;

 private:
  void write(const char* name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
  }
  std::string bundle() const {
    const std::string account = R"({ account_sid = ")" + std::string(FakeTwilio::kAccount) +
                                R"(", auth_token = secret "TWILIO_TOKEN", api_url = ")" +
                                twilio.url() + R"(", from = "+15005550006" })";
    return R"(return bundle {
  name = "shop", currency = "USD", zone = "America/Chicago", locale = "en",
  controller = "Lumen Shop", link = "https://pay.example.com/",
  channels = {
    email = plugin "relance.sandbox" { as = "email", react = { open = 0, click = 0, stop = 0 } },
    sms   = plugin "relance.sms.twilio" )" +
           account + R"(,
    voice = plugin "relance.voice.twilio" )" +
           account + R"(,
  },
  crm = plugin "relance.crm.csv" { file = "sample/customers.csv" },
  understanding = { plugin "relance.understand.keys" {}, plugin "relance.understand.phrases" {} },
  queues = { billing = { lease = minutes(30) } },
}
)";
  }

  fs::path folder_;
  test::ToldProcess secrets_{{"TWILIO_TOKEN", FakeTwilio::kToken}};
  std::unique_ptr<PluginLibrary> library_;
  std::unique_ptr<Serving> serving_;
  Web web_;
};

bool has(const std::vector<std::string>& lines, const std::string& part) {
  return std::any_of(lines.begin(), lines.end(),
                     [&](const std::string& line) { return line.find(part) != std::string::npos; });
}

}  // namespace

TEST_CASE("the link that is sent during a call is paid, and the call ends with thanks",
          "[S2-28][S0-17]") {
  Shop shop("paid_in_the_call", kCallAtLast);
  Callee sofia;
  sofia.answers = {words("yes"), words("it was my bank"), words("yes, send me the link please")};
  shop.twilio.callee(kSofia, sofia);
  REQUIRE(shop.tell("1", "payment.failed", "customer-0004", "i-1") == 202);

  REQUIRE(shop.twilio.wait_until([&] { return shop.twilio.messages().size() == 1; }));
  const Form text = shop.twilio.messages()[0];
  CHECK(field(text, "To") == kSofia);
  CHECK(field(text, "Body").find("https://pay.example.com/") != std::string::npos);
  CHECK(shop.twilio.call(0).status == "in-progress");

  REQUIRE(shop.tell("2", "payment.succeeded", "customer-0004", "i-1") == 202);
  REQUIRE(shop.twilio.wait_until([&] { return shop.twilio.call(0).status == "completed"; }));
  const CallState call = shop.twilio.call(0);
  CHECK(has({call.heard.front()}, "this is Lumen Shop"));
  CHECK(has(call.heard, "Am I speaking with Sofia?"));
  CHECK(has({call.heard.back()}, "your payment has just arrived"));
  CHECK(call.trouble.empty());
  CHECK(shop.twilio.ledger().count("call") == 1);
  CHECK(shop.twilio.ledger().count("message") == 1);
  CHECK(shop.twilio.ledger().doubled() == 0);
}

TEST_CASE("STOP by text message holds at once, also for the run that comes next") {
  Shop shop("stop", kText);
  shop.twilio.receive(shop.hook("sms"), kSofia, "Stop.");
  REQUIRE(shop.twilio.wait_until([&] { return shop.twilio.callbacks().size() == 1; }));
  CHECK(shop.twilio.callbacks()[0].status == 200);
  REQUIRE(shop.tell("1", "payment.failed", "customer-0004", "i-1") == 202);
  REQUIRE(shop.tell("2", "payment.failed", "customer-0012", "i-2") == 202);
  REQUIRE(shop.twilio.wait_until([&] { return !shop.twilio.messages().empty(); }));
  REQUIRE(shop.tell("3", "payment.failed", "customer-0012", "i-3") == 202);
  REQUIRE(shop.twilio.wait_until([&] { return shop.twilio.messages().size() == 2; }));
  for (const Form& message : shop.twilio.messages()) CHECK(field(message, "To") == kMaya);
}
