// Hand-offs: an item in a human queue, who has it, and what automation does meanwhile.
#include "core/run/human_item.h"
#include "core/run/packet.h"
#include "support/desk.h"

using namespace relance;
using namespace relance::test;

namespace {

HandoffStep to_person(std::optional<Duration> within = {}) {
  HandoffStep human;
  human.queue = "billing";
  human.words = {"paid", "closed"};
  human.within = within;
  return human;
}

// A hand-off, and beside it a letter that wants to leave an hour later.
struct Case {
  FakeRules rules;
  Desk desk{rules};

  explicit Case(HandoffStep human = to_person()) {
    rules.add_channel("email", "email");
    rules.add_channel("desk", "webhook", DeliveryClass::repeatable).contact = false;
    rules.add(flow("pay", {step("human", human), step("wait", wait_for(hours(1))),
                           step("mail", mail(), on(1, {"done"})),
                           step("after", wait_for(hours(1)), on(0, {"paid", "returned"}))}));
  }
  void open() { desk.failed_payment(); }
  Key item() const { return item_key(desk.customer.id, lease().run, lease().step); }
  Decision& person(std::string command, std::string who, std::string word = "", Doc data = {}) {
    CommandInput input;
    input.command = std::move(command);
    input.author = std::move(who);
    input.item = item();
    input.word = std::move(word);
    input.data = std::move(data);
    return desk.feed(input);
  }
  // The one that a person has, else the first.
  const Lease& lease() const {
    for (const Lease& one : desk.customer.leases)
      if (!one.by.empty()) return one;
    return desk.customer.leases.at(0);
  }
  size_t items() const { return desk.customer.leases.size(); }
  // The letter has left, or wants to.
  bool letter_moves() {
    desk.profile();
    return !desk.customer.touches.empty();
  }
};

struct WithDesk : Case {
  explicit WithDesk(HandoffStep human = to_person()) : Case(std::move(human)) {
    rules.queues["billing"].desk = "desk";
  }
  Key offer() const { return desk.customer.touches.back().key; }
  Decision& desk_says(std::string type, Doc data = Doc::empty_record()) {
    EventInput event;
    event.id = "desk-" + std::to_string(++said_);
    event.source = "plugin:desk";
    event.type = std::move(type);
    event.subject = "c-1";
    event.time = desk.now;
    event.data = std::move(data);
    event.hash = event_hash("shop", "c-1", event.source, event.id);
    event.touch = offer();
    return desk.feed(event);
  }
  int said_ = 0;
};

Doc by(std::string_view who, std::string_view outcome = "") {
  return Doc::record({{"by", Doc::text(who)}, {"outcome", Doc::text(outcome)}});
}

HandoffStep lost_to(HandoffStep::Lost way) {
  HandoffStep human = to_person();
  human.lost = way;
  return human;
}

}  // namespace

TEST_CASE("an item blocks every flow of its customer until its person ends it", "[S1-62]") {
  Case scene;
  scene.open();
  scene.desk.failed_payment("i-2");  // another run, with a hand-off of its own
  scene.desk.due();
  REQUIRE(scene.desk.customer.touches.empty());
  CHECK(scene.desk.records<TouchJudged>().back().reason == "person_owns_case");
  scene.person("take", "lea");
  scene.person("resolve", "lea", "paid");
  REQUIRE(scene.items() == 1);
  CHECK(scene.desk.customer.touches.empty());  // the other item still stands
  scene.person("resolve", "lea", "paid");
  CHECK(scene.letter_moves());
}

TEST_CASE("a person's word is the step's outcome, and what he learnt its data", "[S1-61]") {
  Case scene;
  scene.open();
  scene.person("take", "lea");
  scene.person("resolve", "lea", "paid",
               Doc::record({{"method", Doc::text("transfer")}, {"promised", Doc::text("friday")}}));
  CHECK(scene.desk.outcome("human") == "paid");
  const View view(scene.desk.customer, scene.desk.customer.runs[0], *scene.rules.active().front(),
                  scene.desk.now);
  CHECK(view.step_data(0).find("method").text() == "transfer");
  CHECK(view.remembers(Memory::Kind::promised, "friday"));
  CHECK(scene.desk.customer.runs[0].find(3) != nullptr);
}

TEST_CASE("what a person hands back goes on from what he learnt", "[S1-61]") {
  Case scene;
  scene.open();
  scene.person("take", "lea");
  scene.person("return", "lea", "", Doc::record({{"why", Doc::text("asked for a link")}}));
  CHECK(scene.desk.outcome("human") == "returned");
  const View view(scene.desk.customer, scene.desk.customer.runs[0], *scene.rules.active().front(),
                  scene.desk.now);
  CHECK(view.step_data(0).find("why").text() == "asked for a link");
  CHECK(scene.desk.customer.runs[0].find(3) != nullptr);
}

TEST_CASE("free text of a person stays out of the contact memory", "[S1-61]") {
  Case scene;
  scene.open();
  scene.person("resolve", "lea", "paid",
               Doc::record({{"promised", Doc::text("Ann says she pays on Friday")}}));
  CHECK(scene.desk.records<Remembered>().empty());
}

TEST_CASE("one person has an item: another can neither take nor end it") {
  Case scene;
  scene.open();
  scene.person("take", "lea");
  const Instant until = scene.lease().until;
  CHECK(until == scene.desk.now + minutes(30));
  CHECK(scene.person("take", "bob").entry.records.empty());
  CHECK(scene.person("resolve", "bob", "paid").entry.records.empty());
  CHECK(scene.person("return", "bob").entry.records.empty());
  scene.desk.now = scene.desk.now + minutes(10);
  scene.person("take", "lea");  // she needs longer
  CHECK(scene.lease().until == until + minutes(10));
}

TEST_CASE("a word that the step does not have ends nothing") {
  Case scene;
  scene.open();
  CHECK(scene.person("resolve", "lea", "perhaps").entry.records.empty());
  CHECK(scene.items() == 1);
}

TEST_CASE("a lease that ran out goes the declared way") {
  SECTION("back to the queue, where automation still waits") {
    Case scene;
    scene.open();
    scene.person("take", "lea");
    scene.desk.due();
    CHECK(scene.desk.now == *parse_instant("2026-01-05T10:30:00Z"));
    CHECK(scene.lease().by.empty());
    CHECK(scene.lease().until.is_never());
    scene.desk.due();
    CHECK(scene.desk.customer.touches.empty());
    scene.person("take", "bob");
    CHECK(scene.lease().by == "bob");
  }
  SECTION("returned") {
    Case scene(lost_to(HandoffStep::Lost::returned));
    scene.open();
    scene.person("take", "lea");
    scene.desk.due();
    CHECK(scene.desk.outcome("human") == "returned");
    CHECK(scene.items() == 0);
    scene.desk.due();
    CHECK(scene.letter_moves());
  }
  SECTION("expired") {
    Case scene(lost_to(HandoffStep::Lost::expired));
    scene.open();
    scene.person("take", "lea");
    scene.desk.due();
    CHECK(scene.desk.outcome("human") == "expired");
    CHECK(scene.items() == 0);
  }
}

TEST_CASE("an item that nobody took in time is over; one that somebody has is his to end") {
  Case scene(to_person(minutes(45)));
  scene.open();
  SECTION("nobody has it") {
    scene.desk.due();
    CHECK(scene.desk.outcome("human") == "expired");
    CHECK(scene.items() == 0);
  }
  SECTION("somebody has it") {
    scene.desk.now = scene.desk.now + minutes(40);
    scene.person("take", "lea");
    scene.desk.due();
    CHECK(scene.desk.outcome("human").empty());
    SECTION("and ends it") {
      scene.person("resolve", "lea", "paid");
      CHECK(scene.desk.outcome("human") == "paid");
    }
    SECTION("and forgets it") {
      scene.desk.due(scene.lease().until);
      CHECK(scene.desk.outcome("human") == "expired");
    }
  }
}

TEST_CASE("no touch slips out at the instant at which a lease runs out", "[S1-62]") {
  Case scene;
  scene.open();
  scene.desk.due();  // the letter is held
  scene.person("take", "lea");
  scene.desk.due(scene.lease().until);
  CHECK(scene.desk.customer.touches.empty());
  CHECK(scene.items() == 1);
}

TEST_CASE("an item goes with its run, unless a person has it", "[S1-62]") {
  Case scene;
  scene.open();
  scene.desk.failed_payment("i-2");
  REQUIRE(scene.items() == 2);
  SECTION("nobody has it") {
    scene.desk.paid("i-1");
    CHECK(scene.items() == 1);
  }
  SECTION("a person has it, and ends it") {
    scene.person("take", "lea");
    scene.desk.paid("i-1");
    REQUIRE(scene.items() == 2);
    scene.person("resolve", "lea", "whatever");
    CHECK(scene.items() == 1);
  }
  SECTION("a person has it, and forgets it") {
    scene.person("take", "lea");
    scene.desk.paid("i-1");
    scene.desk.due(scene.lease().until);
    CHECK(scene.items() == 1);
  }
}

TEST_CASE("who was dissatisfied is not contacted until a person has closed the case", "[S1-51]") {
  FakeRules rules;
  rules.add_channel("email", "email");
  rules.add_channel("voice", "voice");
  SendStep call;
  call.via = call.channel_kind = "voice";
  rules.add(flow("pay", {step("call", call), step("human", to_person(), on(0, {"dissatisfied"}))}));
  rules.add(
      flow("pay_later", {step("wait", wait_for(hours(1))), step("mail", mail(), on(0, {"done"}))}));
  Desk desk(rules);
  desk.failed_payment();
  desk.profile();
  desk.answer("call", OperationStatus::done, "dissatisfied");
  REQUIRE(desk.customer.leases.size() == 1);
  CHECK(desk.customer.leases[0].follow_up);
  const Key run = desk.customer.leases[0].run;
  CommandInput close;
  close.author = "lea";
  close.item = item_key(desk.customer.id, run, 1);
  desk.paid();  // both runs reach their goal; the complaint is not settled by that
  CHECK(desk.customer.runs.empty());
  REQUIRE(desk.customer.leases.size() == 1);
  const Doc packet = opened(desk.customer.id, desk.customer.leases[0].packet);
  CHECK(packet.view().find("why").text() == "call: dissatisfied");
  SECTION("a lease that ran out gives it back to the queue") {
    close.command = "take";
    desk.feed(close);
    desk.due();
    REQUIRE(desk.customer.leases.size() == 1);
    CHECK(desk.customer.leases[0].by.empty());
  }
  SECTION("other flows wait for it") {
    desk.failed_payment("i-2");
    desk.due();
    CHECK(desk.records<TouchJudged>().back().reason == "person_owns_case");
    close.command = "resolve";
    desk.feed(close);
    CHECK(desk.customer.leases.empty());
    CHECK(desk.customer.touches.size() == 3);
  }
}

TEST_CASE("a packet tells campaign, script, point, words, reason, customer, order and controller",
          "[S1-60][S0-35]") {
  Case scene;
  scene.open();
  const View view(scene.desk.customer, scene.desk.customer.runs[0], *scene.rules.active().front(),
                  scene.desk.now);
  const Doc packet(view.step_data(0));
  CHECK(check_packet(packet));
  CHECK(packet.view().find("flow").text() == "pay");
  CHECK(packet.view().find("controller").text() == "Shop SAS, Paris");
  CHECK(packet.view().find_path("customer.id").text() == "c-1");
  CHECK(packet.view().find_path("event.invoice_id").text() == "i-1");
  CHECK(packet.view().find("item").text() == scene.item().text());
  CHECK(packet.view().find("outcomes").size() == 2);
  for (const std::string field : {"flow", "step", "why", "script", "reached", "said", "customer",
                                  "event", "steps", "touches", "memory", "pending", "controller"}) {
    CAPTURE(field);
    std::vector<std::pair<std::string, Doc>> others;
    for (const auto& [name, value] : packet.view().items())
      if (name != field) others.emplace_back(name, Doc(value));
    const Status checked = check_packet(Doc::record(others));
    REQUIRE_FALSE(checked);
    CHECK(checked.error().code == Code::packet_incomplete);
    CHECK(checked.error().message.find("'" + field + "'") != std::string::npos);
  }
}

TEST_CASE("whoever takes a case over sees what automation still has to do", "[S1-62]") {
  Case scene;
  scene.rules.add(flow("other", {step("wait", wait_for(hours(3)))}));
  scene.open();
  scene.desk.failed_payment("i-2");
  const Run& latest = scene.desk.customer.runs[2];
  REQUIRE(latest.flow == "pay");
  const View view(scene.desk.customer, latest, *scene.rules.active().front(), scene.desk.now);
  const DocView pending = view.step_data(0).find("pending");
  REQUIRE(pending.size() >= 2);
  bool waits = false;
  for (const auto& [place, step] : pending.items())
    waits |= step.find("flow").text() == "pay" && step.find("step").text() == "wait" &&
             step.find("at").instant() == scene.desk.now + hours(1);
  CHECK(waits);
}

TEST_CASE("a desk is offered the item with its packet, and accepts and completes it", "[S1-58]") {
  WithDesk scene;
  scene.open();
  REQUIRE(scene.desk.count<Send>(scene.desk.effects) == 1);
  const Touch& offer = scene.desk.customer.touches.back();
  CHECK(offer.what == TouchWhat::offer);
  CHECK(offer.channel == "desk");
  const Doc frozen = opened(scene.desk.customer.id, offer.held->frozen);
  CHECK(check_packet(frozen.view().find("data")));
  scene.desk.answer("human", OperationStatus::done, "delivered");
  scene.desk_says("handoff.accepted", by("lea"));
  CHECK(scene.lease().by == "lea");
  CHECK(scene.lease().until == scene.desk.now + minutes(30));
  scene.desk_says("handoff.completed", by("lea", "paid"));
  CHECK(scene.desk.outcome("human") == "paid");
  CHECK(scene.items() == 0);
}

TEST_CASE("a desk that declines, returns, or lets the time pass", "[S1-58]") {
  SECTION("declined: it lies in the queue for others") {
    WithDesk scene;
    scene.open();
    scene.desk_says("handoff.declined");
    CHECK(scene.lease().until.is_never());
    CHECK(scene.lease().by.empty());
  }
  SECTION("declined, and the flow says what then") {
    WithDesk scene(lost_to(HandoffStep::Lost::returned));
    scene.open();
    scene.desk_says("handoff.declined");
    CHECK(scene.desk.outcome("human") == "returned");
  }
  SECTION("returned") {
    WithDesk scene;
    scene.open();
    scene.desk_says("handoff.accepted", by("lea"));
    scene.desk_says("handoff.returned", by("lea"));
    CHECK(scene.desk.outcome("human") == "returned");
  }
  SECTION("the time passes, and accepting then changes nothing") {
    WithDesk scene(lost_to(HandoffStep::Lost::expired));
    scene.open();
    scene.desk.answer("human", OperationStatus::done, "delivered");
    scene.desk.due();
    CHECK(scene.desk.now == *parse_instant("2026-01-05T10:05:00Z"));
    CHECK(scene.desk.outcome("human") == "expired");
    scene.desk_says("handoff.accepted", by("lea"));
    CHECK(scene.items() == 0);
  }
  SECTION("the desk cannot be reached") {
    WithDesk scene;
    scene.open();
    scene.desk.answer("human", OperationStatus::failed, "failed");
    CHECK(scene.items() == 1);
    CHECK(scene.lease().until.is_never());
  }
}

TEST_CASE("a lost item is offered to the desk anew, and the old offer is over", "[S1-58]") {
  WithDesk scene;
  scene.open();
  scene.desk.answer("human", OperationStatus::done, "delivered");
  const Key first = scene.offer();
  scene.desk_says("handoff.accepted", by("lea"));
  scene.desk.due();
  const Key second = scene.offer();
  REQUIRE(first != second);
  CHECK(scene.lease().by.empty());
  CHECK(scene.lease().offers == 2);
  scene.desk_says("handoff.accepted", by("bob"));
  CHECK(scene.lease().by == "bob");
}

TEST_CASE("an offer counts for no contact rule and is no contact of the customer") {
  WithDesk scene;
  scene.rules.rules.gap = hours(4);
  scene.open();
  scene.desk.answer("human", OperationStatus::done, "delivered");
  scene.desk_says("handoff.completed", by("lea", "closed"));
  scene.desk.due();
  scene.desk.profile();
  CHECK(scene.desk.open_touch("mail").is_contact());
}

TEST_CASE("an offer that a crash interrupted is made again while its item stands") {
  WithDesk scene;
  scene.open();
  const Key offer = scene.offer();
  scene.desk.feed(RecoverInput{});
  scene.desk.due(scene.desk.customer.touches.back().held->settle_at);
  REQUIRE(scene.desk.count<Send>(scene.desk.effects) == 1);
  CHECK(std::get<Send>(scene.desk.effects.back()).touch.key == offer);
  SECTION("it does not any more") {
    scene.person("resolve", "lea", "paid");
    OperationResult later;
    later.status = OperationStatus::unknown;
    scene.desk.feed(ResultInput{offer, later});
    scene.desk.due(scene.desk.customer.find_touch(offer)->held->settle_at);
    CHECK(scene.desk.count<Send>(scene.desk.effects) == 0);
  }
}
