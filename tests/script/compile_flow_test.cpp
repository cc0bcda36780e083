#include "script/compile_flow.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "compiling.h"
#include "core/graph/flow_json.h"
#include "script/bundle.h"
#include "support/schema.h"
#include "worker_view.h"

namespace relance {
namespace {

using Words = std::vector<std::string>;

BundleSources shipped_flows() { return *read_bundle(std::string(RELANCE_SOURCE_DIR) + "/flows"); }

std::string errors_of(const LoadedBundle& loaded) {
  std::string text;
  for (const Finding& finding : loaded.findings) text += finding.error.text() + "\n";
  return text;
}

}  // namespace

TEST_CASE("the shipped flows load without a single finding", "[S2-04]") {
  const LoadedBundle loaded = load_bundle(shipped_flows(), "flows", {});
  CHECK(errors_of(loaded) == "");
  REQUIRE(loaded.bundle != nullptr);
  REQUIRE_FALSE(loaded.bundle->flows.empty());
}

TEST_CASE("a compiled flow reads back from its stored JSON as the same flow") {
  const LoadedBundle loaded = load_bundle(shipped_flows(), "flows", {});
  REQUIRE(loaded.bundle != nullptr);
  for (const CompiledFlow& compiled : loaded.bundle->flows) {
    const auto read = flow_from_json(compiled.json);
    REQUIRE(read.ok());
    CHECK(stored_json(*read) == compiled.json);
    CHECK(test::misfit(compiled.json).empty());
  }
}

TEST_CASE("a flow's version changes with its source and its scripts, and with nothing else") {
  BundleSources sources = shipped_flows();
  const auto version = [&](const BundleSources& from, const std::string& directory) {
    const auto bundle = load_bundle(from, directory, {}).bundle;
    const auto& flows = bundle->flows;
    const auto at = std::find_if(flows.begin(), flows.end(), [](const CompiledFlow& one) {
      return one.flow.name == "payment_recovery";
    });
    return at->flow.version;
  };
  const Key first = version(sources, "flows");
  CHECK(version(sources, "elsewhere/flows") == first);
  BundleSources other = sources;
  other["templates/payment_link.email.en.mustache"] += "\nP.S.";
  CHECK(version(other, "flows") == first);
  other["scripts/payment_help.lua"] += "\n-- another remark";
  CHECK(version(other, "flows") != first);
  sources["payment_recovery.lua"] += "\n-- another remark";
  CHECK(version(sources, "flows") != first);
}

TEST_CASE("a step starts with the run, on an edge, on any, on all, or when the run ended") {
  const Compiling flow(R"(
    f.a = send { via = "email", template = "x" }
    f.b = wait { after = f.a.delivered, hours(2) }
    f.c = wait { after = any { f.a.bounced, all { f.a, f.b.done } }, hours(2) }
    f.d = record { after = ended { "expired", "stopped" }, what = "x" }
    ignore { f.a.failed })");
  CHECK(flow.step("a").after.kind == After::Kind::none);
  CHECK(flow.step("b").after.edge == Edge{0, {"delivered"}, false, false});
  const After& c = flow.step("c").after;
  REQUIRE(c.kind == After::Kind::any);
  REQUIRE(c.of.size() == 2);
  CHECK(c.of[1].kind == After::Kind::all);
  CHECK(c.of[1].of[0].edge.bare);
  CHECK(flow.step("d").after.ends == std::vector<RunEnd>{RunEnd::expired, RunEnd::stopped});
  CHECK(flow.build.flow.ignored == std::vector<Edge>{{0, {"failed"}, false, false}});
}

TEST_CASE("otherwise stands for what no other edge names, but never for a no of the customer") {
  Compiling flow(R"(
    f.a = send { via = "email", template = "x", when = function(run) return true end }
    f.b = wait { after = f.a.delivered, hours(1) }
    f.c = wait { after = f.a.otherwise, hours(1) }
    ignore { f.a.opted_out, f.a.late })");
  CHECK(flow.errors() == "");
  CHECK(flow.step("c").after.edge.otherwise);
  CHECK(flow.step("c").after.edge.outcomes == Words{"failed", "denied", "bounced", "skipped"});
}

TEST_CASE("a send has the words of its channel, and of what it expects") {
  Compiling flow(R"(
    f.a = send { via = "email", template = "x", expect = event "link.clicked",
                 tries = 2, gap = hours(48) }
    f.b = send { via = "sms", template = "x", at = "18:30",
                 deadline = since "event.time" (minutes(60)) }
    ignore { f.a, f.b })");
  CHECK(flow.errors() == "");
  CHECK(flow.step("a").outcomes ==
        Words{"responded", "ignored", "failed", "denied", "late", "bounced", "opted_out"});
  const auto& a = std::get<SendStep>(flow.step("a").body);
  CHECK(a.tries == 2);
  CHECK(a.gap == hours(48));
  CHECK(a.expect == std::vector<EventPattern>{{"link.clicked", {}}});
  const auto& b = std::get<SendStep>(flow.step("b").body);
  CHECK(b.at.local == TimeOfDay{18 * 60 + 30});
  REQUIRE(b.deadline);
  CHECK(b.deadline->kind == FieldMoment::Kind::since);
  CHECK(b.deadline->path == "event.time");
  CHECK(b.deadline->offset == minutes(60));
}

TEST_CASE("waits are told by a span, a field's day, or the customer's clock") {
  Compiling flow(R"(
    f.a = wait { days(2) + hours(1) }
    f.b = wait { before "event.time" { days = 1, at = "10:00" } }
    f.c = wait { until_local "09:00" }
    f.d = wait { before "event.time" (hours(2)) })");
  CHECK(flow.errors() == "");
  CHECK(std::get<WaitStep>(flow.step("a").body).duration == hours(49));
  const auto before = *std::get<WaitStep>(flow.step("b").body).before;
  CHECK(before.calendar_days == 1);
  CHECK(before.at == TimeOfDay{600});
  CHECK(std::get<WaitStep>(flow.step("c").body).until_local == TimeOfDay{540});
  CHECK(std::get<WaitStep>(flow.step("d").body).before->offset == hours(2));
}

TEST_CASE("a decision table keeps its columns, cells and free data") {
  Compiling flow(R"(
    f.a = decide {
      by = { amount = "event.amount", what = "event.decline.action" },
      rows = {
        { what = { "retry_now", "retry_scheduled" }, outcome = "retry", script = "short" },
        { amount = at_least { eur "50", usd "60" }, outcome = "call" },
      },
      hit = "first", otherwise = "ask" })");
  CHECK(flow.errors() == "");
  const auto& table = std::get<DecideStep>(flow.step("a").body);
  CHECK(flow.step("a").outcomes == Words{"retry", "call", "ask"});
  CHECK(table.columns == Words{"amount", "what"});
  CHECK(table.paths == Words{"event.amount", "event.decline.action"});
  CHECK(table.first_hit);
  REQUIRE(table.rows.size() == 2);
  CHECK(table.rows[0].cells[0].kind == Cell::Kind::any);
  CHECK(table.rows[0].cells[1].values.size() == 2);
  CHECK(table.rows[0].data.view().find("script").text() == "short");
  CHECK(table.rows[0].line == 6);
  CHECK(table.rows[1].cells[0].kind == Cell::Kind::at_least);
  CHECK(table.rows[1].cells[0].values.size() == 2);
}

TEST_CASE("functions, policies and splits decide too") {
  Compiling flow(R"(
    f.a = decide { by = function(run) return "x" end, outcomes = { "x", "y" } }
    f.b = decide { policy = policy "evening", outcomes = { "sms", "email" } }
    f.c = decide { split = { a = 50, b = 50 } })");
  CHECK(flow.errors() == "");
  CHECK(flow.step("a").outcomes == Words{"x", "y"});
  CHECK(std::get<DecideStep>(flow.step("b").body).policy == "evening");
  const std::vector<std::pair<std::string, int>> halves = {{"a", 50}, {"b", 50}};
  CHECK(std::get<DecideStep>(flow.step("c").body).split == halves);
}

TEST_CASE("holds are settled and released by name") {
  Compiling flow(R"(
    f.keep = hold { on = "shop", op = "hold_order", undo = "release_order", at_most = hours(48) }
    f.drop = act { after = f.keep.done, on = "shop", op = "cancel", settles = f.keep,
                   only_if = { status = "open" } }
    f.free = release { after = f.drop.refused, hold = f.keep }
    ignore { f.keep, f.drop, f.free })");
  CHECK(flow.errors() == "");
  CHECK(std::get<ActStep>(flow.step("drop").body).settles == 0);
  CHECK(std::get<ReleaseStep>(flow.step("free").body).hold == 0);
}

TEST_CASE("the header tells who runs, how often, and what is read again") {
  const Compiling flow("f.a = wait { hours(1) }",
                       R"(, goal = event "payment.succeeded", stop = any { event "invoice.voided" },
      expire = days(28), when = function(run) return true end, holdout = { percent = 10 },
      re_entry = again_after(days(30)), gap = hours(6),
      recheck = { from = "shop", what = "invoice", by = "invoice_id", goal = "paid" })");
  const Flow& made = flow.build.flow;
  CHECK(made.goal == std::vector<EventPattern>{{"payment.succeeded", {}}});
  CHECK(made.stop.size() == 1);
  CHECK(made.expire == days(28));
  CHECK(made.when);
  CHECK(made.holdout_percent == 10);
  CHECK(made.re_entry == ReEntry::again_after);
  CHECK(made.re_entry_after == days(30));
  CHECK(made.recheck == Recheck{"shop", "invoice", "invoice_id", "paid", ""});
  CHECK(made.tighten.gap == hours(6));
}

TEST_CASE("what a function sees outside of itself it cannot change") {
  Compiling flow(R"(
    local labels = { list = { "a", "b" }, count = 0 }
    local function last() return labels.list[#labels.list] end
    f.read  = decide {
      by = function(run)
        local s = ""
        for k in pairs(labels) do s = s .. k end
        return s .. last()
      end,
      outcomes = { "countlistb" } }
    f.write = wait { hours(1), when = function(run) labels.count = 1 return true end }
    f.deep  = wait { hours(1), when = function(run) labels.list[1] = "z" return true end }
    f.whole = record { what = "x", data = function(run) return labels end })");
  CHECK(flow.errors() == "");
  const RunToLookAt looked_at;
  const View view = looked_at.view();
  const auto& functions = flow.build.functions;
  REQUIRE(functions.size() == 4);
  CHECK(flow.lua.call_text(functions[0], view).value_or("") == "countlistb");
  for (const size_t writer : {1u, 2u}) {
    const auto written = flow.lua.call_bool(functions[writer], view);
    REQUIRE_FALSE(written.ok());
    CHECK(written.error().code == Code::forbidden_name);
  }
  CHECK(to_json(flow.lua.call_record(functions[3], view).value_or(Doc())) ==
        R"({"count":0,"list":["a","b"]})");
}

TEST_CASE("tables and functions that hold each other without end are refused, not followed") {
  CHECK(Compiling(R"(
    local t = {}
    for i = 1, 50000 do t = { t } end
    f.a = wait { hours(1), when = function(run) return t[1] ~= nil end })")
            .errors() ==
        "flow.lua:5: error E0126: the tables that a function sees nest too deeply\n");
  CHECK(Compiling(R"(
    local g = function() return true end
    for i = 1, 50000 do local before = g; g = function() return before() end end
    f.a = wait { hours(1), when = function(run) return g() end })")
            .errors() ==
        "flow.lua:5: error E0126: the tables that a function sees nest too deeply\n");
}

TEST_CASE("a function that asks for the outcome first, or has a fallback, may read any result") {
  const std::string steps = R"(
    f.a = fetch { from = "crm" }
    f.b = send { via = "email", template = "x", when = function(run) return %s end }
    ignore { f.a, f.b })";
  const auto errors = [&](const std::string& code) {
    std::string text = steps;
    text.replace(text.find("%s"), 2, code);
    return Compiling(text).errors();
  };
  CHECK(errors("run.steps.a.data.x == 1").find("E0112") != std::string::npos);
  CHECK(errors("run.steps.a.outcome == \"found\" and run.steps.a.data.x == 1") == "");
  CHECK(errors("(run.steps.a.data.x or 1) == 1") == "");
}

}  // namespace relance
