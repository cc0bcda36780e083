// Events over HTTP into what `relance serve` listens with, in this process: 64 connections, each
// with one event at a time, answered once it is durable and has started a run.
#include <fmt/format.h>

#include <filesystem>

#include "bench/bench.h"
#include "bench/http_load.h"
#include "node/generation.h"
#include "serve/serving.h"

namespace relance::bench {
namespace {

constexpr size_t kConnections = 64, kEvents = 200'000;

std::shared_ptr<const Bundle> intake_bundle(PluginLibrary& library) {
  const BundleSources sources{
      {"bundle.lua", R"(return bundle { name = "bench", currency = "EUR", zone = "Europe/Paris",
  locale = "en", controller = "A shop" })"},
      {"events.lua",
       R"(return events { ["cart.left"] = { order_id = text, amount = money, note = text } })"},
      {"contact.lua", "return contact {}"},
      {"cart.lua", R"(
local f = flow "cart" { start = event "cart.left", key = "order_id", purpose = "service",
  expire = days(3) }
f.pause = wait { days(1) }
return f
)"}};
  const LoadedBundle loaded = load_bundle(sources, "bench", load_options(library, false));
  for (const Finding& finding : loaded.findings) fmt::print("  {}\n", finding.error.text());
  return loaded.bundle;
}

// 255 bytes of JSON, and the head that curl would send.
void write_event(size_t index, const std::string& time, std::string& request) {
  std::string body = fmt::format(
      R"({{"specversion":"1.0","id":"e-{0}","source":"/shop","type":"cart.left","time":"{1}",)"
      R"("subject":"v-{0}","data":{{"order_id":"w-{0}",)"
      R"("amount":{{"minor":4900,"currency":"EUR"}},"note":")",
      index, time);
  body.resize(std::max<size_t>(body.size(), 252), 'x');
  body += "\"}}";
  request += fmt::format(
      "POST /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bench\r\nAccept: */*\r\n"
      "Content-Type: application/cloudevents+json\r\nContent-Length: {}\r\n\r\n",
      body.size());
  request += body;
}

void intake(Report& report, const Scale& scale) {
  report.bars = {{"events_per_s", {Bar::at_least, 10'000}},
                 {"p99_ms", {Bar::at_most, 20}},
                 {"answered_otherwise", {Bar::at_most, 0}}};
  std::filesystem::create_directories("build/bench");
  const std::string store = "build/bench/http.db";
  const auto library = open_plugin_library({});
  const auto bundle = intake_bundle(*library);
  if (!bundle) return;
  for (int i = 0; i < scale.repetitions; ++i) {
    remove_store(store);
    measure_disk(report, "build/bench");
    ServeOptions options;
    options.installation.store = store;
    options.http.listen = "127.0.0.1:0";
    std::vector<Error> errors;
    auto serving = Serving::make(bundle, *library, std::move(options), errors);
    for (const Error& error : errors) fmt::print("  {}\n", error.text());
    if (!serving) return;
    const std::string time = format_instant((*serving)->installation().clock().now());
    HttpLoad load{(*serving)->address(), kConnections, 0, 2000,
                  [&](size_t index, std::string& to) { write_event(index, time, to); }};
    run_http_load(load);  // not counted
    load.first = load.count;
    load.count = static_cast<size_t>(kEvents * scale.size);
    const double cpu = cpu_seconds(), memory = memory_mib();
    const HttpLoadResult result = run_http_load(load);
    report.add("events_per_s", static_cast<double>(load.count) / result.seconds);
    report.add("p50_ms", percentile(result.waited_ms, 0.5));
    report.add("p99_ms", percentile(result.waited_ms, 0.99));
    report.add("answered_otherwise", static_cast<double>(result.others));
    report.add("cores", (cpu_seconds() - cpu) / result.seconds);
    report.add("memory_mib", memory_mib());
    report.add("memory_grown_mib", memory_mib() - memory);
    if (auto stopped = (*serving)->stop(seconds(10)); !stopped)
      fmt::print("  {}\n", stopped.error().text());
  }
  if (!scale.keep) remove_store(store);
}

const Register http("http", "events into relance serve over 64 connections", intake);

}  // namespace
}  // namespace relance::bench
