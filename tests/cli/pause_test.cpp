// `relance pause` and `relance resume` on a store at rest, and what is shown of them.
#include <catch2/catch.hpp>

#include "cli/program.h"

namespace fs = std::filesystem;
using namespace relance;
using namespace relance::test;

namespace {

struct Store {
  explicit Store(const std::string& name) : home(fresh_directory(name)), path(home / "shop.db") {}

  Answer run(const std::string& events, const std::string& until) const {
    write(home / "events.jsonl", events);
    return command({"run", kSource / "tests/cli/bundles/small", "--events", home / "events.jsonl",
                    "--store", path, "--clock", "virtual", "--sandbox", "--until", until,
                    "--json"});
  }
  Answer ask(std::vector<std::string> words) const {
    for (const char* one : {"--store", path.c_str(), "--virtual", "--sandbox", "--author", "lea"})
      words.emplace_back(one);
    return command(words);
  }
  static int64_t mails(const Answer& ran) {
    return json(ran.out).view().find_path("touches.email.sent").integer().value_or(0);
  }

  const fs::path home;
  const std::string path;
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a store at rest is paused and resumed, and both are told", "[S2-33][S1-68]") {
  const Store store("pause");
  const std::string early = failed_payment("0", "stranger", "2026-01-05T08:00:00Z");
  REQUIRE(store.run(early, "2026-01-05T08:30:00Z").exit == 0);
  const Answer paused = store.ask({"pause", "--flow", "small", "--reason", "a wrong price"});
  INFO(paused.err);
  REQUIRE(paused.exit == 0);
  CHECK(paused.out == "pause 1: flow small is held; `relance resume --pause 1` ends it\n");
  CHECK(has(store.ask({"pause", "--flow", "small"}).err, "E0681"));
  CHECK(has(store.ask({"pause", "--channel", "fax"}).err, "there are email, sms"));
  CHECK(store.ask({"pause"}).exit == 2);

  const Answer held = store.run(failed_payment("1", "ann"), "2026-01-05T12:00:00Z");
  INFO(held.err);
  REQUIRE(held.exit == 0);
  CHECK(Store::mails(held) == 0);
  CHECK(has(held.out, R"("author":"lea")"));
  CHECK(has(command({"status", "--store", store.path}).out,
            "paused 1: flow small since 2026-01-05T08:00:00Z, by lea: a wrong price"));
  CHECK(has(command({"explain", "ann", "--store", store.path}).out, "an operator had paused it"));

  const Answer shown = store.ask({"resume", "--pause", "1"});
  CHECK(shown.exit == 0);
  CHECK(has(shown.out, "it holds 1 touches of 1 customers"));
  CHECK(has(shown.out, "ann: small.email over email, held since"));
  CHECK(has(shown.out, "nothing was resumed: say how with --as send, shift, merge or drop"));
  CHECK(has(store.ask({"resume", "--pause", "1", "--as", "drop", "--dry-run"}).out,
            "nothing was resumed"));

  const Answer resumed = store.ask({"resume", "--flow", "small", "--as", "send"});
  INFO(resumed.err);
  REQUIRE(resumed.exit == 0);
  CHECK(has(resumed.out, "resumed (send): they go on with the next start"));
  CHECK(has(store.ask({"resume", "--flow", "small"}).err, "E0682"));
  const Answer after = store.run("", "2026-01-05T18:00:00Z");
  CHECK(Store::mails(after) == 1);
  CHECK_FALSE(has(after.out, "pauses"));
  CHECK(
      has(command({"explain", "ann", "--store", store.path}).out, "A pause (flow small) is over."));
}
