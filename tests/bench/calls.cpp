// calls: a thousand calls under way at once in what `relance serve` runs, with a telephony provider
// over HTTP in this process. What they take: memory (of both), file handles, time to dial.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "bench/bench.h"
#include "providers/fake_twilio.h"
#include "serve/serving.h"
#include "support/told_process.h"

namespace relance::bench {
namespace {

constexpr size_t kCalls = 1000;
constexpr int kRingMs = 20'000;

constexpr const char* kBundle = R"(return bundle {{
  name = "bench", currency = "EUR", zone = "Europe/Paris", locale = "en", controller = "A shop",
  channels = {{
    voice = plugin "relance.voice.twilio" {{
      api_url = "{}", account_sid = "{}", auth_token = secret "BENCH_TOKEN", from = "+33187000000",
    }},
  }},
  crm = plugin "relance.crm.csv" {{ file = "{}" }},
  queues = {{ desk = {{ lease = minutes(30) }} }},
  understanding = {{ plugin "relance.understand.keys" {{}} }},
}})";
constexpr const char* kFlow = R"(
local f = flow "cart" { start = event "cart.left", key = "order_id", purpose = "service",
  expire = days(1) }
f.call = send { via = "voice", script = "offer" }
f.human = handoff { after = any { f.call.dissatisfied, f.call.wants_human }, queue = "desk" }
ignore { f.call, f.human }
return f
)";

std::string phone_of(size_t index) { return fmt::format("+3363998{:04}", index); }

std::string write_customers() {
  const auto path = std::filesystem::absolute("build/bench/calls.csv");
  std::ofstream list(path);
  list << "id,email,phone,timezone,locale,first_name,country\n";
  for (size_t i = 0; i < kCalls; ++i)
    list << fmt::format("c-{0},c-{0}@example.com,{1},Europe/Paris,en,Ann,FR\n", i, phone_of(i));
  return path.string();
}

std::shared_ptr<const Bundle> calls_bundle(const FakeTwilio& twilio, PluginLibrary& library) {
  const BundleSources sources{
      {"bundle.lua", fmt::format(kBundle, twilio.url(), FakeTwilio::kAccount, write_customers())},
      {"events.lua", R"(return events { ["cart.left"] = { order_id = text } })"},
      {"contact.lua", "return contact {}"},
      {"cart.lua", kFlow},
      {"scripts/offer.lua",
       "local s = script \"offer\" {}\n"
       "s.bye = close { outcome = \"told\", text = \"bye\" }\nreturn s\n"},
      {"templates/offer.script.en.mustache", "[bye]\nGoodbye.\n"}};
  const LoadedBundle loaded = load_bundle(sources, "bench", load_options(library, false));
  for (const Finding& finding : loaded.findings) fmt::print("  {}\n", finding.error.text());
  return loaded.bundle;
}

double open_handles() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<double>(std::distance(begin(all), end(all)));
}

void dial_all(Report& report, Serving& serving, const Bundle& bundle, FakeTwilio& twilio) {
  Installation& live = serving.installation();
  const double start = wall_seconds();
  for (size_t i = 0; i < kCalls; ++i) {
    const std::string text = fmt::format(
        R"({{"specversion":"1.0","id":"e-{0}","source":"/shop","type":"cart.left","time":"{1}",)"
        R"("subject":"c-{0}","data":{{"order_id":"o-{0}"}}}})",
        i, format_instant(live.clock().now()));
    if (auto event = parse_event(text, bundle.events, bundle.tenant))
      live.accept(std::move(event->event), {});
  }
  while (twilio.ledger().count("call") < kCalls) nap(1e-3);
  report.add("dialled_s", wall_seconds() - start);
  nap(1);  // until the provider's answers are in
  report.add("calls_in_flight", static_cast<double>(live.node().statistics().open_operations));
  report.add("memory_mib", memory_mib());
  report.add("file_handles", open_handles());
  while (live.node().statistics().open_operations > 0) nap(1e-2);
  report.add("dialled_twice", static_cast<double>(twilio.ledger().doubled()));
}

void calls(Report& report, const Scale& scale) {
  report.bars = {{"calls_in_flight", {Bar::at_least, kCalls}},
                 {"memory_mib", {Bar::at_most, 150}},
                 {"dialled_twice", {Bar::at_most, 0}}};
  test::ToldProcess secrets{{"BENCH_TOKEN", FakeTwilio::kToken}};
  std::filesystem::create_directories("build/bench");
  const std::string store = "build/bench/calls.db";
  const auto library = open_plugin_library({RELANCE_BUILD_DIR "/lib/relance/plugins"});
  for (int i = 0; i < scale.repetitions; ++i) {
    remove_store(store);
    FakeTwilio twilio;
    twilio_fake::Callee rings;
    rings.picks = twilio_fake::Callee::Picks::nothing;
    rings.ring_ms = kRingMs;
    for (size_t at = 0; at < kCalls; ++at) twilio.callee(phone_of(at), rings);
    const auto bundle = calls_bundle(twilio, *library);
    if (!bundle) return;
    ServeOptions options;
    options.installation.store = store;
    options.installation.process = &secrets;
    options.http.listen = "127.0.0.1:0";
    std::vector<Error> errors;
    auto serving = Serving::make(bundle, *library, std::move(options), errors);
    for (const Error& error : errors) fmt::print("  {}\n", error.text());
    if (!serving) return;
    dial_all(report, **serving, *bundle, twilio);
    if (auto stopped = (*serving)->stop(seconds(10)); !stopped)
      fmt::print("  {}\n", stopped.error().text());
  }
  if (!scale.keep) remove_store(store);
}

const Register entry("calls", "a thousand calls under way at once", calls);

}  // namespace
}  // namespace relance::bench
