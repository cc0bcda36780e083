// Who is in a segment, what is asked of the CRM, and what becomes of those who leave it.
#include "core/run/segment.h"

#include "core/run/kept_facts.h"
#include "support/desk.h"

using namespace relance;
using namespace relance::test;

namespace {

Cell cell(Cell::Kind kind, std::vector<Doc> values) { return {kind, std::move(values)}; }
Doc ago(Duration span) { return Doc::record({{kAgoField, Doc::integer(span.ms)}}); }

// French customers whose last order is 90 days old.
Segment lapsed() {
  Segment made;
  made.from = "crm";
  made.columns = {"country", "last_order_at"};
  made.cells = {cell(Cell::Kind::one_of, {Doc::text("FR"), Doc::text("BE")}),
                cell(Cell::Kind::below, {ago(days(90))})};
  made.every = days(1);
  return made;
}

Flow campaign(Segment segment) {
  Flow made =
      flow("campaign", {step("pause", wait_for(hours(1))), step("mail", mail(), on(0, {}))});
  made.start.clear();
  made.key.clear();
  made.goal = {{"order.placed", {}}};
  made.stop.clear();
  made.segment = std::move(segment);
  made.purpose = Purpose::service;
  return made;
}

Doc record(std::string country, std::string last_order_at) {
  return Doc::record({{"id", Doc::text("c-1")},
                      {"email", Doc::text("ann@example.com")},
                      {"timezone", Doc::text("UTC")},
                      {"country", Doc::text(country)},
                      {"last_order_at", Doc::text(last_order_at)}});
}

struct Campaign {
  FakeRules rules;
  Desk desk{rules};
  const Instant monday = desk.now;  // 2026-01-05
  Flow* flow = nullptr;

  Campaign() {
    rules.add_channel("email", "email");
    rules.abouts["order.placed"] = "customer";
    flow = &rules.add(campaign(lapsed()));
  }
  Decision& found(uint64_t round, Doc of = record("FR", "2025-09-01")) {
    FoundInput input;
    input.flow = "campaign";
    input.subject = "c-1";
    input.hash = event_hash("shop", "c-1", "segment:campaign", std::to_string(round));
    input.data = Doc::record({{kRoundField, Doc::integer(static_cast<int64_t>(round))}});
    input.record = std::move(of);
    return desk.feed(input);
  }
};

const Instant kNow = *parse_instant("2026-01-05T10:00:00Z");

bool fits(const Segment& segment, const Doc& of) {
  return SegmentTest(segment, kNow).record_fits(of);
}

}  // namespace

TEST_CASE("[S1-71] a segment takes texts of a CRM for the dates, numbers and truths they are") {
  CHECK(fits(lapsed(), record("FR", "2025-10-01")));
  CHECK(fits(lapsed(), record("BE", "2025-10-01T12:00:00+02:00")));
  CHECK_FALSE(fits(lapsed(), record("DE", "2025-10-01")));
  CHECK_FALSE(fits(lapsed(), record("FR", "2025-12-01")));
  CHECK_FALSE(fits(lapsed(), record("FR", "never")));
  CHECK_FALSE(fits(lapsed(), record("FR", "")));
  Segment more = lapsed();
  more.columns = {"orders", "vip"};
  more.cells = {cell(Cell::Kind::at_least, {Doc::integer(3)}),
                cell(Cell::Kind::one_of, {Doc::boolean(true)})};
  const auto customer = [](Doc orders, Doc vip) {
    return Doc::record({{"orders", orders}, {"vip", vip}});
  };
  CHECK(fits(more, customer(Doc::text("10"), Doc::text("true"))));
  CHECK(fits(more, customer(Doc::integer(3), Doc::boolean(true))));
  CHECK_FALSE(fits(more, customer(Doc::text("2"), Doc::text("true"))));
  CHECK_FALSE(fits(more, customer(Doc::text("many"), Doc::text("true"))));
  CHECK_FALSE(fits(more, customer(Doc::text("3"), Doc::text("false"))));
}

TEST_CASE("[S1-38] after a whole round only those are asked for who can have come in since") {
  const auto asked = [](const Segment& segment, Instant since) {
    std::string all;
    for (const Doc& query : segment_queries(segment, kNow, since)) all += to_json(query) + "\n";
    return all;
  };
  const std::string everyone =
      R"({"country":["FR","BE"],"last_order_at":{"below":"2025-10-07T10:00:00Z"}})"
      "\n";
  CHECK(asked(lapsed(), Instant::beginning()) == everyone);
  CHECK(asked(lapsed(), kNow - days(1)) == everyone);
  Segment telling = lapsed();
  telling.changed = "updated_at";
  CHECK(asked(telling, Instant::beginning()) == everyone);
  CHECK(asked(telling, kNow - days(1)) ==
        R"({"country":["FR","BE"],"last_order_at":)"
        R"({"at_least":"2025-10-06T09:50:00Z","below":"2025-10-07T10:00:00Z"}})"
        "\n"
        R"({"country":["FR","BE"],"last_order_at":{"below":"2025-10-07T10:00:00Z"},)"
        R"("updated_at":{"at_least":"2026-01-04T09:50:00Z"}})"
        "\n");
}

TEST_CASE("where the engine's own facts are asked every round looks at everyone") {
  Segment segment = lapsed();
  segment.columns.push_back("facts.opens");
  segment.cells.push_back(cell(Cell::Kind::at_least, {Doc::integer(1)}));
  segment.changed = "updated_at";
  CHECK(segment_queries(segment, kNow, kNow - days(1)) ==
        segment_queries(segment, kNow, Instant::beginning()));
  CHECK(SegmentTest(segment, kNow).record_fits(record("FR", "2025-10-01")));
  CHECK_FALSE(SegmentTest(segment, kNow).facts_fit({}));
  CHECK(SegmentTest(segment, kNow).facts_fit(Doc::record({{"opens", Doc::integer(2)}})));
}

TEST_CASE_METHOD(Campaign, "[S1-39] the record that a search read is kept with the run it began") {
  found(1);
  REQUIRE(desk.customer.runs.size() == 1);
  CHECK(opened(desk.customer.id, desk.records<ProfileRead>().back().profile) ==
        record("FR", "2025-09-01"));
  const auto decided = desk.records<Decided>();
  REQUIRE_FALSE(decided.empty());
  CHECK(decided.front().what == "segment");
  CHECK(decided.front().choice == "found");
}

TEST_CASE_METHOD(Campaign, "nobody is found twice in a round, nor while his run lives") {
  found(1);
  CHECK(found(1).duplicate_event);
  CHECK(found(2).entry.records.empty());
  CHECK(desk.records<RunStarted>().size() == 1);
}

TEST_CASE_METHOD(Campaign, "[S1-39] who is still in the segment is read again before the touch") {
  found(1);
  desk.due();
  REQUIRE(desk.count<Read>(desk.effects) == 1);
  desk.profile(record("FR", "2025-09-01"));
  CHECK(desk.count<Send>(desk.effects) == 1);
  CHECK(desk.records<ProfileRead>().size() == 2);
  CHECK(desk.records<Decided>().back().choice == "stays");
}

TEST_CASE_METHOD(Campaign, "[S1-39] who has left the segment is not touched") {
  found(1);
  desk.due();
  desk.profile(record("FR", "2026-01-05"));
  CHECK(desk.count<Send>(desk.effects) == 0);
  CHECK(desk.ended() == "stopped");
  CHECK(desk.records<RunEnding>().back().reason == "left_segment");
}

TEST_CASE_METHOD(Campaign, "while the CRM is down nobody is touched, and nobody is forgotten") {
  found(1);
  desk.due();
  OperationResult down;
  down.status = OperationStatus::failed;
  desk.feed(ReadInput{desk.customer.runs[0].steps[1].touch, down});
  CHECK(desk.customer.runs[0].steps[1].phase == Phase::held);
  desk.due();
  desk.profile(record("FR", "2025-09-01"));
  CHECK(desk.count<Send>(desk.effects) == 1);
}

TEST_CASE_METHOD(Campaign, "[S1-50] who confirmed has left the list for good") {
  flow->re_entry = ReEntry::never_again;
  found(1);
  desk.event("order.placed", Doc::record({{"order_id", Doc::text("o-1")}}));
  REQUIRE(desk.ended() == "goal");
  desk.now = desk.now + days(30);
  CHECK(found(2).entry.records.empty());
  CHECK(desk.customer.runs.empty());
}

TEST_CASE("[S1-71] orders, returns and reactions become facts, whatever order they come in") {
  Doc facts;
  const auto tell = [&](std::string_view type, Instant at, Doc data = {}) {
    if (auto after = facts_after(facts, type, at, data)) facts = *after;
  };
  const auto order = [](std::string id, std::string category) {
    return Doc::record({{"order_id", Doc::text(id)}, {"category", Doc::text(category)}});
  };
  const auto fact = [&](std::string_view name) { return facts.view().find(name); };
  tell("order.placed", kNow, order("o-2", "fashion"));
  tell("order.placed", kNow - days(200), order("o-1", "books"));
  CHECK(fact("orders").integer() == 2);
  CHECK(fact("last_order_at").instant() == kNow);
  CHECK(fact("last_order_category").text() == "fashion");
  CHECK(fact("last_order_returned").boolean() == false);
  tell("return.approved", kNow, Doc::record({{"order_id", Doc::text("o-1")}}));
  CHECK(fact("last_order_returned").boolean() == false);
  tell("delivery.done", kNow, Doc::record({{"order_id", Doc::text("o-2")}}));
  CHECK(fact("last_order_status").text() == "delivered");
  tell("return.approved", kNow, Doc::record({{"order_id", Doc::text("o-2")}}));
  CHECK(fact("last_order_returned").boolean() == true);
  CHECK(fact("returns").integer() == 2);
  tell("email.opened", kNow);
  tell("link.clicked", kNow - days(1));
  CHECK(fact("opens").integer() == 1);
  CHECK(fact("last_clicked_at").instant() == kNow - days(1));
  tell("news", kNow);
  CHECK(fact("orders").integer() == 2);
}

TEST_CASE_METHOD(Campaign, "facts are kept only where somebody asks for them") {
  desk.event("order.placed", Doc::record({{"order_id", Doc::text("o-1")}}));
  CHECK(desk.records<FactsKept>().empty());
  rules.facts_are_kept = true;
  desk.event("order.placed", Doc::record({{"order_id", Doc::text("o-2")}}));
  CHECK(desk.records<FactsKept>().size() == 1);
}
