// hung: what a provider that never answers costs the other channels. Messages over HTTP to one that
// answers at once: alone, and while another channel is at its limit of calls in flight, with as
// many more waiting for it.
#include <fmt/format.h>

#include <atomic>
#include <filesystem>
#include <fstream>

#include "bench/bench.h"
#include "net/http_server.h"
#include "node/installation.h"
#include "support/told_process.h"

namespace relance::bench {
namespace {

constexpr size_t kMessages = 20'000, kCalls = 4'000;
constexpr size_t kInFlight = 2'000;  // the most of the voice channel
constexpr double kMostSeconds = 30;  // until they are

constexpr const char* kBundle = R"(return bundle {{
  name = "bench", currency = "EUR", zone = "Europe/Paris", locale = "en", controller = "A shop",
  channels = {{
    quick = plugin "relance.webhook" {{ url = "http://{}/in", secret = secret "BENCH_SECRET" }},
    voice = plugin "relance.voice.twilio" {{
      api_url = "http://{}", account_sid = "AC00000000000000000000000000000001",
      auth_token = secret "BENCH_SECRET", from = "+33187000000",
    }},
  }},
  crm = plugin "relance.crm.csv" {{ file = "{}" }},
  queues = {{ desk = {{ lease = minutes(30) }} }},
  understanding = {{ plugin "relance.understand.keys" {{}} }},
}})";
constexpr const char* kEvents = R"(local fields = { order_id = text }
return events { ["order.placed"] = fields, ["cart.left"] = fields })";
constexpr const char* kQuickFlow = R"(
local f = flow "order" { start = event "order.placed", key = "order_id", purpose = "service",
  expire = days(1) }
f.first = send { via = "quick", data = function(run) return { place = run.event.order_id } end }
ignore { f.first }
return f
)";
constexpr const char* kCallFlow = R"(
local f = flow "cart" { start = event "cart.left", key = "order_id", purpose = "service",
  expire = days(1) }
f.call = send { via = "voice", script = "offer" }
f.human = handoff { after = any { f.call.dissatisfied, f.call.wants_human }, queue = "desk" }
ignore { f.call, f.human }
return f
)";

// Both providers: one answers at once and counts, one takes every request and says nothing.
class Providers {
 public:
  Providers() {
    quick_ = start([this](const ServerRequest&, const HttpServer::Respond& respond) {
      ++answered_;
      respond({});
    });
    hung_ = start([this](const ServerRequest&, const HttpServer::Respond& respond) {
      const std::lock_guard lock(mutex_);
      unanswered_.push_back(respond);
    });
  }
  bool listen() const { return quick_ && hung_; }
  std::string quick() const { return quick_->address(); }
  std::string hung() const { return hung_->address(); }
  uint64_t answered() const { return answered_; }

 private:
  static std::unique_ptr<HttpServer> start(HttpServer::Handler handler) {
    ServerOptions options;
    options.listen = "127.0.0.1:0";
    options.answer_time = minutes(10);
    auto server = start_http_server(options, std::move(handler));
    return server ? std::move(*server) : nullptr;
  }

  std::atomic<uint64_t> answered_ = 0;
  std::mutex mutex_;
  std::vector<HttpServer::Respond> unanswered_;
  std::unique_ptr<HttpServer> quick_, hung_;
};

std::string write_customers() {
  const auto path = std::filesystem::absolute("build/bench/hung.csv");
  std::ofstream list(path);
  list << "id,email,phone,timezone,locale,first_name,country\n";
  for (size_t i = 0; i < kCalls; ++i)
    list << fmt::format("c-{0},c-{0}@example.com,+3363998{0:04},Europe/Paris,en,Ann,FR\n", i);
  return path.string();
}

std::shared_ptr<const Bundle> hung_bundle(const Providers& providers, PluginLibrary& library) {
  const BundleSources sources{
      {"bundle.lua", fmt::format(kBundle, providers.quick(), providers.hung(), write_customers())},
      {"events.lua", kEvents},
      {"contact.lua", "return contact {}"},
      {"order.lua", kQuickFlow},
      {"cart.lua", kCallFlow},
      {"scripts/offer.lua",
       "local s = script \"offer\" {}\n"
       "s.bye = close { outcome = \"told\", text = \"bye\" }\nreturn s\n"},
      {"templates/offer.script.en.mustache", "[bye]\nGoodbye.\n"}};
  const LoadedBundle loaded = load_bundle(sources, "bench", load_options(library, false));
  for (const Finding& finding : loaded.findings) fmt::print("  {}\n", finding.error.text());
  return loaded.bundle;
}

class Bench {
 public:
  Bench(const std::string& store, PluginLibrary& library, const Providers& providers)
      : providers_(providers), bundle_(hung_bundle(providers, library)) {
    if (!bundle_) return;
    InstallationOptions how;
    how.store = store;
    how.process = &secrets_;
    how.callbacks.emplace("http://127.0.0.1", "a secret of this bench");  // nobody calls back
    std::vector<Error> errors;
    auto made = Installation::make(bundle_, library, std::move(how), errors);
    for (const Error& error : errors) fmt::print("  {}\n", error.text());
    if (made) installation_ = std::move(*made);
  }
  ~Bench() {
    if (!installation_) return;
    if (auto stopped = installation_->stop(Duration{}); !stopped)
      fmt::print("  {}\n", stopped.error().text());
  }
  bool ready() const { return installation_ != nullptr; }

  void take(const char* type, const char* prefix, size_t index) {
    const std::string text = fmt::format(
        R"({{"specversion":"1.0","id":"{0}{1}","source":"/shop","type":"{2}","time":"{3}",)"
        R"("subject":"c-{4}","data":{{"order_id":"{0}{1}"}}}})",
        prefix, index, type, format_instant(installation_->clock().now()), index % kCalls);
    auto event = parse_event(text, bundle_->events, bundle_->tenant);
    if (event) installation_->accept(std::move(event->event), {});
  }
  // Messages a second, from the first event to the last answer.
  double messages(const char* prefix, size_t count) {
    const uint64_t before = providers_.answered();
    const double start = wall_seconds();
    for (size_t i = 0; i < count; ++i) take("order.placed", prefix, i);
    while (providers_.answered() - before < count) nap(1e-3);
    return static_cast<double>(count) / (wall_seconds() - start);
  }
  // Until the channel that hangs is at its limit.
  void hang() {
    for (size_t i = 0; i < kCalls; ++i) take("cart.left", "c-", i);
    const double start = wall_seconds();
    while (open() < kInFlight && wall_seconds() - start < kMostSeconds) nap(1e-2);
  }
  uint64_t open() const { return installation_->node().statistics().open_operations; }

 private:
  const Providers& providers_;
  test::ToldProcess secrets_{{"BENCH_SECRET", "a secret of the bench"}};
  std::shared_ptr<const Bundle> bundle_;
  std::unique_ptr<Installation> installation_;
};

void hung(Report& report, const Scale& scale) {
  report.bars = {{"share_kept", {Bar::at_least, 0.95}},
                 {"calls_in_flight", {Bar::at_least, kInFlight}}};
  std::filesystem::create_directories("build/bench");
  const std::string store = "build/bench/hung.db";
  const auto library = open_plugin_library({RELANCE_BUILD_DIR "/lib/relance/plugins"});
  const auto count = static_cast<size_t>(static_cast<double>(kMessages) * scale.size);
  for (int i = 0; i < scale.repetitions; ++i) {
    remove_store(store);
    const Providers providers;
    if (!providers.listen()) return;
    Bench bench(store, *library, providers);
    if (!bench.ready()) return;
    bench.messages("w-", count / 4);  // not counted
    const double alone = bench.messages("a-", count);
    bench.hang();
    const double beside = bench.messages("b-", count);
    report.add("messages_per_s: alone", alone);
    report.add("messages_per_s: beside a hung provider", beside);
    report.add("calls_in_flight", static_cast<double>(bench.open()));
    report.add("share_kept", beside / alone);
  }
  if (!scale.keep) remove_store(store);
}

const Register entry("hung", "messages over HTTP while another provider hangs", hung);

}  // namespace
}  // namespace relance::bench
