// `relance touches settle`: a person ends what no machine can.
#include <catch2/catch.hpp>

#include "base/clock.h"
#include "cli/program.h"
#include "store/store.h"

namespace fs = std::filesystem;
using namespace relance;
using namespace relance::test;

namespace {

const std::string kBundle = kSource / "tests/cli/bundles/parked";
const std::string kPlugins = kBuild / "tests/plugins";

// Works on a real clock until everything is parked: an unknown charge is asked about after a
// second.
Answer run(const std::string& events, const std::string& store) {
  const std::string until = format_instant(SystemClock().now() + milliseconds(1500));
  return command({"run", kBundle, "--events", events, "--store", store, "--until", until, "--json",
                  "--plugins", kPlugins, "--effects", store + ".effects"});
}

Answer settle(const std::string& store, const std::string& key, const std::string& word,
              const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments{"touches", "settle",    key,      word,       "--store",
                                     store,     "--plugins", kPlugins, "--author", "lea"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return command(arguments);
}

std::string key_of(const std::string& store, const std::string& channel) {
  const auto rows =
      lines_of(command({"touches", "--channel", channel, "--store", store, "--json"}).out);
  REQUIRE(rows.size() == 1);
  return std::string(json(rows[0]).view().find("key").text().value_or(""));
}

Doc only_run(const std::string& store) {
  const auto rows = lines_of(command({"runs", "--store", store, "--json"}).out);
  REQUIRE(rows.size() == 1);
  return json(rows[0]);
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// A store in which a charge and a letter are parked, made once and copied.
struct Parked {
  Parked() : home(fresh_directory("settle")), events(home / "events.jsonl") {
    write(events, failed_payment("1", "ann", format_instant(SystemClock().now())));
    const std::string first = home / "parked.db";
    const Answer ran = run(events, first);
    INFO(ran.err);
    REQUIRE(ran.exit == 0);
    REQUIRE(json(ran.out).view().find_path("touches.retry.unknown").integer() == 1);
    retry = key_of(first, "retry");
    letter = key_of(first, "post");
  }
  std::string copy(const std::string& name) const {
    fs::copy(home / "parked.db", home / name);
    return home / name;
  }
  fs::path home;
  std::string events, retry, letter;
};

const Parked& parked() {
  static const Parked store;
  return store;
}

}  // namespace

TEST_CASE("a charge that a person knows to have succeeded ends its run with the goal") {
  const std::string store = parked().copy("done.db");
  const Answer settled = settle(store, parked().retry, "done");
  INFO(settled.err);
  REQUIRE(settled.exit == 0);
  CHECK(has(settled.out, "retry of ann, parked.retry try 1: recovered (settled by lea)"));
  CHECK(has(settled.out, ": goal"));
  CHECK(only_run(store).view().find("status").text() == "goal");

  // Nothing is left to do, and nobody is written to.
  const Answer again = run(parked().events, store);
  CHECK(json(again.out).view().find_path("runs.goal").integer() == 1);
  CHECK(json(again.out).view().find_path("touches.email").is_null());
}

TEST_CASE("what follows from a settled touch waits for the next start, and is done there once") {
  const std::string store = parked().copy("absent.db");
  const Answer settled = settle(store, parked().retry.substr(0, 8), "absent", {"--json"});
  INFO(settled.err);
  REQUIRE(settled.exit == 0);
  const Doc touch = json(settled.out);
  CHECK(touch.view().find("key").text() == parked().retry);
  CHECK(touch.view().find("outcome").text() == "failed");
  CHECK(touch.view().find("reason").text() == "settled by lea");
  const Doc before = only_run(store);
  CHECK(before.view().find("status").text() == "running");
  CHECK(before.view().find("waiting_for").text() == "email: wanting");

  CHECK_FALSE(fs::exists(store + ".effects"));
  for (int i = 0; i < 2; ++i) {
    const Doc funnel = json(run(parked().events, store).out);
    CHECK(funnel.view().find_path("touches.email.sent").integer() == 1);
    CHECK(funnel.view().find_path("runs.completed").integer() == 1);
  }
  // Of the operation, which settling made durable, nobody could be asked; it had never begun.
  const std::string effects = read(store + ".effects");
  CHECK(lines_of(effects).size() == 2);
  CHECK(has(effects, R"("channel":"email")"));
  CHECK(has(effects, R"("channel":"shop")"));
  CHECK(has(command({"explain", "ann", "--store", store}).out,
            "A person settled a touch as 'absent'. Why: by lea."));
}

TEST_CASE("a message whose run went on already is settled in the ledger alone") {
  const std::string store = parked().copy("letter.db");
  REQUIRE(settle(store, parked().letter, "done").exit == 0);
  CHECK(only_run(store).view().find("status").text() == "running");
  CHECK(lines_of(command({"touches", "--outcome", "parked", "--store", store, "--json"}).out)
            .size() == 1);
}

TEST_CASE("what cannot be settled is refused, and says why") {
  const std::string store = parked().copy("refused.db");
  const Answer unknown = settle(store, "zzzzzzzzzz", "done");
  CHECK(unknown.exit == 2);
  CHECK(has(unknown.err, "E0603: there is no touch 'zzzzzzzzzz'"));
  CHECK(settle(store, parked().retry, "perhaps").exit == 2);
  CHECK(settle(store, parked().retry.substr(0, 3), "done").exit == 2);

  REQUIRE(settle(store, parked().retry, "done").exit == 0);
  const Answer twice = settle(store, parked().retry, "absent");
  CHECK(twice.exit == 2);
  CHECK(has(twice.err, "cannot be settled: its outcome is 'recovered'"));

  const std::string nowhere = parked().home / "nowhere.db";
  CHECK(settle(nowhere, parked().retry, "done").exit == 3);
  CHECK_FALSE(fs::exists(nowhere));
}

TEST_CASE("a store that another process has open is left to it") {
  const std::string store = parked().copy("in_use.db");
  StoreOptions options;
  options.derive = [](const Key&, std::string_view) { return Derived{}; };
  auto writer = open_store(store, std::move(options));
  REQUIRE(writer);
  const Answer refused = settle(store, parked().retry, "done");
  CHECK(refused.exit == 3);
  CHECK(has(refused.err, "E0402"));
  // A slip is told all the same.
  CHECK(settle(store, "zzzzzzzzzz", "done").exit == 2);
  writer->reset();
  CHECK(settle(store, parked().retry, "done").exit == 0);
}
