// The base of the fakes of providers: what other tests build on.
#include "providers/fake_provider.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <future>

#include "net/net.h"

using namespace relance;

namespace {

class FakeBank : public FakeProvider {
 public:
  using FakeProvider::look_up;
  explicit FakeBank(const std::string& ledger_file = {}) : FakeProvider(with(ledger_file)) {
    route("POST", "/v1/accounts/*/pay", [this](const FakeRequest& request) {
      const std::string key(request.header("idempotency-key"));
      const std::string paid = "{\"paid\": \"" + key + "\"}";
      const auto before = ledger().add_once(key, "charge", request.parts.at(0), paid);
      return json_answer(200, before ? before->data : paid);
    });
  }
  ~FakeBank() override { close(); }

  HttpReply pay(const std::string& key, const std::string& account = "a%201") {
    HttpRequest request;
    request.method = "POST";
    request.url = url() + "/v1/accounts/" + account + "/pay";
    request.headers = {{"Idempotency-Key", key}};
    request.body = "amount=1";
    std::promise<HttpReply> promise;
    net_->http(std::move(request), [&](HttpReply reply) { promise.set_value(std::move(reply)); });
    return promise.get_future().get();
  }

 private:
  static Options with(const std::string& ledger_file) {
    Options options;
    options.ledger_file = ledger_file;
    return options;
  }
  std::unique_ptr<Net> net_ = make_curl_net();
};

}  // namespace

TEST_CASE("a fake does each key once and answers a repeat as it did the first time") {
  FakeBank bank;
  REQUIRE(bank.pay("k-1").body == "{\"paid\": \"k-1\"}");
  REQUIRE(bank.pay("k-1").body == "{\"paid\": \"k-1\"}");
  REQUIRE(bank.pay("k-2").status == 200);
  REQUIRE(bank.ledger().count("charge") == 2);
  REQUIRE(bank.ledger().doubled() == 0);
  REQUIRE(bank.ledger().find("k-1")->to == "a 1");
  REQUIRE(bank.requests().size() == 3);
  REQUIRE(bank.requests()[0].body == "amount=1");
}

TEST_CASE("a spoiled answer comes with its effect or without, as it was asked for") {
  FakeBank bank;
  using Effects = FakeProvider::Effects;
  bank.spare_next(1);
  bank.answer_next(1, 500, "{}");
  bank.html_next(1, Effects::done);
  bank.drop_next(1, Effects::none);
  bank.drop_next(1, Effects::done);
  REQUIRE(bank.pay("spared").status == 200);
  REQUIRE(bank.pay("failed").status == 500);
  const HttpReply html = bank.pay("html");
  REQUIRE(html.status == 200);
  REQUIRE(html.body.find("<html>") != std::string::npos);
  REQUIRE(bank.pay("lost").status == 0);
  REQUIRE(bank.pay("acted").status == 0);
  REQUIRE(bank.pay("well").status == 200);
  std::vector<std::string> done;
  for (const ProviderEffect& effect : bank.ledger().all()) done.push_back(effect.key);
  REQUIRE(done == std::vector<std::string>{"spared", "html", "acted", "well"});
}

TEST_CASE("a fake that starts again knows what it did before") {
  const std::string file = std::filesystem::temp_directory_path() /
                           ("relance_ledger_" + std::to_string(getpid()) + ".jsonl");
  std::filesystem::remove(file);
  {
    FakeBank bank(file);
    bank.pay("k-1");
  }
  FakeBank bank(file);
  REQUIRE(bank.ledger().count() == 1);
  bank.pay("k-1");
  bank.pay("k-2");
  REQUIRE(EffectLedger(file).count("charge") == 2);
  std::filesystem::remove(file);
}

TEST_CASE("an index that lags finds an effect later than the ledger") {
  FakeBank bank;
  bank.index_lag(hours(1));
  bank.pay("k-1");
  REQUIRE(bank.ledger().find("k-1"));
  REQUIRE_FALSE(bank.look_up("k-1"));
  bank.index_lag({});
  REQUIRE(bank.look_up("k-1"));
}

TEST_CASE("callbacks come in order, doubled, or the last first") {
  FakeBank bank;
  FakeProvider engine;  // takes what it is told, and answers 404
  const std::string url = engine.url() + "/hook";
  bank.copy_callbacks(2);
  bank.post(url, {{"X-Signature", "s"}}, "one");
  bank.copy_callbacks(1);
  REQUIRE(bank.wait_until([&] { return bank.callbacks().size() == 2; }));
  bank.hold_callbacks();
  bank.post(url, {}, "two");
  bank.post(url, {}, "three");
  bank.release_callbacks(true);
  REQUIRE(bank.wait_until([&] { return bank.callbacks().size() == 4; }));
  std::vector<std::string> bodies;
  for (const FakeRequest& request : engine.requests()) bodies.push_back(request.body);
  REQUIRE(bodies == std::vector<std::string>{"one", "one", "three", "two"});
  REQUIRE(engine.requests()[0].header("x-signature") == "s");
  REQUIRE(bank.callbacks()[0].status == 404);
}

TEST_CASE("an answer waits as long as it was told, its effect does not") {
  FakeBank bank;
  bank.answer_after(milliseconds(300));
  auto reply = std::async(std::launch::async, [&] { return bank.pay("k-1"); });
  REQUIRE(bank.wait_until([&] { return bank.ledger().count() == 1; }));
  REQUIRE(reply.wait_for(std::chrono::seconds(0)) == std::future_status::timeout);
  REQUIRE(reply.get().status == 200);
}

TEST_CASE("forms and credentials read back as they were written") {
  const Form form = {{"To", "+33 6&39"}, {"metadata[key]", "a=b%"}, {"Empty", ""}};
  REQUIRE(parse_form(write_form(form)) == form);
  REQUIRE(parse_form("a+b=c+d&flag&a+b=2") == Form{{"a b", "c d"}, {"flag", ""}, {"a b", "2"}});
  REQUIRE(field(form, "metadata[key]") == "a=b%");
  REQUIRE(field(form, "missing").empty());
  ServerRequest request;
  request.headers = {{"authorization", "Basic " + base64("AC1:to:ken")}};
  REQUIRE(basic_credentials(request) == std::pair<std::string, std::string>("AC1", "to:ken"));
  REQUIRE_FALSE(bearer_token(request));
  request.headers = {{"authorization", "bearer abc"}};
  REQUIRE(bearer_token(request) == "abc");
  for (const char* const bytes : {"", "a", "ab", "abc"})
    REQUIRE(base64_decode(base64(bytes)) == bytes);
  // RFC 4231, test case 2.
  REQUIRE(hex(hmac("SHA256", "Jefe", "what do ya want for nothing?")) ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}
