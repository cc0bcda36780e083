// A shop on a virtual clock whose bundle is reloaded, with a store and plugins in a folder of its
// own.
#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "sim/rehearsal.h"
#include "support/replay.h"

namespace relance::test {

inline Instant at(const char* text) { return *parse_instant(text); }

// A mail after an hour, to those who owe as much.
inline std::string flow_from(const std::string& least) {
  return "local f = flow 'note' { start = event 'payment.failed', key = 'invoice_id', "
         "goal = event 'payment.succeeded', purpose = 'recovery' }\n"
         "f.pause = wait { hours(1) }\n"
         "f.mail = send { after = f.pause, via = 'email', template = 'hello',\n"
         "  when = function(run) return run.event.amount >= eur '" +
         least +
         "' end }\n"
         "ignore { f.mail }\n"
         "return f\n";
}

inline BundleSources shop() {
  return {{"bundle.lua",
           "return bundle { name = 'shop', currency = 'EUR', zone = 'Europe/Paris', locale = 'en', "
           "controller = 'Shop', channels = { email = plugin 'relance.sandbox' { as = 'email' } },"
           "\ncrm = plugin 'relance.sandbox' { as = 'crm' } }\n"},
          {"contact.lua", "return contact {}\n"},
          {"note.lua", flow_from("100")},
          {"templates/hello.email.en.mustache", "Subject: Hello\nGood morning\n"}};
}

// The same, and a flow that asks a person.
inline BundleSources asking_shop() {
  BundleSources sources = shop();
  sources["bundle.lua"].replace(sources["bundle.lua"].find("channels"), 0,
                                "queues = { billing = { lease = minutes(30) } }, ");
  sources["ask.lua"] =
      "local f = flow 'ask' { start = event 'payment.failed', key = 'invoice_id', "
      "goal = event 'payment.succeeded', purpose = 'service' }\n"
      "f.pause = wait { hours(1) }\n"
      "f.person = handoff { after = f.pause, queue = 'billing' }\n"
      "ignore { f.person.expired, f.person.returned, f.person.resolved }\n"
      "return f\n";
  return sources;
}

class Town {
 public:
  Town() : folder_(std::filesystem::path(RELANCE_BUILD_DIR) / "tests/sim/reload") {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    std::filesystem::create_directories(folder_ / "plugins");
    std::filesystem::copy_file(RELANCE_BUILD_DIR "/lib/relance/plugins/relance.sandbox.so",
                               sandbox());
    library_ = open_plugin_library({(folder_ / "plugins").string()});
  }

  std::filesystem::path plugins() const { return folder_ / "plugins"; }
  std::filesystem::path sandbox() const { return plugins() / "relance.sandbox.so"; }
  std::string store() const { return (folder_ / "store.db").string(); }
  PluginLibrary& library() { return *library_; }

  void open(const BundleSources& sources, const char* start = "2026-01-05T10:00:00Z") {
    rehearsal.reset();
    const LoadedBundle loaded = load_bundle(sources, "shop", load_options(*library_, true));
    REQUIRE(loaded.bundle != nullptr);
    RehearsalOptions options;
    options.store = store();
    options.over = over;
    options.start = at(start);
    options.sandbox.on = true;
    std::vector<Error> problems;
    auto made = Rehearsal::make(loaded.bundle, *library_, std::move(options), problems);
    for (const Error& error : problems) UNSCOPED_INFO(error.text());
    REQUIRE(made.ok());
    rehearsal = std::move(*made);
  }
  void close() {
    REQUIRE(rehearsal->node().close().ok());
    rehearsal.reset();
  }
  void event(const std::string& type, const std::string& customer, const char* when,
             const char* euros = "100") {
    const std::string id = type + customer + when;
    EventInput input{
        id,
        "test",
        type,
        customer,
        at(when),
        Doc::record({{"invoice_id", Doc::text("i-" + customer)},
                     {"amount", Doc::money(*Money::parse(euros, *Currency::parse("EUR")))}}),
        event_hash("shop", customer, "test", id),
        {}};
    rehearsal->at(at(when), std::move(input));
  }
  void run(const char* until) { REQUIRE(rehearsal->run(at(until)).ok()); }

  Result<NextGeneration> prepare(const BundleSources& sources) {
    errors.clear();
    return rehearsal->generations().prepare(sources, errors);
  }
  uint64_t reload(const BundleSources& sources) {
    auto next = prepare(sources);
    for (const Error& error : errors) UNSCOPED_INFO(error.text());
    REQUIRE(next.ok());
    return rehearsal->generations().activate(std::move(*next), {"lea", "a test", ""}).value();
  }
  std::shared_ptr<ActiveGeneration> live() { return rehearsal->generations().live(); }
  History history() { return replay(rehearsal->node().store()); }
  std::vector<Touch> mails() {
    std::vector<Touch> mails;
    for (const Touch& touch : history().touches())
      if (touch.is_contact()) mails.push_back(touch);
    return mails;
  }

  std::unique_ptr<Rehearsal> rehearsal;
  std::function<StoreFactory(StoreFactory)> over;  // RehearsalOptions
  std::vector<Error> errors;

 private:
  std::filesystem::path folder_;
  std::unique_ptr<PluginLibrary> library_;
};

}  // namespace relance::test
