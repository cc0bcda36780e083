// Twilio's own client understands the fake, and its own signing code agrees with ours, both ways.
#include "support/node_program.h"
#include "twilio/talk.h"

using namespace relance;
using namespace relance::test;

namespace {

Doc client(const std::vector<std::string>& arguments) {
  return from_json(run_node(RELANCE_SOURCE_DIR "/tests/twilio/official_client.mjs", arguments))
      .value();
}

std::string json_of(const Form& form) {
  std::vector<std::pair<std::string, Doc>> fields;
  for (const auto& [name, value] : form) fields.emplace_back(name, Doc::text(value));
  return to_json(Doc::record(fields));
}

std::string header_of(const Callback& callback, const std::string& wanted) {
  for (const auto& [name, value] : callback.headers)
    if (name == wanted) return value;
  return {};
}

}  // namespace

TEST_CASE("Twilio's own client understands the fake") {
  FakeTwilio twilio;
  twilio.refuse("+14155550101", 21610);
  const Instant before = SystemClock().now();
  const Doc told = client({"api", kNodeModules, twilio.url(), FakeTwilio::kAccount,
                           FakeTwilio::kToken, kCustomer, "+14155550101"});
  const DocView view = told.view();
  CHECK(view.find("sent").text() == "queued");
  CHECK(view.find("body").text() == "Hello");
  CHECK(view.find("created").number().value_or(0) >= static_cast<double>(before.ms - 1000));
  CHECK(view.find("listed").integer() == 1);
  CHECK(view.find("opted_out").integer() == 21610);
  CHECK(view.find("called").boolean() == true);
  CHECK(view.find("direction").text() == "outbound-api");
  CHECK(view.find("missing").integer() == 404);
  CHECK(view.find("stranger").integer() == 20003);
}

TEST_CASE("Twilio's own code accepts the signatures of the fake's callbacks") {
  Wires wires("relance.sms.twilio");
  wires.stage().send(Wires::text_message("a", "Hello"));
  wires.twilio.receive(wires.inbound_url(), "+33600000001", "Je paierai vendredi & à bientôt");
  REQUIRE(wires.twilio.wait_until([&] { return wires.twilio.callbacks().size() == 3; }));
  for (const Callback& callback : wires.twilio.callbacks()) {
    const Form form = parse_form(callback.body);
    const Doc told = client({"verify", kNodeModules, FakeTwilio::kToken, callback.url,
                             json_of(form), header_of(callback, "X-Twilio-Signature")});
    CHECK(told.view().find("valid").boolean() == true);
    const Doc other = client({"verify", kNodeModules, "another", callback.url, json_of(form),
                              header_of(callback, "X-Twilio-Signature")});
    CHECK(other.view().find("valid").boolean() == false);
  }
}

TEST_CASE("what Twilio's own code signs is accepted by the plugins") {
  const std::string plugin = GENERATE("relance.sms.twilio", "relance.voice.twilio");
  Wires wires(plugin);
  const std::string url = wires.inbound_url() + "?from=twilio";
  const Form form{{"CallSid", "CA1"},
                  {"MessageSid", "SM1"},
                  {"From", "+33600000001"},
                  {"Body", "Zażółć & co = 100 %"},
                  {"SmsStatus", "received"}};
  const Doc told = client({"sign", kNodeModules, FakeTwilio::kToken, url, json_of(form)});
  InboundRequest request = signed_request(url, form);
  request.headers.back().second = std::string(told.view().find("signature").text().value_or(""));
  CHECK(wires.stage().request(request).status == 200);
  request.headers.back().second.front() ^= 1;
  CHECK(wires.stage().request(request).status == 403);
}
