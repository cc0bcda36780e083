// W7: a million customers in a CSV file, one in ten of them in a segment: from opening the store
// until everyone was looked at and the hundred thousand runs are durable; then, in a file of which
// one record in a hundred has changed, the next search.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "bench/bench.h"
#include "core/state/record.h"
#include "node/installation.h"

namespace relance::bench {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFolder = "build/bench/w7";
constexpr Duration kEvery = minutes(1);

constexpr const char* kBundle = R"(return bundle {
  name = "bench", currency = "EUR", zone = "Europe/Paris", locale = "en",
  controller = "A shop", channels = {},
  crm = plugin "relance.crm.csv" { file = "customers.csv", read_only = true },
})";
constexpr const char* kFlow = R"(
local f = flow "lapsed" {
  start = segment { from = "crm", every = minutes(1), changed = "updated_at",
    where = { country = { "FR", "BE" }, orders = at_least(2),
      last_order_at = below(ago(days(90))) } },
  purpose = "marketing", re_entry = never_again, expire = days(30) }
f.pause = wait { days(1) }
return f
)";

// One in ten has the country, the orders and the silence that the segment asks for. `changed`: one
// in a hundred has come in since.
void write_customers(size_t count, bool changed) {
  std::ofstream file(fmt::format("{}/customers.csv", kFolder), std::ios::binary);
  file << "id,email,phone,timezone,locale,country,orders,last_order_at,updated_at\n";
  const Instant now = SystemClock().now();
  const std::string long_ago = format_date(Zone::utc().local(now - days(200)).date);
  const std::string lately = format_date(Zone::utc().local(now - days(10)).date);
  const std::string today = format_instant(now);
  for (size_t i = 0; i < count; ++i) {
    const bool moved = changed && i % 100 == 50;
    const bool in = i % 10 == 1 || moved;
    file << fmt::format("c-{0},c-{0}@example.com,+336{0:08},Europe/Paris,fr,{1},{2},{3},{4}\n", i,
                        in ? "FR" : "DE", 1 + i % 5 + (in ? 2 : 0), in ? long_ago : lately,
                        moved ? today : long_ago);
  }
}

std::unique_ptr<Installation> open(PluginLibrary& library) {
  const BundleSources sources{{"bundle.lua", kBundle},
                              {"events.lua", "return events {}"},
                              {"contact.lua", "return contact {}"},
                              {"lapsed.lua", kFlow}};
  const LoadedBundle loaded = load_bundle(sources, kFolder, load_options(library, false));
  for (const Finding& finding : loaded.findings) fmt::print("  {}\n", finding.error.text());
  if (!loaded.bundle) return nullptr;
  InstallationOptions how;
  how.store = fmt::format("{}/store.db", kFolder);
  std::vector<Error> errors;
  auto made = Installation::make(loaded.bundle, library, std::move(how), errors);
  for (const Error& error : errors) fmt::print("  {}\n", error.text());
  return made ? std::move(*made) : nullptr;
}

// The latest search, and how many runs there are.
std::pair<Search, size_t> searched() {
  std::pair<Search, size_t> found;
  StoreOptions how;
  how.read_only = true;
  how.derive = [](const Key&, std::string_view) { return Derived{}; };
  auto store = open_store(fmt::format("{}/store.db", kFolder), std::move(how));
  if (!store) return found;
  const auto read = (*store)->reader()->entries(1, UINT64_MAX, [&](const StoredEntry& stored) {
    const auto entry = decode_entry(stored.body);
    for (const Record& record : entry ? entry->records : std::vector<Record>{}) {
      if (const auto* moved = std::get_if<SearchMoved>(&record)) found.first = moved->search;
      found.second += std::holds_alternative<RunStarted>(record) ? 1 : 0;
    }
    return entry.ok();
  });
  if (!read) fmt::print("  {}\n", read.error().text());
  return found;
}

uint64_t started(Installation& installation) {
  uint64_t runs = 0;
  installation.node().figures().started.each(
      [&](const auto&, const auto& count) { runs += count; });
  return runs;
}

// Seconds of one round that finds `fresh` customers, from the opening to the last one's run; prints
// what is wrong.
double round(Report& report, PluginLibrary& library, size_t fresh, size_t expected) {
  constexpr double kMostSeconds = 300;
  const double start = wall_seconds();
  double took = 0;
  {
    const auto installation = open(library);
    if (!installation) return 0;
    while (started(*installation) < fresh && wall_seconds() - start < kMostSeconds) nap(1e-2);
    took = wall_seconds() - start;
    report.add("memory_mib", memory_mib());
    if (auto stopped = installation->stop(seconds(10)); !stopped)
      fmt::print("  {}\n", stopped.error().text());
  }
  const auto [search, runs] = searched();
  if (runs != expected)
    fmt::print("  {} runs, {} were expected; {}\n", runs, expected, search.trouble);
  return took;
}

void segments(Report& report, const Scale& scale) {
  report.bars = {{"first_search_s", {Bar::at_most, 60}}};
  const auto count = static_cast<size_t>(1'000'000 * scale.size);
  const auto library = open_plugin_library({RELANCE_BUILD_DIR "/lib/relance/plugins"});
  for (int i = 0; i < scale.repetitions; ++i) {
    fs::remove_all(kFolder);
    fs::create_directories(kFolder);
    measure_disk(report, kFolder);
    write_customers(count, false);
    const double began = wall_seconds();
    report.add("first_search_s", round(report, *library, count / 10, count / 10));
    write_customers(count, true);
    nap(std::max(0.0, static_cast<double>(kEvery.ms) / 1000 - (wall_seconds() - began)));
    report.add("next_search_s", round(report, *library, count / 100, count / 10 + count / 100));
  }
  if (!scale.keep) fs::remove_all(kFolder);
}

const Register w7("W7", "a segment of a hundred thousand among a million customers", segments);

}  // namespace
}  // namespace relance::bench
