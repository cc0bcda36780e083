// Commands that look: runs, touches, journal, explain.
#include <catch2/catch.hpp>

#include "cli/program.h"

namespace fs = std::filesystem;
using namespace relance;
using namespace relance::test;

namespace {

// Ann is known and reached by e-mail and one SMS; of the other one the CRM knows nothing.
std::string store_of(const std::string& name) {
  const fs::path home = fresh_directory(name);
  const std::string early = "2026-01-05T05:00:00Z";  // six in Paris
  write(home / "events.jsonl",
        failed_payment("1", "ann", early) + failed_payment("2", "stranger", early));
  const std::string bundle = kSource / "tests/cli/bundles/small", store = home / "store.db";
  const Answer ran = command({"run", bundle, "--events", home / "events.jsonl", "--store", store,
                              "--clock", "virtual", "--sandbox"});
  INFO(ran.err);
  REQUIRE(ran.exit == 0);
  return store;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("explain tells which touches were made, put off and refused, and why") {
  const std::string store = store_of("explain");
  const Answer story = command({"explain", "ann", "--store", store});
  REQUIRE(story.exit == 0);
  INFO(story.out);
  CHECK(has(story.out, "A payment of 49.00 EUR for i-1 failed"));
  CHECK(has(story.out, "email: an e-mail was put off until Mon 2026-01-05 10:00"));
  CHECK(has(story.out, "outside the hours in which the customer may be contacted"));
  CHECK(has(story.out, "email: an e-mail was sent"));
  CHECK(has(story.out, "sms: an SMS was sent"));
  CHECK(has(story.out, "again: an SMS was not made"));
  CHECK(has(story.out, "counted 1"));

  const Answer early =
      command({"explain", "ann", "--at", "2026-01-05T06:00:00Z", "--store", store});
  CHECK(has(early.out, "was put off"));
  CHECK_FALSE(has(early.out, "an e-mail was sent"));

  const Answer nobody = command({"explain", "nobody", "--store", store});
  CHECK(nobody.exit == 1);
  CHECK(has(nobody.err, "E0603"));
}

TEST_CASE("a customer whom the CRM does not know takes the way of 'missing'") {
  const std::string store = store_of("missing");
  const auto runs =
      lines_of(command({"runs", "--customer", "stranger", "--store", store, "--json"}).out);
  REQUIRE(runs.size() == 1);
  const Doc run = json(runs[0]);
  CHECK(run.view().find("status").text() == "completed");
  const std::string id(run.view().find("run").text().value_or(""));
  std::string steps;
  for (const std::string& line : lines_of(command({"journal", id, "--store", store}).out)) {
    const Doc record = json(line);
    if (record.view().find_path("facts.outcome").is_null()) continue;
    steps += std::string(record.view().find("step").text().value_or("")) + "=" +
             std::string(record.view().find_path("facts.outcome").text().value_or("")) + " ";
  }
  CHECK(has(steps, "profile=missing "));
  CHECK(has(steps, "unknown=written "));
  CHECK_FALSE(has(steps, "email="));
}

TEST_CASE("rows have every field that the page on the command line names") {
  const std::string store = store_of("rows");
  const auto each = [](const std::string& lines, const std::vector<std::string>& fields) {
    REQUIRE_FALSE(lines.empty());
    for (const std::string& line : lines_of(lines)) {
      const Doc row = json(line);
      CHECK(row.view().size() >= fields.size());
      for (const std::string& field : fields) {
        INFO(field << " of " << line);
        CHECK(has(line, "\"" + field + "\":"));
      }
    }
  };
  each(command({"runs", "--store", store, "--json"}).out,
       {"run", "flow", "version", "key", "customer", "status", "reason", "started_at", "ended_at",
        "next_at", "waiting_for"});
  const std::string touches = command({"touches", "--store", store, "--json"}).out;
  each(touches,
       {"key", "run", "flow", "step", "try", "customer", "channel", "contact", "intended_at",
        "sent_at", "done_at", "outcome", "reason", "cost_minor", "currency", "rendered"});
  CHECK(has(touches, R"("rendered":{"subject":"Your payment of €49.00","text":"Hello Ann."})"));
  each(command({"journal",
                std::string(json(lines_of(touches)[0]).view().find("run").text().value_or("")),
                "--store", store})
           .out,
       {"at", "run", "step", "what", "facts", "version", "generation"});
  CHECK(
      lines_of(command({"touches", "--outcome", "held", "--store", store, "--json"}).out).size() ==
      1);
}
