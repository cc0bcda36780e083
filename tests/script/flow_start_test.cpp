#include "script/flow_start.h"

#include <catch2/catch.hpp>

#include "compiling.h"
#include "core/graph/flow_json.h"

namespace relance {
namespace {

// A flow with this start, and nothing else that matters.
struct Starting : Compiling {
  explicit Starting(const std::string& start, const std::string& steps = "")
      : Compiling("f.pause = wait { hours(1) }\nignore { f.pause }\n" + steps) {
    file.text.replace(file.text.find("event \"payment.failed\", key = \"invoice_id\""), 42, start);
    findings = {};
    build = compile_flow(lua, file, context, findings);
  }
  const Flow& flow() const { return build.flow; }
};

}  // namespace

TEST_CASE("a flow that starts by an absence knows the fields of what is absent") {
  Starting silent("absence_of \"order.placed\" (days(90)), key = \"order_id\"",
                  "f.if_dear = wait { hours(1), when = function(run)\n"
                  "  return run.event.amount > eur \"50\" and run.event.since < run.now end }\n"
                  "f.later = wait { before \"event.since\" { offset = hours(1) } }\n"
                  "ignore { f.if_dear, f.later }");
  CHECK(silent.errors() == "");
  REQUIRE(silent.flow().absence);
  CHECK(*silent.flow().absence == Absence{"order.placed", days(90)});
  CHECK(silent.flow().start.empty());
  CHECK(flow_from_json(flow_to_json(silent.flow())).value() == silent.flow());
}

TEST_CASE("a segment keeps its cells by the names of their fields") {
  Starting segment(
      "segment { from = \"crm\", every = hours(6), pace = 100, changed = \"updated_at\", where = "
      "{\n"
      "  country = { \"FR\", \"BE\" }, last_order_at = below(ago(days(90))),\n"
      "  [\"facts.orders\"] = at_least(2) } }");
  CHECK(segment.errors() == "");
  REQUIRE(segment.flow().segment);
  const Segment& found = *segment.flow().segment;
  CHECK(found.from == "crm");
  CHECK(found.columns == std::vector<std::string>{"country", "facts.orders", "last_order_at"});
  CHECK(found.cells[0].kind == Cell::Kind::one_of);
  CHECK(found.cells[2].kind == Cell::Kind::below);
  CHECK(found.cells[2].values[0].view().find(kAgoField).integer() == days(90).ms);
  CHECK(found.every == hours(6));
  CHECK(found.pace == 100);
  CHECK(found.changed == "updated_at");
  CHECK(flow_from_json(flow_to_json(segment.flow())).value() == segment.flow());
}

TEST_CASE("facts are read by tables and functions, and must be known") {
  CHECK(Compiling("f.plan = decide { by = { r = \"facts.last_order_returned\" },\n"
                  "  rows = { { r = true, outcome = \"sorry\" } }, otherwise = \"plain\" }\n"
                  "f.a = wait { after = f.plan, hours(1),\n"
                  "  when = function(run) return run.facts.orders ~= nil end }\n"
                  "ignore { f.a }")
            .errors() == "");
  CHECK(Compiling("f.plan = decide { by = { r = \"facts.last_order_retuned\" },\n"
                  "  rows = { { r = true, outcome = \"sorry\" } }, otherwise = \"plain\" }\n"
                  "ignore { f.plan }")
            .errors()
            .find("E0116: there is no fact 'last_order_retuned'; did you mean "
                  "'last_order_returned'?") != std::string::npos);
}

TEST_CASE("the time of day of a message may stand in a table") {
  Compiling flow(
      "f.plan = decide { by = { a = \"event.attempt_no\" },\n"
      "  rows = { { a = 1, outcome = \"go\", at = \"17:30\" } }, otherwise = \"stay\" }\n"
      "f.mail = send { after = f.plan.go, via = \"email\", template = \"x\",\n"
      "  at = \"steps.plan.data.at\" }\n"
      "ignore { f.mail, f.plan }");
  CHECK(flow.errors() == "");
  CHECK(std::get<SendStep>(flow.step("mail").body).at.path == "steps.plan.data.at");
}

}  // namespace relance
