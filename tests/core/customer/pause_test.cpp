// Pauses: what is held before it leaves, what is refused, and how what was held goes on.
#include "core/customer/pause.h"

#include "support/desk.h"

using namespace relance;
using namespace relance::test;

namespace {

constexpr std::string_view kPaused = "paused";

Pause pause_of(std::string flow, std::string channel = "", std::string segment = "") {
  Pause pause;
  pause.number = 1;
  pause.flow = std::move(flow);
  pause.channel = std::move(channel);
  pause.segment = std::move(segment);
  pause.author = "ann";
  pause.reason = "complaints";
  return pause;
}

CommandInput command(std::string name, Doc data) {
  CommandInput input;
  input.command = std::move(name);
  input.author = "ann";
  input.data = std::move(data);
  return input;
}

Doc number(int64_t n) { return Doc::record({{"number", Doc::integer(n)}}); }

struct Shop {
  FakeRules rules;
  Desk desk{rules};

  Shop() {
    for (const char* kind : {"email", "sms", "retry"}) rules.add_channel(kind, kind);
    rules.connectors["crm"] = Connector{"crm", DeliveryClass::repeatable, false, {}, {}, 0};
  }
  static SendStep text() {
    SendStep made = mail();
    made.via = made.channel_kind = "sms";
    return made;
  }
  // Another flow than "pay", with one step.
  void add_other(StepBody body) {
    rules.add(flow("other", {step("only", std::move(body))})).key = {};
  }
  void pause(Pause one) {
    one.since = desk.now;
    desk.pauses.emplace(std::vector<Pause>{std::move(one)}, 1);
  }
  void resume(Release release) {
    Pause one = desk.pauses->all().front();
    one.ended_at = desk.now;
    one.ended_by = "bob";
    one.release = release;
    desk.pauses.emplace(std::vector<Pause>{std::move(one)}, 2);
    desk.feed(command("release", number(1)));
  }
  // Reads his profile wherever it is asked for.
  void read() {
    while (desk.count<Read>(desk.effects) > 0) desk.profile();
  }
  size_t sent() const { return desk.customer.touches.size(); }
  std::vector<std::string> judged() const {
    std::vector<std::string> all;
    for (const TouchJudged& one : desk.records<TouchJudged>())
      all.push_back(one.verdict + " " + one.reason);
    return all;
  }
};

}  // namespace

TEST_CASE_METHOD(Shop, "a paused flow is held before it leaves, with who and why", "[S2-33]") {
  rules.add(flow("pay", {step("mail", mail())}));
  pause(pause_of("pay"));
  desk.failed_payment();
  read();
  CHECK(sent() == 0);
  const auto held = desk.records<TouchJudged>();
  REQUIRE(held.size() == 1);
  CHECK(held[0].verdict == "held");
  CHECK(held[0].reason == kPaused);
  CHECK(to_json(held[0].facts) ==
        R"({"pause":1,"paused":"flow pay","paused_by":"ann","paused_for":"complaints"})");
  CHECK(desk.customer.runs.size() == 1);
}

TEST_CASE_METHOD(Shop, "a pause holds what it names, and nothing else", "[S2-33]") {
  const auto holds = [&](const Pause& one) {
    Shop shop;
    shop.rules.add(flow("pay", {step("mail", mail()), step("text", text())}));
    shop.pause(one);
    shop.desk.failed_payment();
    shop.read();
    std::string left;
    for (const Touch& touch : shop.desk.customer.touches) left += touch.step_name.str() + " ";
    return left;
  };
  CHECK(holds(pause_of("pay")).empty());
  CHECK(holds(pause_of("other")) == "mail text ");
  CHECK(holds(pause_of("", "sms")) == "mail ");
  CHECK(holds(pause_of("pay", "sms")) == "mail ");
  CHECK(holds(pause_of("other", "sms")) == "mail text ");
}

TEST_CASE_METHOD(Shop, "a segment is told by the profile, which is read first") {
  rules.add(flow("pay", {step("mail", mail())}));
  pause(pause_of("", "", "vip"));
  desk.failed_payment();
  REQUIRE(desk.count<Read>(desk.effects) == 1);
  const std::string segment = GENERATE(as<std::string>(), "vip", "new");
  desk.profile(
      Doc::record({{"email", Doc::text("ann@example.com")}, {"segment", Doc::text(segment)}}));
  CHECK(sent() == (segment == "vip" ? 0 : 1));
}

TEST_CASE_METHOD(Shop, "a charge of a paused segment asks who the customer is") {
  rules.add(flow("pay", {step("retry", charge())}));
  pause(pause_of("", "", "vip"));
  desk.failed_payment();
  REQUIRE(desk.count<Read>(desk.effects) == 1);
  desk.profile(Doc::record({{"segment", Doc::text("vip")}}));
  CHECK(sent() == 0);
  CHECK(judged() == std::vector<std::string>{"held paused"});
}

TEST_CASE_METHOD(Shop, "flows go their way without a channel that is off", "[S2-33]") {
  rules.add(flow("pay", {step("text", text()), step("mail", mail(), on(0, {"denied"}))}));
  Pause off = pause_of("pay", "sms");
  off.off = true;
  pause(off);
  desk.failed_payment();
  read();
  CHECK(desk.outcome("text") == "denied");
  REQUIRE(sent() == 1);
  CHECK(desk.customer.touches[0].step_name == "mail");
  CHECK(desk.records<TouchJudged>().front().reason == "channel_off");
}

TEST_CASE_METHOD(Shop, "what was held goes on as the operator says") {
  rules.add(flow("pay", {step("mail", mail())}));
  pause(pause_of("pay"));
  desk.failed_payment();
  const Instant held_at = desk.now, ends_at = desk.customer.runs[0].expire_at;
  desk.now = desk.now + days(2);

  SECTION("send: as if it had come just now") {
    resume(Release::send);
    read();
    CHECK(sent() == 1);
  }
  SECTION("drop: not at all") {
    resume(Release::drop);
    CHECK(sent() == 0);
    CHECK(desk.outcome("mail") == "denied");
    CHECK(judged().back() == "denied paused");
  }
  SECTION("shift: later by as much as the pause lasted, and so is the end") {
    desk.now = held_at;
    Pause before = pause_of("pay");
    before.since = held_at - hours(1);
    desk.pauses.emplace(std::vector<Pause>{before}, 1);
    desk.now = held_at + days(2);
    resume(Release::shift);
    CHECK(sent() == 0);
    CHECK(desk.customer.runs[0].expire_at == ends_at + days(2));  // the run began in it
    desk.due();
    CHECK(desk.now == held_at + days(2) + hours(1));
    read();
    CHECK(sent() == 1);
  }
  const auto told = desk.records<CommandTaken>();
  REQUIRE(told.size() == 1);
  CHECK(told[0].author == "bob");
}

TEST_CASE_METHOD(Shop, "deadlines move along with what is shifted") {
  SendStep send = mail();
  send.deadline = FieldMoment{FieldMoment::Kind::since, "event.time", days(3), 0, {}};
  rules.add(flow("pay", {step("mail", send)}));
  pause(pause_of("pay"));
  const Instant began = desk.now;
  desk.now = desk.now + days(2);
  desk.failed_payment();
  desk.now = began + days(4);
  resume(Release::shift);
  desk.due();
  CHECK(desk.now == began + days(6));
  read();
  CHECK(sent() == 1);
}

TEST_CASE_METHOD(Shop, "merge lets the best message of a customer go, and charges") {
  rules.add(flow("pay", {step("mail", mail()), step("retry", charge())}));
  add_other(text());
  rules.rules.priority = {"other", "pay"};
  pause(pause_of(""));
  desk.failed_payment();
  REQUIRE(judged().size() == 3);
  resume(Release::merge);
  read();
  std::set<std::string> left;
  for (const Touch& touch : desk.customer.touches) left.insert(touch.step_name.str());
  CHECK(left == std::set<std::string>{"only", "retry"});
  CHECK(judged().back() == "denied merged");
}

TEST_CASE_METHOD(Shop, "who may not be contacted any more stands in nobody's way at a merge") {
  rules.add(flow("pay", {step("mail", mail())}));
  add_other(text());
  rules.rules.priority = {"other", "pay"};
  desk.failed_payment();
  read();
  const Touch first = desk.open_touch("only");
  Shop again;  // he is known, and his number is suppressed meanwhile
  again.rules.add(flow("pay", {step("mail", mail())}));
  again.add_other(text());
  again.rules.rules.priority = {"other", "pay"};
  again.desk.customer.profile = desk.customer.profile;
  again.desk.customer.profile_at = desk.customer.profile_at;
  again.desk.suppression.suppressed.insert(first.address);
  again.pause(pause_of(""));
  const Context context{
      again.desk.now,   0,     "test",  again.rules,        again.desk.suppression,
      again.desk.slots, false, nullptr, &*again.desk.pauses};
  Decision decision;
  EventInput event{"e",
                   "test",
                   "payment.failed",
                   "c-1",
                   again.desk.now,
                   Doc::record({{"invoice_id", Doc::text("i")}}),
                   7,
                   {}};
  decide(again.desk.customer, event, context, decision);
  Pause over = again.desk.pauses->all().front();
  over.ended_at = again.desk.now;
  over.release = Release::merge;
  const Pauses ended({over}, 2);
  const Context then{again.desk.now,   0,     "test",  again.rules, again.desk.suppression,
                     again.desk.slots, false, nullptr, &ended};
  decide(again.desk.customer, command("release", number(1)), then, decision);
  REQUIRE(again.desk.customer.touches.size() == 1);
  CHECK(again.desk.customer.touches[0].step_name == "mail");
}

TEST_CASE_METHOD(Shop, "where openings are spread the end of a pause is one") {
  rules.rules.opening = OpeningRule{hours(2), hours(24), false};
  rules.add(flow("pay", {step("mail", mail())}));
  pause(pause_of("pay"));
  desk.failed_payment();
  desk.now = desk.now + days(1);
  const Instant ended = desk.now;
  resume(Release::send);
  CHECK(sent() == 0);
  CHECK(judged().back() == "held resumed");
  desk.now = desk.now + minutes(1);
  desk.feed(command("release", number(1)));  // as after a crash: it is on its way already
  CHECK(judged().size() == 2);
  desk.due();
  CHECK(desk.now > ended);
  CHECK(desk.now <= ended + hours(2));
  read();
  CHECK(sent() == 1);
}

TEST_CASE_METHOD(Shop, "what another pause still holds stays") {
  rules.add(flow("pay", {step("mail", mail())}));
  Pause all = pause_of("pay"), mails = pause_of("", "email");
  mails.number = 2;
  desk.pauses.emplace(std::vector<Pause>{all, mails}, 1);
  desk.failed_payment();
  all.ended_at = desk.now;
  desk.pauses.emplace(std::vector<Pause>{all, mails}, 2);
  desk.feed(command("release", number(1)));
  CHECK(sent() == 0);
  CHECK(desk.records<CommandTaken>().empty());
}

TEST_CASE_METHOD(Shop, "a charge that a pause met on its way waits for its end") {
  rules.add(flow("pay", {step("retry", charge())}));
  desk.failed_payment();
  REQUIRE(desk.count<Send>(desk.effects) == 1);
  const bool off = GENERATE(false, true);
  Pause one = pause_of("", "retry");
  one.off = off;
  pause(one);
  desk.answer("retry", OperationStatus::not_now);  // it was turned back
  desk.due();
  CHECK(desk.count<Send>(desk.effects) == 0);
  if (off) {
    CHECK(desk.outcome("retry") == "failed");
    return;
  }
  CHECK(desk.open_touch("retry").reason == kPaused);
  desk.pauses.reset();
  desk.due();
  CHECK(desk.count<Send>(desk.effects) == 1);
}

TEST_CASE_METHOD(Shop, "who left the segment, or whose channel is gone, is let go as well") {
  rules.add(flow("pay", {step("mail", mail())}));
  desk.failed_payment();
  desk.profile(
      Doc::record({{"email", Doc::text("ann@example.com")}, {"segment", Doc::text("vip")}}));
  REQUIRE(sent() == 1);
  pause(pause_of("", "", "vip"));
  desk.failed_payment("i-2");
  REQUIRE(judged() == std::vector<std::string>{"held paused"});
  SECTION("another segment") {
    desk.customer.profile =
        seal(desk.customer.id, Doc::record({{"email", Doc::text("ann@example.com")}}).bytes());
    Pause over = desk.pauses->all().front();
    over.ended_at = desk.now;
    const Pauses ended({over}, 2);
    const std::string installation = "test";
    const Context context{desk.now,   0,     installation, rules, desk.suppression,
                          desk.slots, false, nullptr,      &ended};
    Decision decision;
    decide(desk.customer, command("release", number(1)), context, decision);
    CHECK(sent() == 2);
  }
  SECTION("no such channel any more") {
    rules.channels.erase("email");
    resume(Release::send);
    CHECK(sent() == 1);
    CHECK(desk.outcome("mail") == "failed");
  }
}

TEST_CASE_METHOD(Shop, "it is told before what would become of what is held") {
  rules.add(flow("pay", {step("mail", mail())}));
  add_other(text());
  pause(pause_of(""));
  desk.failed_payment();
  Pause one = desk.pauses->all().front();
  const std::string installation = "test";
  const Pauses none({}, 1);
  const Context context{desk.now,   0,     installation, rules, desk.suppression,
                        desk.slots, false, nullptr,      &none};
  const Customer before = desk.customer;
  const auto fates = [&] {
    std::set<std::string> all;
    for (const HeldTouch& held : held_touches(desk.customer, context, one))
      all.insert(held.flow + " " + std::string(fate_name(held.fate)) +
                 (held.second ? " second" : ""));
    return all;
  };
  CHECK(fates() == std::set<std::string>{"pay to_read", "other to_read second"});
  CHECK(desk.customer == before);
  CHECK(may_hold(desk.customer, one));
  one.flow = "nobody";
  CHECK_FALSE(may_hold(desk.customer, one));
}

TEST_CASE_METHOD(Shop, "the actor of pauses keeps them until what they held was let go") {
  const auto data = [](std::string flow) {
    return Doc::record({{"flow", Doc::text(std::move(flow))}, {"reason", Doc::text("storm")}});
  };
  const auto ended = [](int64_t n) {
    return Doc::record({{"number", Doc::integer(n)}, {"release", Doc::text("drop")}});
  };
  desk.feed(command("pause", data("pay")));
  desk.feed(command("pause", data("pay")));
  REQUIRE(desk.customer.lookout->pauses.size() == 1);
  desk.feed(command("pause", data("other")));
  REQUIRE(desk.customer.lookout->pauses.size() == 2);
  CHECK(desk.customer.lookout->pauses[1].number == 2);
  desk.feed(command("resumed", number(1)));  // it stands
  CHECK(desk.customer.lookout->pauses.size() == 2);
  desk.feed(command("resume", ended(1)));
  const Pause over = desk.customer.lookout->pauses[1];
  CHECK(over.number == 1);
  CHECK_FALSE(over.stands());
  CHECK(over.release == Release::drop);
  CHECK(desk.feed(command("resume", ended(1))).entry.records.empty());
  desk.feed(command("resumed", number(1)));
  REQUIRE(desk.customer.lookout->pauses.size() == 1);
  desk.feed(command("pause", data("pay")));
  CHECK(desk.customer.lookout->pauses[1].number == 3);
}
