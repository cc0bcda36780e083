// Generations: what a new one takes over from those before it.
#include "node/generation.h"

#include <catch2/catch.hpp>

#include "sim/virtual_drive.h"
#include "store/memory_store.h"

using namespace relance;

namespace {

// A bundle of one flow, whose mail says `text`.
BundleSources saying(const std::string& text) {
  return {{"bundle.lua",
           "return bundle { name = 'shop', currency = 'EUR', zone = 'Europe/Paris', locale = 'en', "
           "controller = 'Shop' }\n"},
          {"note.lua",
           "local f = flow 'note' { start = event 'payment.failed', purpose = 'service' }\n"
           "f.pause = wait { hours(1) }\n"
           "return f\n"},
          {"templates/hello.email.en.mustache", "Subject: Hello\n" + text + "\n"}};
}

struct Silent final : Inbox {
  void deliver(const Key&, Input) override {}
  void deliver_event(PluginEvent, std::function<void(EventFate)> done) override {
    done(EventFate::nobody);
  }
  void pace(std::string_view, Instant) override {}
};

struct House {
  VirtualClock clock{*parse_instant("2026-01-05T10:00:00Z")};
  VirtualDrive drive{clock, 1};
  Silent inbox;
  SystemProcess process;
  std::unique_ptr<Net> net = make_no_net();
  std::unique_ptr<PluginLibrary> library = open_plugin_library({});
  std::unique_ptr<Store> store =
      open_memory_store(std::make_shared<MemoryDisk>(), options()).value();

  static StoreOptions options() {
    StoreOptions options;
    options.installation_seed = "house";
    options.derive = [](const Key&, std::string_view) { return Derived{}; };
    return options;
  }

  std::unique_ptr<ActiveGeneration> make(const std::string& text, uint64_t number) {
    return make(saying(text), number);
  }
  std::unique_ptr<ActiveGeneration> make(const BundleSources& sources, uint64_t number) {
    const LoadedBundle loaded = load_bundle(sources, "", {});
    REQUIRE(loaded.bundle != nullptr);
    std::vector<Error> errors;
    auto made = ActiveGeneration::make(loaded.bundle, *library,
                                       {clock, drive, inbox, *net, process}, {}, number, errors);
    REQUIRE(made.ok());
    return std::move(*made);
  }
  void keep(const ActiveGeneration& generation) {
    Batch batch;
    batch.epoch = store->opened().epoch;
    batch.at = clock.now();
    batch.sources = generation.sources();
    batch.generation = generation.manifest(clock.now(), "test", "");
    REQUIRE(store->commit(batch) == CommitOutcome::ok);
  }
};

Doc frozen_hello(const BundleRules& rules) {
  const Customer customer;
  const Run run;
  const View view(customer, run, *rules.active().front(), Instant{});
  return *rules.inputs({"hello", "email", "en"}, view, Doc::empty_record());
}

}  // namespace

TEST_CASE("an outcome that an installed channel never gives is told at its line") {
  const auto library = open_plugin_library({RELANCE_BUILD_DIR "/lib/relance/plugins"});
  BundleSources sources = saying("Hello");
  sources["bundle.lua"] =
      "return bundle { name = 'shop', currency = 'EUR', zone = 'Europe/Paris', locale = 'en',\n"
      "  controller = 'Shop', channels = { sms = plugin 'relance.template' {} } }\n";
  sources["templates/hello.sms.en.mustache"] = "Hello\n";
  sources["note.lua"] =
      "local f = flow 'note' { start = event 'payment.failed', purpose = 'service' }\n"
      "f.text = send { via = 'sms', template = 'hello' }\n"
      "f.note = record { after = f.text.opted_out, what = 'gone' }\n"
      "ignore { f.text.failed, f.text.bounced }\n"
      "return f\n";
  const auto told = [&](bool sandbox) {
    std::string text;
    for (const Finding& finding :
         load_bundle(sources, "", load_options(*library, sandbox)).findings)
      text += finding.error.text() + "\n";
    return text;
  };
  REQUIRE(told(false) ==
          "note.lua:3: error E0124: step 'note' waits for 'text.opted_out', which cannot come: "
          "channel 'sms' does not give it; its plugin gives no word of sms\n");
  REQUIRE(told(true).empty());
}

TEST_CASE_METHOD(House,
                 "what an earlier generation froze renders from that generation's template") {
  const auto first = make("Good morning", 1);
  keep(*first);
  const Doc frozen = frozen_hello(first->rules());
  const auto second = make("Good evening", 2);
  keep(*second);
  const auto third = make("Good night", 3);
  REQUIRE(third->add_stored_versions(*store->reader()).ok());
  const auto parts = third->rules().render(frozen, {});
  REQUIRE(parts.ok());
  REQUIRE(parts->back().text == "Good morning");
  REQUIRE(third->rules().render(frozen_hello(second->rules()), {})->back().text == "Good evening");
  REQUIRE(third->rules().render(frozen_hello(third->rules()), {})->back().text == "Good night");
}

TEST_CASE_METHOD(House, "a stored version that compiles no more holds its runs, not the start") {
  BundleSources with_queue = saying("Hello");
  with_queue["bundle.lua"] =
      "return bundle { name = 'shop', currency = 'EUR', zone = 'Europe/Paris', locale = 'en', "
      "controller = 'Shop', queues = { billing = { lease = minutes(30) } } }\n";
  with_queue["note.lua"] =
      "local f = flow 'note' { start = event 'payment.failed', purpose = 'service' }\n"
      "f.person = handoff { queue = 'billing' }\n"
      "ignore { f.person.expired, f.person.returned, f.person.resolved }\n"
      "return f\n";
  const auto first = make(with_queue, 1);
  keep(*first);
  const Key version = first->rules().active().front()->version;

  const auto second = make("Hello", 2);
  REQUIRE(second->add_stored_versions(*store->reader()).ok());
  REQUIRE(second->rules().flow(version) == nullptr);
  const std::string why = second->rules().why_missing(version);
  INFO(why);
  REQUIRE(why.find("billing") != std::string::npos);

  const auto third = make(with_queue, 3);
  REQUIRE(third->add_stored_versions(*store->reader()).ok());
  REQUIRE(third->rules().flow(version) != nullptr);
}

TEST_CASE("an entry may say what the sandbox is told in its place, and only the sandbox sees it") {
  BundleSources sources = saying("Hello");
  sources["bundle.lua"] =
      "return bundle { name = 'shop', currency = 'EUR', zone = 'Europe/Paris', locale = 'en', "
      "controller = 'Shop', connectors = { shop = plugin 'relance.commerce.rest' { "
      "base_url = 'http://127.0.0.1:1', sandbox = { missing = 0.5 } } } }\n";
  const LoadedBundle loaded = load_bundle(sources, "", {});
  REQUIRE(loaded.bundle != nullptr);
  const auto library = open_plugin_library({});
  SandboxOptions options;
  const InstanceSpec live = instance_specs(*loaded.bundle, *library, options).at(0);
  CHECK(live.plugin == "relance.commerce.rest");
  CHECK(live.config.view().find("sandbox").is_null());
  CHECK(live.config.view().find("base_url").text() == "http://127.0.0.1:1");
  CHECK(live.identity == to_json(live.config));
  options.on = true;
  const InstanceSpec played = instance_specs(*loaded.bundle, *library, options).at(0);
  CHECK(played.plugin == "relance.sandbox");
  CHECK(played.config.view().find("missing").number() == 0.5);
  CHECK(played.config.view().find("as").text() == "connector");
  CHECK(played.config.view().find("base_url").is_null());
}
