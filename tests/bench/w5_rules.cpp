// W5: a 10-row decision, as a table and as a Lua function, through the engine's own call path.
#include <fmt/format.h>

#include "bench/bench.h"
#include "core/run/table.h"
#include "script/bundle_rules.h"

namespace relance::bench {
namespace {

constexpr const char* kBundle =
    R"LUA(return bundle { name = "bench", currency = "EUR", zone = "Europe/Paris", locale = "en",
  controller = "bench", channels = { email = plugin "relance.sandbox" { as = "email" } } })LUA";

std::string flow_source() {
  std::string rows, branches;
  for (int i = 0; i < 10; ++i) {
    rows +=
        fmt::format("    {{ action = \"a{0}\", tries = at_least({0}), outcome = \"o{0}\" }},\n", i);
    branches += fmt::format(
        "  {} run.event.action == \"a{}\" and run.event.tries >= {} then return \"o{}\"\n",
        i == 0 ? "if" : "elseif", i, i, i);
  }
  std::string outcomes;
  for (int i = 0; i < 10; ++i) outcomes += fmt::format("\"o{}\", ", i);
  return "local f = flow \"bench\" { start = event \"bench.asked\", key = \"invoice_id\", purpose "
         "= \"service\" }\n"
         "f.table = decide {\n  by = { action = \"event.action\", tries = \"event.tries\" }, hit = "
         "\"first\",\n  rows = {\n" +
         rows + "  },\n  otherwise = \"none\",\n}\nf.lua = decide { by = function(run)\n" +
         branches + "  end\n  return \"none\"\nend, outcomes = { " + outcomes +
         "\"none\" } }\nreturn f\n";
}

class NoPlugins final : public PluginSide {
  const Channel* channel(std::string_view) const override { return nullptr; }
  const Connector* connector(std::string_view) const override { return nullptr; }
  Result<Doc> policy(std::string_view, std::string_view, std::string_view) const override {
    return Doc{};
  }
};

void decide(Report& report, const Scale& scale) {
  const BundleSources sources{{"bundle.lua", kBundle},
                              {"events.lua",
                               "return events { [\"bench.asked\"] = { invoice_id = text, action = "
                               "text, tries = number } }"},
                              {"bench.lua", flow_source()}};
  const LoadedBundle loaded = load_bundle(sources, "bench", {});
  for (const Finding& finding : loaded.findings) fmt::print("  {}\n", finding.error.text());
  if (!loaded.bundle) return;
  const NoPlugins plugins;
  const auto rules = BundleRules::make(loaded.bundle, plugins, 1);
  const Flow& flow = loaded.bundle->flows[0].flow;
  Customer customer;
  customer.id = customer_key("bench", "c-1");
  Run run;
  run.event = seal(customer.id, Doc::record({{"invoice_id", Doc::text("i-1")},
                                             {"action", Doc::text("a7")},
                                             {"tries", Doc::integer(8)}})
                                    .bytes());
  report.bars = {{"table_decisions_per_s", {Bar::at_least, 600'000}},
                 {"lua_decisions_per_s", {Bar::at_least, 600'000}}};
  const auto count = static_cast<int>(1'000'000 * scale.size);
  const auto measure = [&](const char* name, auto work) {
    const double start = cpu_seconds();
    int hits = 0;
    for (int i = 0; i < count; ++i) hits += work() ? 1 : 0;
    report.add(name, count / (cpu_seconds() - start));
    if (hits != count) fmt::print("  {}: only {} of {} came out right\n", name, hits, count);
  };
  for (int i = 0; i < scale.repetitions; ++i) {
    measure("table_decisions_per_s", [&] {
      const View view(customer, run, flow, Instant{});
      const auto hit = evaluate_table(std::get<DecideStep>(flow.steps[0].body), view);
      return hit && hit->row && hit->row->outcome == "o7";
    });
    measure("lua_decisions_per_s", [&] {
      const View view(customer, run, flow, Instant{});
      const auto word =
          (*rules)->choose(flow, std::get<DecideStep>(flow.steps[1].body).function, view);
      return word && *word == "o7";
    });
  }
}

const Register w5("W5", "a 10-row decision, as table and as Lua function", decide);

}  // namespace
}  // namespace relance::bench
