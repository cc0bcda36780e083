// Who sent it? The vectors are those of the providers' own schemes, computed with two independent
// programs.
#include <catch2/catch.hpp>

#include "sources/source_desk.h"

using namespace sources_test;

namespace {

constexpr const char* kEvent = R"({"id":"evt_1","object":"event",)"
                               R"("type":"invoice.payment_failed"})";
constexpr const char* kVector = "6ba91f21ad80f8e66f70cc1ca35721a34ca50f25611ad469224138d8128232ca";

// Of Stripe, at the time of its vector. That event has no customer: passed, it gives nothing.
struct AtVector : SourceDesk {
  AtVector() : SourceDesk("stripe") {
    secrets = {{"KEY", "whsec_test_secret"}};
    host.now = 1700000000000;
  }
  int status(const std::string& header) {
    return post({{"stripe-signature", header}}, kEvent).status;
  }
};

const std::string kPaid = R"({"id":1,"financial_status":"paid","email":"a@b.example",)"
                          R"("updated_at":"2025-11-20T10:00:00Z"})";

}  // namespace

TEST_CASE_METHOD(AtVector, "a signature is computed as its provider does it: Stripe") {
  CHECK(status(std::string("t=1700000000,v1=") + kVector) == 200);
  CHECK(status(std::string("t=1700000001,v1=") + kVector) == 401);
  CHECK(host.events.empty());
}

TEST_CASE_METHOD(AtVector, "one of several signatures is enough; schemes of others count nothing") {
  const std::string good = kVector, bad(64, '0');
  CHECK(status("t=1700000000,v1=" + bad + ",v1=" + good + ",v0=" + bad) == 200);
  CHECK(status("t=1700000000, v1=" + good) == 200);
  CHECK(status("t=1700000000,v0=" + good) == 401);
  CHECK(status("t=1700000000,v1=" + bad) == 401);
}

TEST_CASE_METHOD(AtVector, "a header that cannot be read is refused") {
  const std::string good = kVector;
  for (const std::string header : {"", ",", "=", "t=", "t=1700000000", "v1=", "t=1700000000,v1=",
                                   "t=1700000000,v1=6ba9", "garbage", "t=1,t=2,v1", "t=-1,v1=00"}) {
    INFO(header);
    CHECK(status(header) == 401);
  }
  CHECK(status("v1=" + good) == 401);
  CHECK(status("t=99999999999999999999,v1=" + good) == 401);
  CHECK(post({}, kEvent).status == 401);
}

TEST_CASE("a webhook signed too long ago, or in a time to come, is a replay") {
  SourceDesk desk("stripe");
  const std::string body = kEvent;
  const Headers headers = desk.sign(body);
  const int64_t signed_at = desk.host.now;
  for (const auto& [late_s, status] :
       std::map<int, int>{{-301, 401}, {-300, 200}, {0, 200}, {300, 200}, {301, 401}}) {
    INFO(late_s << " s later");
    desk.host.now = signed_at + late_s * 1000;
    CHECK(desk.post(headers, body).status == status);
  }
  SourceDesk patient("stripe", R"(, "replay_window": 600000)");
  patient.host.now = signed_at + 599'000;
  CHECK(patient.post(headers, body).status == 200);
}

TEST_CASE("a signature is computed as its provider does it: Shopify") {
  SourceDesk desk("shopify");
  const std::string body = R"({"id":820982911946154508,"financial_status":"pending"})";
  const std::string vector = "dyCu1ub9viwXBjVSXD0QdZZj3JBrsA8bbLxUPPbeBtQ=";
  CHECK(desk.post({{"x-shopify-hmac-sha256", vector}, {"x-shopify-topic", "orders/paid"}}, body)
            .status == 200);
  CHECK(
      desk.post({{"shopify-hmac-sha256", vector}, {"shopify-topic", "orders/paid"}}, body).status ==
      200);
  CHECK(
      desk.post({{"x-shopify-hmac-sha256", vector}, {"x-shopify-topic", "orders/paid"}}, body + " ")
          .status == 401);
}

TEST_CASE("a signature is computed as its provider does it: EasyPost") {
  SourceDesk desk("logistics", R"(, "format": "easypost")");
  const std::string body = R"({"id":"evt_1","object":"Event","description":"tracker.updated"})";
  const auto status = [&](const std::string& vector) {
    return desk.post({{"x-hmac-signature", "hmac-sha256-hex=" + vector}}, body).status;
  };
  const std::string plain = "1f60465ac48f085f1277908cfc5e8babcf7843c0b2fc7f0707cd60faa9484cbd";
  const std::string accented = "4a90dd8864e1c99ae07acd717a55a1b95b9e735f56034260dfeb58d11e814f88";
  desk.secrets["KEY"] = "secret";
  CHECK(status(plain) == 200);
  CHECK(status(accented) == 401);
  desk.secrets["KEY"] =
      "se\xcc\x81"
      "cret";  // as it is to be stored: decomposed
  CHECK(status(accented) == 200);
  CHECK(desk.post({{"x-hmac-signature", plain}}, body).status == 401);
}

TEST_CASE("a changed byte anywhere is a forgery, and nothing is told") {
  SourceDesk desk("shopify");
  Headers headers = desk.sign(kPaid);
  headers.emplace_back("x-shopify-topic", "orders/paid");
  REQUIRE(desk.post(headers, kPaid).status == 200);
  REQUIRE(desk.host.events.size() == 1);
  for (size_t at = 0; at < kPaid.size(); ++at) {
    std::string forged = kPaid;
    forged[at] = static_cast<char>(forged[at] ^ 1);
    CHECK(desk.post(headers, forged).status == 401);
  }
  for (size_t at = 0; at < headers[0].second.size() - 1; ++at) {
    Headers forged = headers;
    forged[0].second[at] = forged[0].second[at] == 'A' ? 'B' : 'A';
    if (forged[0].second != headers[0].second) CHECK(desk.post(forged, kPaid).status == 401);
  }
  CHECK(desk.host.events.size() == 1);
  CHECK(desk.host.log.size() == 1);  // not one a forgery
}

TEST_CASE("while a secret rotates both are taken, and afterwards the new one alone") {
  SourceDesk desk("woocommerce");
  desk.secrets = {{"KEY", "new"}, {"KEY_PREVIOUS", "old"}};
  const std::string body = R"({"id":1})";
  const Headers topic = {{"x-wc-webhook-topic", "order.deleted"}};
  const auto status = [&](const std::string& key) {
    Headers headers = desk.sign(body, key);
    headers.push_back(topic[0]);
    return desk.post(headers, body).status;
  };
  CHECK(status("new") == 200);
  CHECK(status("old") == 200);
  CHECK(status("older") == 401);
  desk.secrets.erase("KEY_PREVIOUS");
  CHECK(status("old") == 401);
  desk.secrets.clear();
  CHECK(status("new") == 503);  // ours to mend: the provider repeats it
}

TEST_CASE("a carrier's own scheme is configuration: header, encoding, algorithm, signed time") {
  SourceDesk desk("logistics", R"(, "format": "generic", "signature": {
    "headers": ["X-Carrier-Signature"], "encoding": "base64", "prefix": "", "algorithm": "sha512",
    "time_header": "X-Carrier-Time"})");
  const std::string body = R"({"id":"1","kind":"delivered","customer_id":"c","shipment_id":"s"})";
  const std::string time = std::to_string(desk.host.now / 1000);
  const std::string signature = base64(raw_hmac(EVP_sha512(), "hush", time + "." + body));
  CHECK(desk.post({{"x-carrier-signature", signature}, {"x-carrier-time", time}}, body).status ==
        200);
  CHECK(desk.host.events.size() == 1);
  CHECK(desk.post({{"x-carrier-signature", signature}}, body).status == 401);
  desk.host.now += 301'000;
  CHECK(desk.post({{"x-carrier-signature", signature}, {"x-carrier-time", time}}, body).status ==
        401);
  CHECK(desk.host.events.size() == 1);
}

TEST_CASE("WooCommerce's unsigned greeting is answered, and tells nothing") {
  SourceDesk desk("woocommerce");
  CHECK(desk.post({}, "webhook_id=17").status == 200);
  CHECK(desk.post({}, "webhook_id=17&id=1").status == 401);
  CHECK(desk.post({}, "webhook_id=").status == 401);
  CHECK(desk.host.events.empty());
}
