#include "channels/email/shared/notices.h"

#include <catch2/catch.hpp>

#include "base/id.h"
#include "kit/key.h"

using namespace email;

namespace {

const std::string kKey = relance::derive_key({"touch", "ann"}).text();

std::string with_key(std::string text) {
  for (size_t at = text.find("KEY"); at != std::string::npos; at = text.find("KEY"))
    text.replace(at, 3, kKey);
  return text;
}

std::string delivery_report(const std::string& action, const std::string& status) {
  return with_key(
      "From: MAILER-DAEMON@mx.example\r\nTo: bounces+KEY@shop.example\r\n"
      "Message-ID: <report-1@mx.example>\r\nAuto-Submitted: auto-replied\r\n"
      "Content-Type: multipart/report; report-type=delivery-status;\r\n boundary=\"b\"\r\n\r\n"
      "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
      "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
      "Reporting-MTA: dns; mx.example\r\n\r\n"
      "Original-Recipient: rfc822;ann@example.com\r\n"
      "Final-Recipient: rfc822; ann@inside.example\r\nAction: " +
      action + "\r\nStatus: " + status +
      "\r\nDiagnostic-Code: smtp; 550 no\r\n\r\n"
      "--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
      "Message-ID: <KEY@shop.example>\r\nSubject: Hello\r\n\r\n--b--\r\n");
}

Notice one_of(const std::string& raw) {
  const auto notices = read_message(raw);
  REQUIRE(notices.size() == 1);
  return notices.front();
}

Notice one_event(const std::string& json) {
  const auto notices = read_events(with_key(json));
  REQUIRE(notices);
  REQUIRE(notices->size() == 1);
  return notices->front();
}

}  // namespace

TEST_CASE("a key is read back as the bytes it was") {
  const rl_key key = kit::parse_key(kKey);
  const relance::Key whole = relance::derive_key({"touch", "ann"});
  CHECK(std::equal(whole.bytes.begin(), whole.bytes.end(), std::begin(key.bytes)));
  CHECK(key_in("<" + kKey + "@shop.example>") == kKey);
  CHECK(key_in("Bounces <bounces+" + kKey + "@shop.example>") == kKey);
  CHECK(key_in("x" + kKey + "@shop.example").empty());
  CHECK(key_in("<ann@example.com>").empty());
}

TEST_CASE("a delivery report says bounced where the address is at fault, else failed") {
  const auto [status, word] = GENERATE(table<std::string, std::string>({{"5.1.1", "bounced"},
                                                                        {"5.1.10", "bounced"},
                                                                        {"5.2.1", "bounced"},
                                                                        {"5.4.4", "bounced"},
                                                                        {"5.1.8", "failed"},
                                                                        {"5.2.2", "failed"},
                                                                        {"4.4.7", "failed"},
                                                                        {"5.7.1", "failed"}}));
  const Notice notice = one_of(delivery_report("failed", status));
  CHECK(notice.word == word);
  CHECK(notice.key == kKey);
  CHECK(notice.address == "ann@example.com");
  CHECK(notice.reason == "dsn_" + status);
  CHECK(notice.id == "<report-1@mx.example>:ann@example.com:" + word);
}

TEST_CASE("a delay is not an end, a delivery is") {
  CHECK(read_message(delivery_report("delayed", "4.4.1")).empty());
  CHECK(read_message(delivery_report("relayed", "2.0.0")).empty());
  CHECK(one_of(delivery_report("delivered", "2.1.5")).word == "delivered");
}

TEST_CASE("a report without our headers is known by the address it came to") {
  std::string report = delivery_report("failed", "5.1.1");
  report.replace(report.find("Message-ID: <" + kKey), 13 + kKey.size(), "Message-ID: <other");
  CHECK(one_of(report).key == kKey);
}

TEST_CASE("a complaint is one, unless it says the contrary") {
  const auto complaint = [](const std::string& type) {
    return with_key(
        "From: fbl@isp.example\nTo: abuse@shop.example\nMessage-ID: <arf-1@isp.example>\n"
        "Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\nThis is a complaint.\n"
        "--b\nContent-Type: message/feedback-report\n\n"
        "Feedback-Type: " +
        type +
        "\nVersion: 1\nOriginal-Rcpt-To: <ann@example.com>\n\n"
        "--b\nContent-Type: message/rfc822\n\nX-Relance-Key: KEY\nSubject: "
        "Hello\n\nHello\n--b--\n");
  };
  const Notice notice = one_of(complaint("abuse"));
  CHECK(notice.word == "complained");
  CHECK(notice.key == kKey);
  CHECK(notice.address == "ann@example.com");
  CHECK(read_message(complaint("not-spam")).empty());
}

TEST_CASE("a reply is a message of its writer, without what it quotes") {
  const Notice notice = one_of(with_key(
      "From: Ann <ann@example.com>\r\nTo: hello@shop.example\r\nMessage-ID: <r1@example.com>\r\n"
      "In-Reply-To: <KEY@shop.example>\r\nSubject: =?utf-8?Q?Re:_Zap=C5=82a=C4=87?=\r\n"
      "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: "
      "quoted-printable\r\n\r\nI paid, gr=FC=DFe\r\n> Please pay\r\n"));
  CHECK(notice.kind == Notice::Kind::message);
  CHECK(notice.key == kKey);
  CHECK(notice.address == "ann@example.com");
  CHECK(notice.subject == "Re: Zapłać");
  CHECK(notice.text == "I paid, grüße");
}

TEST_CASE("what a machine answers counts for nothing") {
  const std::string header =
      GENERATE("Auto-Submitted: auto-replied", "Precedence: bulk", "Return-Path: <>");
  CHECK(read_message(header + "\nFrom: ann@example.com\n\nI am away").empty());
}

TEST_CASE("SendGrid's events") {
  const auto event = [](const std::string& what) {
    return R"([{"email":"ann@example.com","sg_event_id":"e1","sg_message_id":"m1.filter7",)"
           R"("relance_key":"KEY",)" +
           what + "}]";
  };
  CHECK(one_event(event(R"("event":"delivered")")).word == "delivered");
  CHECK(one_event(event(R"("event":"bounce","type":"bounce","status":"5.1.1")")).word == "bounced");
  CHECK(one_event(event(R"("event":"bounce","type":"blocked","status":"5.7.1")")).word == "failed");
  CHECK(one_event(event(R"("event":"spamreport")")).word == "complained");
  const Notice left = one_event(event(R"("event":"unsubscribe")"));
  CHECK(left.word == "opted_out");
  CHECK(left.key == kKey);
  CHECK(left.ref == "m1");
  CHECK(left.id == "sendgrid:e1");
  CHECK(read_events(event(R"("event":"open")"))->empty());
}

TEST_CASE("Postmark's events") {
  const auto event = [](const std::string& what) {
    return R"({"MessageID":"m-1","Metadata":{"relance_key":"KEY"},)" + what + "}";
  };
  CHECK(one_event(event(R"("RecordType":"Delivery","Recipient":"a@b.c")")).word == "delivered");
  const Notice hard =
      one_event(event(R"("RecordType":"Bounce","Type":"HardBounce","Email":"ann@example.com")"));
  CHECK(hard.word == "bounced");
  CHECK(hard.key == kKey);
  CHECK(hard.address == "ann@example.com");
  CHECK(one_event(event(R"("RecordType":"SpamComplaint","Email":"a@b.c")")).word == "complained");
  CHECK(read_events(event(R"("RecordType":"Bounce","Type":"SoftBounce")"))->empty());
  const Notice reply = one_event(
      event(R"("RecordType":"Inbound","FromFull":{"Email":"ann@example.com"},"MailboxHash":"KEY",)"
            R"("Subject":"Re","TextBody":"I paid\n> you","StrippedTextReply":"I paid")"));
  CHECK(reply.kind == Notice::Kind::message);
  CHECK(reply.text == "I paid");
  CHECK(reply.key == kKey);
}

TEST_CASE("events of Amazon SES over SNS") {
  const Notice notice = one_event(
      R"({"Type":"Notification","Message":"{\"eventType\":\"Bounce\",\"bounce\":{\"bounceType\":)"
      R"(\"Permanent\",\"bounceSubType\":\"NoEmail\"},\"mail\":{\"messageId\":\"s-1\",)"
      R"(\"destination\":[\"ann@example.com\"],\"headers\":[{\"name\":\"X-Relance-Key\",)"
      R"(\"value\":\"KEY\"}]}}"})");
  CHECK(notice.word == "bounced");
  CHECK(notice.key == kKey);
  CHECK(notice.ref == "s-1");
  CHECK(notice.address == "ann@example.com");
}

TEST_CASE("JSON that is nobody's events is told apart") {
  CHECK_FALSE(read_events("{}"));
  CHECK_FALSE(read_events("{\"a\":"));
  CHECK_FALSE(read_events("7"));
}
