#include <atomic>

#include "core/customer/stop_words.h"
#include "net/http_server.h"
#include "providers/fake_provider.h"
#include "real_kannel.h"
#include "support/plugin_stage.h"

namespace relance {
namespace {

constexpr const char* kSecret = "what-only-the-gateway-knows";

std::string config(const std::string& url, const std::string& more = {}) {
  return R"({"url": ")" + url + R"(", "username": "relance", "from": "ACME",
    "password": {"secret": "KANNEL_PASSWORD"}, "inbound_secret": {"secret": "KANNEL_TOKEN"},
    "currency": "EUR", "prices": {"default": 80000, "+48": 42000})" +
         more + "}";
}

std::map<std::string, std::string, std::less<>> secrets(
    const std::string& password = RealKannel::kPassword) {
  return {{"KANNEL_PASSWORD", password}, {"KANNEL_TOKEN", kSecret}};
}

std::string token(const char* secret = kSecret) {
  return hex(hmac("SHA256", secret, "relance.sms.kannel"));
}

// The plugin in its host, and a server where Kannel reports to it.
class Shop {
 public:
  Shop() {
    ServerOptions options;
    options.listen = "127.0.0.1:0";
    auto server = start_http_server(
        options, [this](const ServerRequest& request, const HttpServer::Respond& respond) {
          take(request, respond);
        });
    REQUIRE(server);
    server_ = std::move(*server);
    callbacks_ = std::make_unique<CallbackUrls>("http://" + server_->address(),
                                                "a secret of this installation");
  }

  // Whom requests are handed to from now on; nullptr: nobody.
  void open(PluginStage* stage) {
    const std::lock_guard lock(mutex_);
    stage_ = stage;
  }
  // Whether the store takes events; what it does not take is answered 503.
  void keep(bool keeps) {
    const std::lock_guard lock(mutex_);
    stage_->fate = keeps ? EventFate::kept : EventFate::refused;
  }
  // Once it has happened; false: it did not, within 20 s.
  bool refused_one() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), [this] { return refused_ > 0; });
  }
  const CallbackUrls* callbacks() const { return callbacks_.get(); }
  std::string hook() const { return "http://" + server_->address() + "/v1/hooks/it"; }
  // As Kannel's configuration names it, with what Kannel fills in.
  std::string get_url() const {
    return hook() + "?token=" + token() + "&from=%p&to=%P&text=%a&charset=%C&coding=%c&ts=%T&id=%I";
  }

 private:
  void take(const ServerRequest& request, const HttpServer::Respond& respond) {
    const auto target = callbacks_->read(request.path());
    const std::lock_guard lock(mutex_);
    if (!target || stage_ == nullptr) return respond({404, "text/plain", "", {}});
    InboundRequest inbound;
    inbound.method = request.method;
    inbound.path = target->rest;
    inbound.query = std::string(request.query());
    inbound.url = callbacks_->as_sent(request.target);
    inbound.headers = request.headers;
    inbound.body = request.body;
    inbound.key = target->touch;
    stage_->host().request(target->instance, std::move(inbound),
                           [this, respond](const InboundAnswer& answer) {
                             told(answer);
                             respond({answer.status, answer.content_type, answer.body, {}});
                           });
  }

  void told(const InboundAnswer& answer) {
    if (answer.status != 503) return;
    ++refused_;
    changed_.notify_all();
  }

  std::recursive_mutex mutex_;  // an answer may come before the call has returned
  std::condition_variable_any changed_;
  std::atomic<int> refused_ = 0;
  PluginStage* stage_ = nullptr;
  std::unique_ptr<CallbackUrls> callbacks_;
  std::unique_ptr<HttpServer> server_;  // goes first
};

// The shop's plugin at work.
struct Open {
  Shop& shop;
  PluginStage stage;
  Open(Shop& at, const std::string& config, std::map<std::string, std::string, std::less<>> secrets)
      : shop(at),
        stage("relance.sms.kannel", config, std::move(secrets), PluginStage::Role::channel,
              at.callbacks()) {
    shop.open(&stage);
  }
  ~Open() { shop.open(nullptr); }
  PluginStage* operator->() { return &stage; }
};

TouchOrder text(const std::string& name, const std::string& words,
                const std::string& to = "+48601234567") {
  return PluginStage::order(name, to, {{"text", words}});
}

InboundRequest message(const std::string& query) {
  InboundRequest request;
  request.method = "GET";
  request.query = query;
  return request;
}

}  // namespace

TEST_CASE("a text goes out through Kannel, and the report of its delivery finds the touch",
          "[S2-02]") {
  Shop shop;
  RealKannel kannel;
  kannel.connect_smsc();
  Open open(shop, config(kannel.send_url()), secrets());
  const TouchOrder touch = text("a", "Dzien dobry {Ann}: 49,00 €");
  const OperationResult result = open->send(touch);
  CHECK(result.status == OperationStatus::done);
  CHECK(result.cost_micro == 42000);
  CHECK(result.cost_currency.text() == "EUR");
  CHECK(kannel.sent(1) ==
        std::vector<std::string>{"ACME +48601234567 text Dzien dobry {Ann}: 49,00 €"});
  const auto events = open->events(1);
  REQUIRE(events.size() == 1);
  CHECK(events[0].type == "sms.delivered");
  CHECK(events[0].key == touch.touch.key);
}

TEST_CASE("a long text is sent and billed in as many segments as the SMSC gets", "[S2-02]") {
  Shop shop;
  RealKannel kannel;
  kannel.connect_smsc();
  Open open(shop, config(kannel.send_url()), secrets());
  const OperationResult plain = open->send(text("plain", std::string(200, 'a')));
  CHECK(plain.status == OperationStatus::done);
  CHECK(plain.cost_micro == 2 * 42000);
  CHECK(kannel.sent(2).size() == 2);
  std::string polish;
  for (int i = 0; i < 70; ++i) polish += "ż";
  const OperationResult short_one = open->send(text("short", polish));
  CHECK(short_one.cost_micro == 42000);
  CHECK(short_one.data.view().find("encoding").text() == "ucs2");
  CHECK(kannel.sent(3)[2].find("ucs-2 %01%7C") != std::string::npos);
  const OperationResult long_one = open->send(text("long", polish + "ż"));
  CHECK(long_one.cost_micro == 2 * 42000);
  CHECK(kannel.sent(5).size() == 5);
  CHECK(open->events(3).size() == 3);  // one report a message, however many segments it has
}

TEST_CASE("a report that could not be kept is told again") {
  Shop shop;
  RealKannel kannel;
  kannel.connect_smsc();
  Open open(shop, config(kannel.send_url()), secrets());
  shop.keep(false);
  const TouchOrder touch = text("a", "Hello");
  CHECK(open->send(touch).status == OperationStatus::done);
  REQUIRE(shop.refused_one());
  shop.keep(true);
  const auto events = open->events(1);
  CHECK(events[0].type == "sms.delivered");
  CHECK(events[0].key == touch.touch.key);
}

TEST_CASE("a number that no SMSC takes is refused, and its report says so too") {
  Shop shop;
  RealKannel kannel;
  kannel.connect_smsc();
  Open open(shop, config(kannel.send_url()), secrets());
  const TouchOrder touch = text("nowhere", "Hello", "+99901234567");
  const OperationResult result = open->send(touch);
  CHECK(result.status == OperationStatus::refused);
  CHECK(result.word == "bounced");
  CHECK(result.reason == "Not routable. Do not try again.");
  const auto events = open->events(1);
  CHECK(events[0].type == "sms.failed");
  CHECK(events[0].key == touch.touch.key);
  CHECK(kannel.sent().empty());
}

TEST_CASE("with a wrong password Kannel takes nothing") {
  Shop shop;
  RealKannel kannel;
  kannel.connect_smsc();
  Open open(shop, config(kannel.send_url()), secrets("another"));
  const OperationResult result = open->send(text("a", "Hello"));
  CHECK(result.status == OperationStatus::failed);
  CHECK(result.reason == "Authorization failed for sendsms");
  CHECK(kannel.sent().empty());
}

TEST_CASE("what waits in Kannel for its SMSC is sent once it is there") {
  Shop shop;
  RealKannel kannel;
  Open open(shop, config(kannel.send_url()), secrets());
  const OperationResult result = open->send(text("a", "Hello"));
  CHECK(result.status == OperationStatus::done);
  CHECK(result.reason == "queued");
  CHECK(kannel.sent().empty());
  kannel.connect_smsc();
  CHECK(kannel.sent(1) == std::vector<std::string>{"ACME +48601234567 text Hello"});
  CHECK(open->events(1)[0].type == "sms.delivered");
}

TEST_CASE("STOP by text message comes in with the number that it closes") {
  Shop shop;
  RealKannel kannel(shop.get_url());
  Open open(shop, config(kannel.send_url()), secrets());
  kannel.connect_smsc({"+48601234567 ACME text Wypisz!"});
  const auto events = open->events(1);
  CHECK(events[0].type == "message.received");
  CHECK(events[0].data.view().find("address").text() == "+48601234567");
  CHECK(wish_of(*events[0].data.view().find("text").text(), events[0].address) == Wish::stop);
}

TEST_CASE("what a person writes arrives as it was written, in any alphabet") {
  Shop shop;
  RealKannel kannel(shop.get_url());
  Open open(shop, config(kannel.send_url()), secrets());
  kannel.connect_smsc({"48601234567 ACME ucs2 %01%42%00%20%d8%3d%de%00%d8%3d"});
  const auto events = open->events(1);
  CHECK(events[0].type == "message.received");
  CHECK(events[0].address == "+48601234567");
  CHECK(events[0].data.view().find("text").text() == "ł 😀\uFFFD");
}

TEST_CASE("messages without the right token, and reports of no known kind, are refused") {
  PluginStage stage("relance.sms.kannel", config("http://127.0.0.1:9/"), secrets());
  const std::string words = "&from=%2B48601234567&text=STOP&charset=UTF-8&id=1";
  CHECK(stage.request(message("token=" + token("another") + words)).status == 403);
  CHECK(stage.request(message(words)).status == 403);
  CHECK(stage.request(message("token=" + words)).status == 403);
  CHECK(stage.request(message("token=" + token() + "&from=ACME&text=STOP&id=1")).status == 400);
  CHECK(stage.request(message("token=" + token() + "&from=1%0d%0a&text=STOP&id=1")).status == 400);
  CHECK(stage.request(message("token=" + token() + "&from=123&text=a&id=a%20b")).status == 400);
  const std::string odd = "&from=%2B48601234567&text=%ff%c0%80a&charset=UTF-8&id=2";
  CHECK(stage.request(message("token=" + token() + odd)).status == 200);
  CHECK(stage.events(1)[0].data.view().find("text").text() == "\uFFFD\uFFFD\uFFFDa");
  InboundRequest report = message("d=3&a=x");
  report.key = derive_key({"touch", "a"});
  CHECK(stage.request(report).status == 400);
  report.query = "";
  CHECK(stage.request(report).status == 400);
  report.query = "d=8&a=ACK";  // taken by the SMSC: nothing that a flow waits for
  CHECK(stage.request(report).status == 200);
  report.query = "d=2&a=stat%3AUNDELIV&t=1767600000";
  CHECK(stage.request(report).status == 200);
  CHECK(stage.request(report).status == 200);
  const auto events = stage.events(3);
  REQUIRE(events.size() == 3);
  CHECK(events[1].type == "sms.bounced");
  CHECK(events[1].at.ms == 1767600000000);
  CHECK(events[1].data.view().find("reason").text() == "stat:UNDELIV");
  CHECK(events[1].id == events[2].id);  // a repeat is known by its id
}

TEST_CASE("a gateway that is not there has sent nothing; one that does not answer may have") {
  FakeProvider gateway;
  const std::string url = gateway.url() + "/cgi-bin/sendsms";
  PluginStage stage("relance.sms.kannel", config(url), secrets());

  gateway.drop_next(1, FakeProvider::Effects::none);
  CHECK(stage.send(text("dropped", "Hello")).status == OperationStatus::unknown);
  gateway.html_next(1);
  CHECK(stage.send(text("html", "Hello")).status == OperationStatus::unknown);
  gateway.answer_next(1, 202, "Thank you");
  CHECK(stage.send(text("else", "Hello")).status == OperationStatus::unknown);
  gateway.answer_next(1, 500, "Internal error");
  CHECK(stage.send(text("500", "Hello")).status == OperationStatus::unknown);
  gateway.answer_next(1, 503, "Temporal failure, try again later.");
  const OperationResult later = stage.send(text("503", "Hello"));
  CHECK(later.status == OperationStatus::not_now);
  CHECK_FALSE(later.again_at.is_never());
  gateway.answer_next(1, 503, "<html>overloaded</html>");
  CHECK(stage.send(text("proxy", "Hello")).status == OperationStatus::unknown);
  gateway.close();
  CHECK(stage.send(text("gone", "Hello")).status == OperationStatus::not_now);
}

TEST_CASE("a request names the time that is left, and no header that a text could add") {
  FakeProvider gateway;
  PluginStage stage("relance.sms.kannel", config(gateway.url() + "/sendsms"), secrets());
  gateway.answer_next(1, 202, "0: Accepted for delivery");
  TouchOrder touch = text("a", "one\r\nX-Kannel-To: +1");
  touch.not_after = SystemClock().now() + minutes(30) + seconds(30);
  CHECK(stage.send(touch).status == OperationStatus::done);
  REQUIRE(gateway.requests().size() == 1);
  const FakeRequest request = gateway.requests()[0];
  CHECK(request.method == "POST");
  CHECK(request.header("x-kannel-password") == RealKannel::kPassword);
  CHECK(request.header("x-kannel-username") == "relance");
  CHECK(request.header("x-kannel-to") == "+48601234567");
  CHECK(request.header("x-kannel-validity") == "30");
  CHECK(request.header("x-kannel-dlr-url").empty());  // nobody can reach this host
  CHECK(request.body == "one\r\nX-Kannel-To: +1");
  CHECK(request.target == "/sendsms");  // no password where proxies write logs
}

TEST_CASE("what cannot be sent is not asked of Kannel") {
  PluginStage stage("relance.sms.kannel",
                    config("http://127.0.0.1:9/", R"(, "most_segments": 2, "simplify": true)"),
                    secrets());
  const OperationResult number = stage.send(text("a", "Hello", "601 234 567"));
  CHECK(number.status == OperationStatus::refused);
  CHECK(number.word == "bounced");
  CHECK(stage.send(text("b", "")).reason == "no_text");
  CHECK(stage.send(text("c", std::string(307, 'a'))).reason == "too_long");
  TouchOrder late = text("d", "Hello");
  late.not_after = SystemClock().now() - seconds(1);
  CHECK(stage.send(late).reason == "too_late");
  // The dearest country and the longest text: what a budget has to count with.
  CHECK(stage.host().channel("it")->cost_micro == 2 * 80000);
  CHECK(stage.host().channel("it")->delivery == DeliveryClass::blind);
}

}  // namespace relance
