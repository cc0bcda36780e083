// Webhooks into relance.email.smtp: who may call, and what comes of it.
#include <openssl/hmac.h>

#include "support/plugin_stage.h"

using namespace relance;

namespace {

const char* const kConfig = R"({"url":"smtp://127.0.0.1:1","from":"hello@shop.example",
  "mailbox_secret":{"secret":"MAILBOX"}})";

std::string hmac_hex(const std::string& secret, const std::string& data) {
  unsigned char bytes[32];
  unsigned int length = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(data.data()), data.size(), bytes, &length);
  std::string hex;
  for (const unsigned char byte : bytes) {
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex;
}

struct Mailbox {
  PluginStage stage{
      "relance.email.smtp", kConfig, {{"MAILBOX", "now"}, {"MAILBOX_PREVIOUS", "before"}}};

  int post(const std::string& body, const std::string& path,
           std::vector<std::pair<std::string, std::string>> headers = {}, Key key = {},
           const std::string& method = "POST") {
    InboundRequest request;
    request.method = method;
    request.path = path;
    request.headers = std::move(headers);
    request.body = body;
    request.key = key;
    return stage.request(std::move(request)).status;
  }
};

const Key kTouch = derive_key({"touch", "ann"});

std::string bounce() {
  return R"([{"email":"ann@example.com","event":"bounce","status":"5.1.1","sg_event_id":"e1",)"
         R"("sg_message_id":"m1","relance_key":")" +
         kTouch.text() + R"("}])";
}

}  // namespace

TEST_CASE("a mailbox takes only what carries its token or signature, the old secret's too") {
  Mailbox mailbox;
  CHECK(mailbox.post(bounce(), "") == 401);
  CHECK(mailbox.post(bounce(), "/" + hmac_hex("guessed", "mailbox")) == 401);
  CHECK(mailbox.post(bounce(), "", {{"x-relance-signature", "sha256="}}) == 401);
  CHECK(mailbox.post(bounce() + " ", "",
                     {{"x-relance-signature", "sha256=" + hmac_hex("now", bounce())}}) == 401);
  CHECK(mailbox.post(bounce(), "/" + hmac_hex("now", "mailbox")) == 200);
  CHECK(mailbox.post(bounce(), "/" + hmac_hex("before", "mailbox")) == 200);
  CHECK(mailbox.post(bounce(), "",
                     {{"x-relance-signature", "sha256=" + hmac_hex("now", bounce())}}) == 200);
  CHECK(mailbox.stage.events(3).size() == 3);
}

TEST_CASE("a bounce becomes a receipt of its touch") {
  Mailbox mailbox;
  REQUIRE(mailbox.post(bounce(), "/" + hmac_hex("now", "mailbox")) == 200);
  const PluginEvent event = mailbox.stage.events(1).at(0);
  CHECK(event.type == "email.bounced");
  CHECK(event.key == kTouch);
  CHECK(event.address == "ann@example.com");
  CHECK(event.id == "sendgrid:e1");
}

TEST_CASE("a complaint and a reply come as raw messages") {
  Mailbox mailbox;
  const std::string token = "/" + hmac_hex("now", "mailbox");
  REQUIRE(mailbox.post("From: ann@example.com\r\nMessage-ID: <r1@example.com>\r\nIn-Reply-To: <" +
                           kTouch.text() + "@shop.example>\r\n\r\nI paid yesterday\r\n",
                       token) == 200);
  const PluginEvent reply = mailbox.stage.events(1).at(0);
  CHECK(reply.type == "message.received");
  CHECK(reply.key == kTouch);
  CHECK(to_json(reply.data).find("I paid yesterday") != std::string::npos);
  REQUIRE(mailbox.post("Content-Type: multipart/report; boundary=b\n\n--b\n"
                       "Content-Type: message/feedback-report\n\nFeedback-Type: abuse\n"
                       "Original-Rcpt-To: <ann@example.com>\n\n--b--\n",
                       token) == 200);
  const PluginEvent complaint = mailbox.stage.events(2).at(1);
  CHECK(complaint.type == "email.complained");
  CHECK(complaint.address == "ann@example.com");
}

TEST_CASE("one click unsubscribes, and a scanner that fetches the link does not") {
  Mailbox mailbox;
  CHECK(mailbox.post("", "/unsubscribe", {}, kTouch, "GET") == 200);
  CHECK(mailbox.post("List-Unsubscribe=One-Click", "/unsubscribe") == 401);
  CHECK(mailbox.post("List-Unsubscribe=One-Click", "/unsubscribe", {}, kTouch) == 200);
  const auto events = mailbox.stage.events(1);
  REQUIRE(events.size() == 1);
  CHECK(events[0].type == "email.opted_out");
  CHECK(events[0].key == kTouch);
}

TEST_CASE("what is nothing of a mailbox is answered 400, and events that are not kept 503") {
  Mailbox mailbox;
  const std::string token = "/" + hmac_hex("now", "mailbox");
  CHECK(mailbox.post("{\"some\":\"thing\"}", token) == 400);
  CHECK(mailbox.post("<html>", token) == 400);
  CHECK(mailbox.post("", token) == 400);
  CHECK(mailbox.post("", token, {}, {}, "GET") == 405);
  mailbox.stage.fate = EventFate::refused;
  CHECK(mailbox.post(bounce(), token) == 503);
}
