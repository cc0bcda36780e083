#include "abi/sandbox_fixture.h"

using abi::EffectFile;
using abi::FakeHost;
using abi::kDay;
using abi::kMinute;
using abi::Message;
using abi::Sandbox;

namespace {

std::string with(const EffectFile& file, const std::string& more) {
  return R"({"effects":")" + file.path + "\"," + more + "}";
}

const std::string kBill =
    R"({"event":{"invoice_id":"i-1","amount":{"currency":"EUR","minor":4900},)"
    R"("decline":{"raw_code":"51","action":"retry_scheduled"}}})";
const std::string kExpired =
    R"({"event":{"invoice_id":"i-1","decline":{"raw_code":"54","action":"request_new_method"}}})";
const std::string kEagerMail =
    R"("as":"email","answers":{"delivered":1},"react":{"open":1,"click":1,"pay":1,"update":1,)"
    R"("stop":0})";

Message mail(const std::string& key, const std::string& data) {
  return {
      .key = key, .address = "ann@example.com", .data = data, .text = "pay: https://x.example/1"};
}

std::vector<std::string> types(const FakeHost& host) {
  std::vector<std::string> all;
  for (const abi::Event& event : host.events) all.push_back(event.type);
  return all;
}

}  // namespace

TEST_CASE("what the sandbox declares depends on whom it plays") {
  const rl_plugin* plugin = abi::Instance::load("relance.sandbox");
  const auto* table = static_cast<const rl_channel*>(plugin->get_interface(RL_CHANNEL));
  const auto caps = [&](std::string_view config) { return table->caps_for(abi::str(config)); };
  CHECK(std::string(caps(R"({"as":"voice"})")->kind) == "voice");
  CHECK(caps(R"({"as":"voice"})")->delivery == RL_LOOKUP);
  CHECK((caps(R"({"as":"voice"})")->flags & RL_CONTACT) != 0);
  CHECK((caps(R"({"as":"voice"})")->flags & RL_CAN_CONVERSE) != 0);
  CHECK((caps(R"({"as":"retry"})")->flags & RL_CONTACT) == 0);
  CHECK(caps(R"({"as":"retry"})")->delivery == RL_KEYED);
  CHECK(caps(R"({"as":"email","class":"blind"})")->delivery == RL_BLIND);
  CHECK(std::string(caps(R"({"as":"whatsapp"})")->kind) == "whatsapp");
  CHECK(caps(R"({"as":"sms","index_lag_ms":50})")->index_lag_ms == 50);
  CHECK(caps(R"({"as":"sms","index_lag_ms":50})") == caps(R"({"index_lag_ms":50,"as":"sms"})"));
}

TEST_CASE("an effect is one line in the ledger, written before the answer") {
  const EffectFile file("sandbox_one_line.jsonl");
  FakeHost host;
  Sandbox retry(host, with(file, R"("as":"retry","seed":7,"answer_after_ms":500)"));
  const rl_op op = retry.send({.key = "k1", .address = "card-1", .data = kBill, .try_no = 2});
  CHECK(file.lines() == std::vector<std::string>{R"({"key":"k1","channel":"retry","to":"card-1",)"
                                                 R"("at":"2026-01-05T08:00:00.000Z","try":2})"});
  CHECK_FALSE(host.ended(op));
  CHECK(host.wires[op] == RL_MAYBE);
  retry.instance.advance(500);
  CHECK(host.result(op).status == RL_DONE);
  CHECK(host.wires[op] == RL_ANSWERED);
}

TEST_CASE("a keyed provider gives the same answer to the same key without a second effect") {
  const EffectFile file("sandbox_keyed.jsonl");
  FakeHost host;
  std::string first;
  {
    Sandbox retry(host, with(file, R"("as":"retry","seed":7)"));
    first = host.result(retry.send({.key = "k1", .data = kBill})).word;
    CHECK(host.result(retry.send({.key = "k1", .data = kBill})).word == first);
    CHECK(file.lines().size() == 1);
  }
  Sandbox restarted(host, with(file, R"("as":"retry","seed":7)"));
  CHECK(host.result(restarted.send({.key = "k1", .data = kBill})).word == first);
  CHECK(file.lines().size() == 1);
}

TEST_CASE("a provider that does not honour keys acts again: the ledger shows it") {
  for (const std::string delivery : {"lookup", "blind", "repeatable"}) {
    const EffectFile file("sandbox_" + delivery + ".jsonl");
    FakeHost host;
    Sandbox email(host, with(file, R"("as":"email","class":")" + delivery + '"'));
    email.send(mail("k1", "{}"));
    email.send(mail("k1", "{}"));
    CHECK(file.lines().size() == 2);
  }
}

TEST_CASE("a look-up finds what was done, also after a restart, and says what send had said") {
  const EffectFile file("sandbox_lookup.jsonl");
  FakeHost host;
  const std::string config = with(file, R"("as":"sms","seed":3)");
  const Message message{.key = "k1", .address = "+33600000001"};
  std::string word;
  {
    Sandbox sms(host, config);
    CHECK(host.result(sms.lookup(message)).status == RL_ABSENT);
    word = host.result(sms.send(message)).word;
    CHECK(host.result(sms.lookup(message)).word == word);
  }
  Sandbox restarted(host, config);
  CHECK(host.result(restarted.lookup(message)).status == RL_DONE);
  CHECK(host.result(restarted.lookup(message)).word == word);
  CHECK(host.result(restarted.lookup({.key = "k2", .address = "+33600000001"})).status ==
        RL_ABSENT);
}

TEST_CASE("each channel reads its own lines of a shared ledger") {
  const EffectFile file("sandbox_shared.jsonl");
  FakeHost host;
  Sandbox email(host, with(file, R"("as":"email")"));
  email.send(mail("k1", "{}"));
  Sandbox sms(host, with(file, R"("as":"sms")"));
  CHECK(host.result(sms.lookup({.key = "k1", .address = "+33600000001"})).status == RL_ABSENT);
}

TEST_CASE("answers do not depend on the order in which touches come") {
  FakeHost host;
  std::map<std::string, std::string> forward, backward;
  const auto charge = [&](Sandbox& retry, int i, std::map<std::string, std::string>& words) {
    const std::string key = "key-" + std::to_string(i);
    words[key] = host.result(retry.send({.key = key, .data = kBill})).word;
  };
  {
    Sandbox retry(host, R"({"as":"retry","seed":"spring"})");
    for (int i = 0; i < 200; ++i) charge(retry, i, forward);
  }
  Sandbox retry(host, R"({"as":"retry","seed":"spring"})");
  for (int i = 199; i >= 0; --i) charge(retry, i, backward);
  CHECK(forward == backward);
}

TEST_CASE("charges succeed in the declared share, and what only the customer can mend never does") {
  FakeHost host;
  Sandbox retry(host, R"({"as":"retry","seed":1,"approve":{"code:51":0.25}})");
  const auto count = [&](const std::string& name, const std::string& data,
                         const std::string& word) {
    int n = 0;
    for (int i = 0; i < 2000; ++i) {
      const rl_op op = retry.send({.key = name + std::to_string(i), .data = data});
      n += host.result(op).word == word;
    }
    return n;
  };
  const int recovered = count("funds-", kBill, "recovered");
  CHECK(recovered > 430);
  CHECK(recovered < 570);
  CHECK(count("expired-", kExpired, "refused") == 2000);
  CHECK(count("sca-", R"({"decline":{"action":"request_authentication"}})", "needs_customer") ==
        2000);
}

TEST_CASE("a declined charge tells the decline, so that a policy can look at it") {
  FakeHost host;
  Sandbox retry(host, R"({"as":"retry","script":["declined","recovered"]})");
  const auto& first = host.result(retry.send({.key = "k1", .data = kBill, .try_no = 1}));
  CHECK(first.word == "declined");
  CHECK(host.result(retry.send({.key = "k2", .data = kBill, .try_no = 2})).word == "recovered");
  CHECK(host.result(retry.send({.key = "k3", .data = kBill, .try_no = 3})).word == "recovered");
  Sandbox by_share(host, R"({"as":"retry","approve":{"code:51":0}})");
  const auto& declined = host.result(by_share.send({.key = "k4", .data = kBill}));
  CHECK(declined.reason == "51");
  CHECK(declined.data == R"({"decline":{"raw_code":"51","action":"retry_scheduled"}})");
}

TEST_CASE("a customer opens, clicks and pays the bill that the message was about") {
  FakeHost host;
  Sandbox email(host, "{" + kEagerMail + "}");
  CHECK(host.result(email.send(mail("k1", kBill))).word == "delivered");
  CHECK(host.events.empty());
  email.instance.advance(30 * kDay);
  REQUIRE(types(host) ==
          std::vector<std::string>{"email.opened", "link.clicked", "payment.succeeded"});
  const abi::Event& paid = host.events[2];
  CHECK(paid.data == R"({"invoice_id":"i-1","amount":{"currency":"EUR","minor":4900}})");
  CHECK(paid.subject == "c-1");
  CHECK(paid.id == "k1:payment.succeeded");
  CHECK(paid.key.substr(0, 2) == "k1");
}

TEST_CASE("an order without an invoice is paid as an order") {
  FakeHost host;
  Sandbox email(host, "{" + kEagerMail + "}");
  email.send(mail("k1", R"({"keys":{"order_id":"o-1"},"event":{"subscription_id":"s-1"}})"));
  email.instance.advance(30 * kDay);
  CHECK(types(host).back() == "order.paid");
  CHECK(host.events.back().data == R"({"order_id":"o-1"})");
}

TEST_CASE("nobody pays a bill twice") {
  FakeHost host;
  Sandbox email(host, "{" + kEagerMail + "}");
  email.send(mail("k1", kBill));
  email.send(mail("k2", kBill));
  email.instance.advance(30 * kDay);
  const auto all = types(host);
  CHECK(std::count(all.begin(), all.end(), "payment.succeeded") == 1);
  CHECK(std::count(all.begin(), all.end(), "link.clicked") == 2);
}

TEST_CASE("without a link there is nothing to click") {
  FakeHost host;
  Sandbox email(host, "{" + kEagerMail + "}");
  Message message = mail("k1", kBill);
  message.text = "we could not charge your card";
  email.send(message);
  email.instance.advance(30 * kDay);
  CHECK(types(host) == std::vector<std::string>{"email.opened"});
}

TEST_CASE("a new card makes the next charge of that customer succeed") {
  FakeHost host;
  Sandbox retry(host, R"({"as":"retry","approve":{"new_method":1}})");
  Sandbox email(host, "{" + kEagerMail + "}");
  CHECK(host.result(retry.send({.key = "r1", .data = kExpired})).word == "refused");
  email.send(mail("k1", kExpired));
  email.instance.advance(30 * kDay);
  REQUIRE(types(host).back() == "payment_method.updated");
  CHECK(host.result(retry.send({.key = "r2", .data = kExpired})).word == "recovered");
  CHECK(host.result(retry.send({.key = "r3", .data = kExpired, .customer = "c-2"})).word ==
        "refused");
}

TEST_CASE("a customer still pays after the engine was killed") {
  const EffectFile file("sandbox_killed.jsonl");
  FakeHost host;
  {
    Sandbox email(host, with(file, kEagerMail));
    email.send(mail("k1", kBill));
  }
  Sandbox restarted(host, with(file, kEagerMail));
  restarted.instance.advance(30 * kDay);
  CHECK(types(host).back() == "payment.succeeded");
}

TEST_CASE("a link that was asked for during a call is used at once") {
  FakeHost host;
  Sandbox sms(host, R"({"as":"sms","seed":2,"answers":{"delivered":1},"react":{"stop":0,)"
                    R"("requested_click":1,"requested_pay":1}})");
  int paid_in_time = 0;
  for (int i = 0; i < 50; ++i) {
    Message message{.key = "k" + std::to_string(i),
                    .address = "+33600000001",
                    .data = R"({"invoice_id":"i-)" + std::to_string(i) + "\"}",
                    .text = "https://x.example/1",
                    .flags = RL_REQUESTED};
    sms.send(message);
  }
  sms.instance.advance(4 * kMinute);
  for (const std::string& type : types(host)) paid_in_time += type == "payment.succeeded";
  CHECK(paid_in_time > 25);
}

TEST_CASE("an address that cannot be right is answered as a provider would") {
  FakeHost host;
  Sandbox email(host, R"({"as":"email"})");
  Sandbox sms(host, R"({"as":"sms"})");
  Sandbox voice(host, R"({"as":"voice"})");
  CHECK(host.result(email.send({.key = "k1", .address = "ann"})).word == "bounced");
  CHECK(host.result(sms.send({.key = "k1", .address = "12"})).status == RL_REFUSED);
  CHECK(host.result(voice.send({.key = "k1", .address = "ann"})).word == "invalid_number");
}

TEST_CASE("a provider that is busy asks to come back, and serves the same key then") {
  const EffectFile file("sandbox_busy.jsonl");
  FakeHost host;
  Sandbox email(host, with(file, R"("as":"email","faults":{"not_now":1})"));
  const auto& first = host.result(email.send(mail("k1", "{}")));
  CHECK(first.status == RL_NOT_NOW);
  CHECK(first.again_at == host.now + kMinute);
  CHECK(file.lines().empty());
  CHECK(host.result(email.send(mail("k1", "{}"))).status == RL_DONE);
}

TEST_CASE("an answer that was lost is unknown, and a look-up finds the effect") {
  FakeHost host;
  Sandbox sms(host, R"({"as":"sms","faults":{"unknown":1}})");
  const Message message{.key = "k1", .address = "+33600000001"};
  CHECK(host.result(sms.send(message)).status == RL_UNKNOWN);
  CHECK(host.result(sms.lookup(message)).status == RL_DONE);
}

TEST_CASE("a send can be cancelled until it acts, and never begins too late") {
  const EffectFile file("sandbox_cancel.jsonl");
  FakeHost host;
  Sandbox email(host, with(file, R"("as":"email","delay_ms":1000,"answer_after_ms":1000)"));
  const rl_op early = email.send(mail("k1", "{}"));
  CHECK(host.result(email.lookup(mail("k1", "{}"))).status == RL_NOT_NOW);
  email.table->cancel(email.instance.self(), early);
  CHECK(host.result(early).status == RL_CANCELLED);
  const rl_op acted = email.send(mail("k2", "{}"));
  email.instance.advance(1500);
  email.table->cancel(email.instance.self(), acted);
  email.instance.advance(1000);
  CHECK(host.result(acted).status == RL_DONE);
  Message late = mail("k3", "{}");
  late.not_after = host.now + 500;
  const rl_op too_late = email.send(late);
  email.instance.advance(2000);
  CHECK(host.result(too_late).reason == "too_late");
  CHECK(file.lines().size() == 1);
}

TEST_CASE("a configuration that could charge twice is refused") {
  const rl_plugin* plugin = abi::Instance::load("relance.sandbox");
  FakeHost host;
  std::string problem;
  const rl_out out{&problem, abi::Instance::append};
  CHECK(plugin->create(host.table(), abi::str(R"({"as":"retry","class":"blind"})"), &out) ==
        nullptr);
  CHECK(problem == "a retry must be keyed or lookup: nobody may be charged twice\n");
}

TEST_CASE("as a connector it does what it is asked, once per key, and knows customers") {
  const EffectFile file("sandbox_connector.jsonl");
  FakeHost host;
  abi::Instance shop(host, "relance.sandbox",
                     with(file, R"("as":"shop","class":"keyed","records":{"order":{"o-1":)"
                                R"({"total":{"minor":100,"currency":"EUR"}},)"
                                R"("*":{"paid":false}}})"));
  const auto& table = shop.table<rl_connector>(RL_CONNECTOR);
  for (int i = 0; i < 2; ++i) {
    rl_write write{};
    write.struct_size = sizeof write;
    write.key_text = abi::str("k1");
    write.operation = abi::str("hold_stock");
    write.customer = abi::str("c-1");
    const rl_op op = shop.next_op();
    table.write(shop.self(), op, &write);
    CHECK(host.result(op).word == "done");
  }
  CHECK(file.lines().size() == 1);
  const auto read_one = [&](std::string_view what, std::string_view id) {
    rl_read read{};
    read.struct_size = sizeof read;
    read.what = abi::str(what);
    read.value = abi::str(id);
    const rl_op op = shop.next_op();
    table.read(shop.self(), op, &read);
    return host.result(op);
  };
  CHECK(read_one("order", "o-1").data == R"({"total":{"minor":100,"currency":"EUR"}})");
  CHECK(read_one("order", "o-2").data == R"({"paid":false})");
  CHECK(read_one("customer", "c-7").data.find("c-7@example.com") != std::string::npos);
  CHECK(read_one("customer", "").status == RL_ABSENT);
}
