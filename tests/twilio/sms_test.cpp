// relance.sms.twilio against the fake provider, over real connections.
#include "core/customer/stop_words.h"
#include "twilio/wires.h"

using namespace relance;

namespace {

constexpr const char* kPlugin = "relance.sms.twilio";
using Effects = FakeProvider::Effects;

struct Text : Wires {
  explicit Text(const std::string& more = R"(,"currency":"EUR","prices":{"default":8000})")
      : Wires(kPlugin, more) {}
  OperationResult send(const std::string& name, const std::string& text = "Hello",
                       const std::string& to = kCustomer) {
    return stage().send(text_message(name, text, to));
  }
};

bool is(const OperationResult& result, OperationStatus status, std::string_view word) {
  UNSCOPED_INFO(operation_status_name(result.status) << ' ' << result.word << ' ' << result.reason);
  return result.status == status && result.word == word;
}

}  // namespace

TEST_CASE("a message leaves once, with our address for its receipts, and costs its segments") {
  Text wires;
  const OperationResult sent = wires.send("a", std::string(161, 'a'));
  CHECK(is(sent, OperationStatus::done, "delivered"));
  REQUIRE(wires.twilio.messages().size() == 1);
  const Form asked = wires.twilio.messages()[0];
  CHECK(field(asked, "To") == kCustomer);
  CHECK(field(asked, "From") == "+15005550006");
  CHECK(field(asked, "Body") == std::string(161, 'a'));
  CHECK(field(asked, "StatusCallback") == wires.callback_url(derive_key({"touch", "a"})));
  REQUIRE(sent.refs.size() == 1);
  CHECK(sent.refs[0].starts_with("SM"));
  CHECK(sent.cost_micro == 16000);
  CHECK(sent.data.view().find("segments").number() == 2);
  CHECK(sent.data.view().find("encoding").text() == "gsm7");
  CHECK(is(wires.send("b", "zażółć"), OperationStatus::done, "delivered"));
}

TEST_CASE("letters that make a message dearer are replaced where that is wanted") {
  Text wires(R"(,"simplify":true)");
  wires.send("a", "Zażółć – “już”");
  CHECK(field(wires.twilio.messages().at(0), "Body") == "Zazolc - \"juz\"");
}

TEST_CASE("a text that must not wait beyond its hours says so to the provider") {
  Text wires;
  TouchOrder order = Text::text_message("a", "Hello");
  order.not_after = order.touch.intended_at + minutes(10);
  wires.stage().send(order);
  CHECK(field(wires.twilio.messages().at(0), "ValidityPeriod") == "600");
  TouchOrder late = Text::text_message("b", "Hello");
  late.not_after = late.touch.intended_at - seconds(1);
  CHECK(wires.stage().send(late).reason == "too_late");
  CHECK(wires.twilio.messages().size() == 1);
}

TEST_CASE("what cannot be sent is told without asking the provider") {
  Text wires;
  CHECK(wires.send("a", "").reason == "no_text");
  CHECK(wires.send("b", std::string(2000, 'a')).reason == "text_too_long");
  CHECK(wires.send("c", "Hello", "").reason == "no_number");
  CHECK(wires.twilio.requests().empty());
}

TEST_CASE("error codes of the provider become words") {
  Text wires;
  wires.twilio.refuse("+14155550101", 21610);
  wires.twilio.refuse("+14155550102", 21211);
  wires.twilio.refuse("+14155550103", 21614);
  wires.twilio.refuse("+14155550104", 21612);
  const auto to = [&](const std::string& number) { return wires.send(number, "Hello", number); };
  CHECK(is(to("+14155550101"), OperationStatus::refused, "opted_out"));
  CHECK(is(to("+14155550102"), OperationStatus::refused, "bounced"));
  CHECK(is(to("+14155550103"), OperationStatus::refused, "bounced"));
  CHECK(is(to("+14155550104"), OperationStatus::refused, "failed"));
  CHECK(to("+1").reason == "twilio_21211");
  CHECK(wires.twilio.ledger().count() == 0);
}

TEST_CASE("too many requests pace the whole channel") {
  Text wires;
  ServerAnswer busy = json_answer(429, R"({"code":20429,"status":429})");
  busy.headers = {{"Retry-After", "7"}};
  wires.twilio.answer_next(1, busy);
  const Instant before = SystemClock().now();
  const OperationResult result = wires.send("a");
  CHECK(result.status == OperationStatus::not_now);
  CHECK(result.again_at >= before + seconds(7));
  CHECK(wires.stage().paced_until() == result.again_at);
}

TEST_CASE("a wrong account stops the channel for a while, and burns no message") {
  Text wires;
  wires.twilio.answer_next(1, 401, R"({"code":20003,"status":401})");
  const OperationResult result = wires.send("a");
  CHECK(result.status == OperationStatus::not_now);
  CHECK(wires.stage().paced_until() > SystemClock().now() + minutes(4));
}

TEST_CASE("an answer that says nothing leaves it unknown, and the look-up finds the message") {
  Text wires;
  wires.twilio.html_next(1, Effects::done);
  CHECK(wires.send("html").status == OperationStatus::unknown);
  wires.twilio.drop_next(1, Effects::done);
  CHECK(wires.send("dropped", "second").status == OperationStatus::unknown);
  wires.twilio.answer_next(1, 503, "busy", Effects::done);
  CHECK(wires.send("broken", "third").status == OperationStatus::unknown);
  for (const auto& [name, text] : std::vector<std::pair<std::string, std::string>>{
           {"html", "Hello"}, {"dropped", "second"}, {"broken", "third"}}) {
    const OperationResult found = wires.stage().look_up(Text::text_message(name, text));
    CHECK(is(found, OperationStatus::done, "delivered"));
    CHECK(found.refs.size() == 1);
  }
  CHECK(wires.twilio.ledger().doubled() == 0);
}

TEST_CASE("a look-up says absent only of what the provider has not taken") {
  Text wires;
  wires.twilio.drop_next(1, Effects::none);
  CHECK(wires.send("a").status == OperationStatus::unknown);
  CHECK(wires.stage().look_up(Text::text_message("a", "Hello")).status == OperationStatus::absent);
  wires.send("b", "another text");
  CHECK(wires.stage().look_up(Text::text_message("a", "Hello")).status == OperationStatus::absent);
  wires.twilio.html_next(1);
  CHECK(wires.stage().look_up(Text::text_message("a", "Hello")).status == OperationStatus::unknown);
}

TEST_CASE("a look-up turns pages, and leaves messages of before the touch alone") {
  Text wires;
  TouchOrder first = Text::text_message("first", "number 0");
  for (int i = 0; i < 120; ++i) wires.send("m" + std::to_string(i), "number " + std::to_string(i));
  CHECK(is(wires.stage().look_up(first), OperationStatus::done, "delivered"));
  TouchOrder later = Text::text_message("later", "number 0");
  later.touch.intended_at = SystemClock().now() + minutes(5);
  CHECK(wires.stage().look_up(later).status == OperationStatus::absent);
}

TEST_CASE("a look-up by the provider's id tells what became of the message") {
  Text wires;
  wires.twilio.message_ends(kCustomer, "undelivered", 30005);
  const OperationResult sent = wires.send("a");
  const auto order = Text::text_message("a", "Hello");
  CHECK(is(wires.stage().look_up(order, sent.refs), OperationStatus::refused, "bounced"));
  CHECK(wires.stage().look_up(order, {"SM404"}).reason == "twilio_30005");
}

TEST_CASE("an index that lags finds nothing yet") {
  Text wires;
  wires.twilio.index_lag(minutes(1));
  wires.send("a");
  CHECK(wires.stage().look_up(Text::text_message("a", "Hello")).status == OperationStatus::absent);
  wires.twilio.index_lag({});
  CHECK(wires.stage().look_up(Text::text_message("a", "Hello")).status == OperationStatus::done);
}

TEST_CASE("a receipt comes as an event of its touch, once a status however often it is told") {
  Text wires;
  wires.twilio.copy_callbacks(3);
  wires.send("a");
  const auto events = wires.stage().events(3);
  REQUIRE(wires.twilio.wait_until([&] { return wires.twilio.callbacks().size() == 6; }));
  for (const PluginEvent& event : events) {
    CHECK(event.type == "sms.delivered");
    CHECK(event.key == derive_key({"touch", "a"}));
    CHECK(event.id == events[0].id);
  }
  for (const Callback& callback : wires.twilio.callbacks()) CHECK(callback.status == 200);
  CHECK(wires.stage().events(3).size() == 3);
}

TEST_CASE("what did not arrive is told with the engine's word and the provider's reason") {
  Text wires;
  const std::map<int, std::string> words{{30005, "sms.bounced"}, {30006, "sms.bounced"},
                                         {30004, "sms.bounced"}, {30003, "sms.failed"},
                                         {30007, "sms.failed"},  {21610, "sms.opted_out"}};
  size_t count = 0;
  for (const auto& [code, type] : words) {
    const std::string to = "+141555" + std::to_string(code);
    wires.twilio.message_ends(to, "undelivered", code);
    wires.send(to, "Hello", to);
    const auto events = wires.stage().events(++count);
    CHECK(events.back().type == type);
    CHECK(events.back().data.view().find("reason").text() == "twilio_" + std::to_string(code));
  }
}

TEST_CASE("receipts that overtake the answer find their touch") {
  Text wires;
  wires.twilio.answer_after(milliseconds(300));
  wires.stage().host().send(Text::text_message("a", "Hello"));
  CHECK(wires.stage().events(1)[0].key == derive_key({"touch", "a"}));
  CHECK(
      is(wires.stage().answer_of(derive_key({"touch", "a"})), OperationStatus::done, "delivered"));
}

TEST_CASE("receipts in the wrong order leave one final word") {
  Text wires;
  wires.twilio.hold_callbacks();
  wires.send("a");
  wires.twilio.release_callbacks(true);
  REQUIRE(wires.twilio.wait_until([&] { return wires.twilio.callbacks().size() == 2; }));
  CHECK(wires.stage().events(1).size() == 1);
  CHECK(wires.stage().events(1)[0].type == "sms.delivered");
}

TEST_CASE("a receipt that the store did not keep is not acknowledged") {
  Text wires;
  wires.stage().fate = EventFate::refused;
  wires.send("a");
  REQUIRE(wires.twilio.wait_until([&] { return wires.twilio.callbacks().size() == 2; }));
  CHECK(wires.twilio.callbacks().back().status == 503);
}

TEST_CASE("words of people come in with the number they came from; STOP is said at once") {
  Text wires;
  wires.twilio.receive(wires.inbound_url(), "+33600000001", "I will pay on Friday");
  wires.twilio.receive(wires.inbound_url(), "+33600000001", "Arrêt");
  wires.twilio.receive(wires.inbound_url(), "+33600000001", "whatever", "STOP");
  wires.twilio.receive(wires.inbound_url(), "+33600000001", "START", "START");
  const auto events = wires.stage().events(4);
  const char* words[] = {"", "", "opted_out", "opted_in"};  // as the provider's own lists read them
  for (size_t i = 0; i < 4; ++i) {
    CHECK(events[i].type == "message.received");
    CHECK(events[i].address == "+33600000001");
    CHECK(events[i].data.view().find("word").text().value_or("") == words[i]);
  }
  CHECK(events[0].data.view().find("text").text() == "I will pay on Friday");
  CHECK(wish_of(*events[1].data.view().find("text").text(), events[1].address) == Wish::stop);
  CHECK(events[0].id != events[1].id);
  REQUIRE(wires.twilio.wait_until([&] { return wires.twilio.callbacks().size() == 4; }));
  CHECK(wires.twilio.callbacks()[0].answer == "<Response/>");
}

TEST_CASE("forged, changed and broken callbacks change nothing") {
  Text wires;
  const std::string url = wires.inbound_url();
  const Form form{{"MessageSid", "SM1"}, {"From", "+33600000001"}, {"Body", "STOP"}};
  const auto status = [&](InboundRequest request) {
    return wires.stage().request(std::move(request)).status;
  };
  CHECK(status(signed_request(url, form, "another_token")) == 403);
  InboundRequest changed = signed_request(url, form);
  changed.body += "&MessageStatus=delivered";
  CHECK(status(changed) == 403);
  InboundRequest cut = signed_request(url, form);
  cut.body.resize(cut.body.size() / 2);
  CHECK(status(cut) == 403);
  InboundRequest moved = signed_request(url, form);
  moved.url += "?from=elsewhere";
  CHECK(status(moved) == 403);
  InboundRequest bare = signed_request(url, form);
  bare.headers.clear();
  CHECK(status(bare) == 403);
  InboundRequest got = signed_request(url, form);
  got.method = "GET";
  CHECK(status(got) == 405);
  CHECK(status(signed_request(url, {{"AccountSid", "AC1"}})) == 400);
  CHECK(status(signed_request(url, form, "the_old_token")) == 200);
  CHECK(wires.stage().events(1).size() == 1);
}

TEST_CASE("words that are no UTF-8 come in as text all the same") {
  Text wires;
  const Form form{{"MessageSid", "SM1"}, {"From", "+33600000001"}, {"Body", "caf\xe9 \xff"}};
  CHECK(wires.stage().request(signed_request(wires.inbound_url(), form)).status == 200);
  const auto events = wires.stage().events(1);
  CHECK(events[0].data.view().find("text").text() == "caf\xef\xbf\xbd \xef\xbf\xbd");
}

TEST_CASE("an address without its touch's signature, and a body beyond the limit, are refused") {
  Text wires;
  wires.twilio.post(wires.callback_url(derive_key({"touch", "a"})) + "0", {}, "a=b");
  wires.twilio.post(wires.inbound_url(), {}, std::string(2u << 20, 'x'));
  REQUIRE(wires.twilio.wait_until([&] { return wires.twilio.callbacks().size() == 2; }));
  CHECK(wires.twilio.callbacks()[0].status == 404);
  CHECK((wires.twilio.callbacks()[1].status == 413 || wires.twilio.callbacks()[1].status == 0));
}
