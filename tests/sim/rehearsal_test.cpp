// A rehearsal goes on where the store before it ended.
#include "sim/rehearsal.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "support/replay.h"

using namespace relance;
using namespace relance::test;

namespace {

Instant at(const char* text) { return *parse_instant(text); }

// A bundle of one flow, which waits in front of a person's queue.
BundleSources shop(bool with_queue) {
  const std::string queues = with_queue ? ", queues = { billing = { lease = minutes(30) } }" : "";
  const std::string last = with_queue
                               ? "f.person = handoff { after = f.pause, queue = 'billing' }\n"
                                 "ignore { f.person.expired, f.person.returned, "
                                 "f.person.resolved }\n"
                               : "";
  return {{"bundle.lua",
           "return bundle { name = 'shop', currency = 'EUR', zone = 'Europe/Paris', locale = 'en', "
           "controller = 'Shop'" +
               queues + " }\n"},
          {"note.lua",
           "local f = flow 'note' { start = event 'payment.failed', key = 'invoice_id', "
           "goal = event 'payment.succeeded', purpose = 'service' }\n"
           "f.pause = wait { hours(1) }\n" +
               last + "return f\n"}};
}

struct Town {
  std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("relance_rehearsal_" + std::to_string(::getpid()));
  std::unique_ptr<PluginLibrary> library = open_plugin_library({});
  std::unique_ptr<Rehearsal> rehearsal;

  Town() { std::filesystem::create_directories(folder); }
  ~Town() {
    rehearsal.reset();
    std::filesystem::remove_all(folder);
  }

  void open(const BundleSources& sources, Instant start) {
    rehearsal.reset();
    const LoadedBundle loaded = load_bundle(sources, "", {});
    REQUIRE(loaded.bundle != nullptr);
    RehearsalOptions options;
    options.store = (folder / "store.db").string();
    options.start = start;
    options.sandbox.on = true;
    std::vector<Error> errors;
    auto made = Rehearsal::make(loaded.bundle, *library, std::move(options), errors);
    REQUIRE(made.ok());
    rehearsal = std::move(*made);
  }
  void event(const char* type, Instant when) {
    EventInput input{type,
                     "test",
                     type,
                     "c-1",
                     when,
                     Doc::record({{"invoice_id", Doc::text("i-1")}}),
                     event_hash("shop", "c-1", "test", type),
                     {}};
    rehearsal->at(when, std::move(input));
  }
  void run(Instant until = Instant::never()) {
    REQUIRE(rehearsal->run(until).ok());
    REQUIRE(rehearsal->node().close().ok());
  }
  Instant ended_at(std::string_view outcome) {
    for (const Entry& entry : replay(rehearsal->node().store()).entries)
      for (const Record& record : entry.records)
        if (const auto* end = std::get_if<StepEnded>(&record); end && end->outcome == outcome)
          return entry.at;
    return Instant::never();
  }
};

}  // namespace

TEST_CASE_METHOD(Town, "what was due before the first new event is done at its own instant") {
  open(shop(true), at("2026-01-05T10:00:00Z"));
  event("payment.failed", at("2026-01-05T10:00:00Z"));
  run(at("2026-01-05T10:30:00Z"));
  open(shop(true), at("2026-01-05T12:00:00Z"));
  event("payment.succeeded", at("2026-01-05T12:00:00Z"));
  run();
  REQUIRE(ended_at("done") == at("2026-01-05T11:00:00Z"));
}

TEST_CASE_METHOD(Town, "an end before the beginning stops at the beginning") {
  open(shop(true), at("2026-01-05T10:00:00Z"));
  event("payment.failed", at("2026-01-05T10:00:00Z"));
  run(at("2026-01-04T00:00:00Z"));
  REQUIRE(rehearsal->clock().now() == at("2026-01-05T10:00:00Z"));
}

TEST_CASE_METHOD(Town, "a run whose version is gone is held until a start that has it again") {
  open(shop(true), at("2026-01-05T10:00:00Z"));
  event("payment.failed", at("2026-01-05T10:00:00Z"));
  run(at("2026-01-05T12:00:00Z"));

  open(shop(false), at("2026-01-05T13:00:00Z"));
  event("payment.succeeded", at("2026-01-05T13:00:00Z"));
  run();
  const auto held = replay(rehearsal->node().store()).records<RunHeld>();
  REQUIRE(held.size() == 1);
  REQUIRE(held[0].reason.find("there is no queue 'billing'") != std::string::npos);
  REQUIRE(replay(rehearsal->node().store()).records<RunEnding>().empty());

  open(shop(true), at("2026-01-05T14:00:00Z"));
  run();
  const auto ends = replay(rehearsal->node().store()).records<RunEnding>();
  REQUIRE(ends.size() == 1);
  REQUIRE(ends[0].how == RunEnd::goal);
}
