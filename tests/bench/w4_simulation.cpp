// W4: the shipped payment recovery flow over many simulated customers on virtual time, in memory,
// played by the sandbox.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "bench/bench.h"
#include "sim/rehearsal.h"

namespace relance::bench {
namespace {

namespace fs = std::filesystem;

// The shipped bundle with as many customers as asked for.
std::shared_ptr<const Bundle> shipped_bundle(PluginLibrary& library, const fs::path& directory,
                                             int customers) {
  fs::create_directories(directory / "sample");
  std::ofstream file(directory / "sample/customers.csv");
  file << "id,email,phone,timezone,locale,segment,first_name\n";
  for (int i = 0; i < customers; ++i)
    file << fmt::format("c-{0},c{0}@example.com,+336399{1:05},Europe/Paris,{2},{3},Ann\n", i,
                        i % 100000, i % 3 ? "fr" : "en", i % 4 == 0 ? "loyal" : "new");
  file.close();
  auto sources = read_bundle(RELANCE_SOURCE_DIR "/flows");
  if (!sources) return nullptr;
  return load_bundle(*sources, directory.string(), load_options(library, true)).bundle;
}

EventInput failed_payment(int i, const EventCatalogue& events) {
  static constexpr const char* kCodes[] = {
      "insufficient_funds", "generic_decline",         "expired_card",
      "processing_error",   "authentication_required", "do_not_honor"};
  const std::string line =
      fmt::format(R"({{"specversion":"1.0","id":"e-{0}","source":"/shop","type":"payment.failed",)"
                  R"("time":"2026-01-05T{1:02}:{2:02}:{3:02}Z","subject":"c-{0}",)"
                  R"("data":{{"invoice_id":"i-{0}",)"
                  R"("amount":{{"minor":{4},"currency":"EUR"}},"context":"recurring",)"
                  R"("decline":{{"provider":"stripe","raw_code":"{5}","network":"visa"}}}}}})",
                  i, 8 + i % 10, i / 10 % 60, i / 600 % 60, 900 + i % 400 * 100, kCodes[i % 6]);
  auto parsed = parse_event(line, events, "");
  return parsed ? std::move(parsed->event) : EventInput{};
}

void simulate(Report& report, const Scale& scale) {
  const int customers = static_cast<int>(100'000 * scale.size);
  const auto library = open_plugin_library({RELANCE_BUILD_DIR "/lib/relance/plugins"});
  const fs::path directory = fs::temp_directory_path() / fmt::format("relance-w4-{}", ::getpid());
  const auto bundle = shipped_bundle(*library, directory, customers);
  if (!bundle) return;
  for (int i = 0; i < scale.repetitions; ++i) {
    RehearsalOptions options;
    options.start = *parse_instant("2026-01-05T08:00:00Z");
    options.sandbox.on = true;
    options.sandbox.seed = static_cast<uint64_t>(i) + 1;  // worlds of their own
    options.node.hot_bytes = 4ull << 30;
    std::vector<Error> errors;
    auto made = Rehearsal::make(bundle, *library, std::move(options), errors);
    if (!made) {
      for (const Error& error : errors) fmt::print("  {}\n", error.text());
      break;
    }
    for (int c = 0; c < customers; ++c) {
      EventInput event = failed_payment(c, bundle->events);
      const Instant at = event.time;
      (*made)->at(at, std::move(event));
    }
    const double cpu = cpu_seconds(), wall = wall_seconds();
    if (auto done = (*made)->run(); !done) fmt::print("  {}\n", done.error().text());
    report.add("runs_per_s_and_core", customers / (cpu_seconds() - cpu));
    report.add("runs_per_s", customers / (wall_seconds() - wall));
    report.add("entries_per_run",
               static_cast<double>((*made)->node().statistics().entries) / customers);
    report.add("peak_memory_mib", peak_memory_mib());
  }
  fs::remove_all(directory);
}

const Register w4("W4", "the shipped recovery flow over 100,000 simulated customers", simulate);

}  // namespace
}  // namespace relance::bench
