// `relance run`: what it prints for programs, that it comes out the same whatever it runs on, and
// what becomes of input that cannot be taken.
#include <catch2/catch.hpp>

#include "cli/program.h"

namespace fs = std::filesystem;
using namespace relance;
using namespace relance::test;

namespace {

const std::string kSample = kSource / "flows/sample/failed_payments.jsonl";
const std::string kSmall = kSource / "tests/cli/bundles/small";

// The sample has lines that are rejected: they are kept beside the events, so a copy is run.
std::string sample_in(const fs::path& home) {
  fs::copy(kSample, home / "events.jsonl");
  return home / "events.jsonl";
}

std::vector<std::string> run_of(const std::string& bundle, const std::string& events,
                                const std::string& store,
                                const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments{"run", bundle,    "--events", events,      "--store",
                                     store, "--clock", "virtual",  "--sandbox", "--json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

int64_t count(const Doc& funnel, const std::string& path) {
  INFO(path);
  const auto value = funnel.view().find_path(path).integer();
  REQUIRE(value);
  return *value;
}

void check_currency(DocView one) {
  CHECK(one.find("currency").text().value_or("").size() == 3);
  CHECK(one.find("amount_minor").integer());
}

std::string nested(size_t depth) {
  std::string text = R"({"specversion":"1.0","id":"deep","source":"/shop","type":"payment.failed",)"
                     R"("time":"2026-01-05T09:00:00Z","subject":"ann","data":{"x":)";
  text += std::string(depth, '[') + std::string(depth, ']');
  return text + "}}";
}

}  // namespace

TEST_CASE("run --json says everything that the page on the command line promises") {
  const fs::path home = fresh_directory("shape");
  const Answer ran = command(run_of(kSource / "flows", sample_in(home), "memory:"));
  CHECK(ran.exit == 4);  // the sample has lines that cannot be taken
  CHECK(lines_of(ran.out).size() == 1);
  const Doc funnel = json(ran.out);

  CHECK(count(funnel, "events.accepted") == 1000);
  CHECK(count(funnel, "events.duplicate") == 12);
  CHECK(count(funnel, "events.rejected") == 5);
  int64_t ended = 0;
  for (const char* how : {"goal", "completed", "stopped", "expired", "failed", "waiting"})
    ended += count(funnel, std::string("runs.") + how);
  CHECK(count(funnel, "runs.started") == ended);
  CHECK(count(funnel, "runs.started") + count(funnel, "runs.excluded") +
            count(funnel, "runs.holdout") ==
        1000);
  for (const char* channel : {"email", "sms", "voice", "retry"})
    for (const char* word : {"sent", "failed", "unknown", "denied", "held"})
      CHECK(count(funnel, std::string("touches.") + channel + "." + word) >= 0);

  int64_t came_back = 0;
  const DocView recovered = funnel.view().find("recovered");
  REQUIRE(recovered.size() > 0);
  for (const auto& [key, one] : recovered.items()) {
    check_currency(one);
    int64_t by = 0;
    for (const char* what : {"retry", "email", "sms", "voice", "human", "self"})
      by += one.find("by").find(what).integer().value_or(-1000);
    CHECK(by == one.find("count").integer());
    came_back += by;
  }
  CHECK(came_back == count(funnel, "runs.goal"));
  REQUIRE(funnel.view().find("cost").size() > 0);
  for (const auto& [key, one] : funnel.view().find("cost").items()) check_currency(one);
  const auto from = parse_instant(funnel.view().find_path("clock.from").text().value_or(""));
  const auto to = parse_instant(funnel.view().find_path("clock.to").text().value_or(""));
  REQUIRE(from);
  REQUIRE(to);
  CHECK(*from < *to);
  CHECK(funnel.view().find("elapsed_s").number());
  CHECK(funnel.view().find("journal_hash").text().value_or("").size() == 64);
}

TEST_CASE("the same bundle, events and seed give the same journal, whatever it runs on") {
  const fs::path home = fresh_directory("again");
  const std::string events = sample_in(home);
  const auto hash_of = [&](const std::string& store, const std::vector<std::string>& more) {
    const Answer ran = command(run_of(kSource / "flows", events, store, more));
    REQUIRE(ran.exit == 4);
    return std::string(json(ran.out).view().find("journal_hash").text().value_or(""));
  };
  const fs::path written = kSource / "flows/sample/customers.csv.outcomes.jsonl";
  fs::remove(written);
  const std::string first = hash_of("memory:", {});
  CHECK(first.size() == 64);
  CHECK_FALSE(fs::exists(written));  // a rehearsal leaves nothing in the shop's files
  CHECK(hash_of("memory:", {}) == first);
  CHECK(hash_of(home / "a.db", {}) == first);
  CHECK(hash_of(home / "b.db", {"--effects", home / "effects.jsonl"}) == first);
  for (const char* workers : {"1", "2", "4"}) {
    CHECK(hash_of("memory:", {"--workers", workers}) == first);
    CHECK(hash_of("memory:", {"--workers", workers, "--effects",
                              home / ("effects" + std::string(workers))}) == first);
  }
  CHECK(hash_of("memory:", {"--seed", "2"}) != first);
  CHECK(fs::file_size(home / "effects.jsonl") == fs::file_size(home / "effects4"));

  const Doc status = json(command({"status", "--store", home / "a.db", "--json"}).out);
  CHECK(status.view().find("journal_hash").text() == first);
}

TEST_CASE("a run that was cut by --until goes on in the same store, and takes no event twice") {
  const fs::path home = fresh_directory("until");
  write(home / "events.jsonl", failed_payment("1", "ann", "2026-01-05T05:00:00Z"));
  const std::string store = home / "store.db";
  const auto cut =
      run_of(kSmall, home / "events.jsonl", store, {"--until", "2026-01-05T06:00:00Z"});
  const Answer early = command(cut);
  CHECK(early.exit == 0);
  CHECK(count(json(early.out), "runs.waiting") == 1);
  CHECK(count(json(early.out), "touches.email.held") == 1);

  const Answer late = command(run_of(kSmall, home / "events.jsonl", store));
  CHECK(late.exit == 0);
  const Doc funnel = json(late.out);
  CHECK(count(funnel, "events.duplicate") == 1);
  CHECK(count(funnel, "events.accepted") == 1);
  CHECK(count(funnel, "runs.started") == 1);
  CHECK(count(funnel, "runs.completed") == 1);
  CHECK(count(funnel, "touches.email.sent") == 1);
}

TEST_CASE(
    "what cannot be taken is kept word for word with line, code and reason; the rest goes on") {
  const fs::path home = fresh_directory("rejected");
  const std::string good = failed_payment("1", "ann");
  const std::string huge = R"({"id":")" + std::string(300 * 1024, 'x') + R"("})";
  const std::vector<std::pair<std::string, std::string>> bad = {
      {"{\"specversion\": \"1.0\", ", "E0301"},
      {"no JSON at all", "E0301"},
      {"[1, 2]", "E0301"},
      {"{\"id\": \"\xff\xfe\"}", "E0301"},
      {huge, "E0302"},
      {nested(60), "E0303"},
      {R"({"specversion":"1.0","id":"x","source":"/shop","type":"payment.failed"})", "E0304"},
      {R"({"specversion":"1.0","id":"y","source":"/shop","type":"payment.failed","subject":"ann",)"
       R"("time":"2026-01-05T09:00:00Z","data":{"amount":"much"}})",
       "E0305"},
      {R"({"specversion":"1.0","id":"z","source":"/shop","type":"no.such","subject":"ann",)"
       R"("time":"2026-01-05T09:00:00Z","data":{}})",
       "E0306"},
  };
  std::string file = good;
  for (const auto& [line, code] : bad) file += line + "\n";
  file += "\n";                                      // an empty line is no event
  file += good;                                      // a duplicate
  file += failed_payment("2", "ann").substr(0, 40);  // the file ends within a line
  write(home / "events.jsonl", file);

  const Answer ran = command(run_of(kSmall, home / "events.jsonl", "memory:"));
  CHECK(ran.exit == 4);
  const Doc funnel = json(ran.out);
  CHECK(count(funnel, "events.accepted") == 1);
  CHECK(count(funnel, "events.duplicate") == 1);
  CHECK(count(funnel, "events.rejected") == static_cast<int64_t>(bad.size()) + 1);
  CHECK(count(funnel, "runs.started") == 1);
  CHECK(ran.err.find("events.jsonl.rejected.jsonl") != std::string::npos);

  const auto kept = lines_of(read(home / "events.jsonl.rejected.jsonl"));
  REQUIRE(kept.size() == bad.size() + 1);
  for (size_t i = 0; i < bad.size(); ++i) {
    const Doc one = json(kept[i]);
    const auto& [line, code] = bad[i];
    INFO(code);
    CHECK(one.view().find("line").integer() == static_cast<int64_t>(i) + 2);
    CHECK(one.view().find("code").text() == code);
    CHECK(one.view().find("reason").text().value_or("").size() > 5);
    const std::string text(one.view().find("text").text().value_or(""));
    if (line == huge)
      CHECK(huge.starts_with(text));  // as much as may be read into memory
    else if (code == "E0301" && line.find('\xff') != std::string::npos)
      CHECK(text == R"({"id": "\xff\xfe"})");
    else
      CHECK(text == line);
  }
  CHECK(json(kept.back()).view().find("code").text() == "E0301");
}

TEST_CASE("a bundle with errors starts nothing and makes no store") {
  const fs::path home = fresh_directory("broken");
  fs::copy(kSmall, home / "bundle", fs::copy_options::recursive);
  const std::string flow = read(home / "bundle/small.lua");
  const size_t at = flow.find("f.email.delivered");
  REQUIRE(at != std::string::npos);
  write(home / "bundle/small.lua", std::string(flow).replace(at, 17, "f.email.deliverd"));
  write(home / "events.jsonl", failed_payment("1", "ann"));

  const Answer ran = command(run_of(home / "bundle", home / "events.jsonl", home / "store.db"));
  CHECK(ran.exit == 1);
  CHECK(ran.out.empty());
  CHECK(ran.err.find("small.lua:9: error E0107: ") != std::string::npos);
  CHECK(ran.err.find("did you mean 'delivered'?") != std::string::npos);
  CHECK_FALSE(fs::exists(home / "store.db"));
}

TEST_CASE("a call that cannot be done exits with 2, a store that cannot be opened with 3") {
  const fs::path home = fresh_directory("wrong");
  write(home / "events.jsonl", failed_payment("1", "ann"));
  const std::string events = home / "events.jsonl";
  CHECK(command({"run", home / "nowhere", "--events", events}).exit == 2);
  CHECK(command(run_of(kSmall, home / "nowhere.jsonl", "memory:")).exit == 2);
  CHECK(command({"run", kSmall, "--events", events, "--clock", "virtual"}).exit == 2);
  CHECK(command(run_of(kSmall, events, "memory:", {"--until", "tomorrow"})).exit == 2);
  const Answer no_store = command(run_of(kSmall, events, home / "no/such/folder/store.db"));
  CHECK(no_store.exit == 3);
  CHECK(no_store.err.find("E0401") != std::string::npos);
}
