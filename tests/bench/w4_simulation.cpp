// W4: the shipped payment recovery flow over many simulated customers on virtual time: the engine's
// own code over scripted channels, with a store in memory.
#include <fmt/format.h>

#include "base/random.h"
#include "bench/bench.h"
#include "node/derived.h"
#include "node/generation.h"
#include "sim/scripted_plugins.h"
#include "sim/virtual_drive.h"

namespace relance::bench {
namespace {

const Instant kStart = *parse_instant("2026-01-05T08:00:00Z");

Doc money(int64_t minor) { return Doc::money({minor, *Currency::parse("EUR")}); }

// Providers and customers: what they do is a hash of the touch.
class World final : public Performer {
 public:
  World(const Clock& clock, Alarms& alarms, Inbox& inbox)
      : clock_(clock), alarms_(alarms), inbox_(inbox) {}

  void send(TouchOrder order) override {
    const double chance = unit_hash({"answer", order.touch.key.view()});
    OperationResult result;
    result.status = OperationStatus::done;
    result.word = word_of(order, chance);
    result.acted_at = clock_.now() + seconds(2);
    const bool pays = order.touch.is_contact() && chance < 0.12;
    after(seconds(2),
          [this, customer = order.customer, touch = order.touch.key, result = std::move(result)] {
            inbox_.deliver(customer, ResultInput{touch, result});
          });
    if (pays)
      after(hours(3), [this, subject = order.subject] {
        const Doc keys = Doc::record({{"invoice_id", Doc::text("i-" + subject.substr(2))}});
        inbox_.deliver_event({"email",
                              "paid-" + subject,
                              "payment.succeeded",
                              clock_.now(),
                              {},
                              {},
                              {},
                              subject,
                              keys},
                             {});
      });
  }
  void look_up(TouchOrder, std::vector<std::string>) override {}  // nothing stays unknown
  void cancel(const Key&) override {}
  void recall(TouchOrder, std::vector<std::string>) override {}
  void compose(Compose question) override {
    OperationResult nobody;
    nobody.status = OperationStatus::failed;
    inbox_.deliver(question.customer, ReadInput{question.operation, std::move(nobody)});
  }
  void read(Read read) override {
    OperationResult result;
    result.status = OperationStatus::done;
    const auto number = std::atoi(read.subject.c_str() + 2);
    result.data = Doc::record({{"email", Doc::text(read.subject + "@example.com")},
                               {"phone", Doc::text(fmt::format("+336399{:05}", number % 100000))},
                               {"timezone", Doc::text("Europe/Paris")},
                               {"locale", Doc::text(number % 3 ? "fr" : "en")},
                               {"segment", Doc::text(number % 4 == 0 ? "loyal" : "new")},
                               {"first_name", Doc::text("Ann")}});
    inbox_.deliver(read.customer, ReadInput{read.operation, std::move(result)});
  }
  void page(Page page) override {
    OperationResult nobody;
    nobody.status = OperationStatus::absent;
    inbox_.deliver(page.customer, PageInput{page.operation, std::move(nobody)});
  }
  void perform(Perform) override {}        // nobody answers the phone for long
  void understand(Understand) override {}  // so nothing is heard
  size_t open_operations() const override { return 0; }

 private:
  static std::string word_of(const TouchOrder& order, double chance) {
    if (order.touch.what == TouchWhat::charge) return chance < 0.15 ? "recovered" : "declined";
    if (order.touch.channel_kind != "voice") return "";
    return chance < 0.6 ? "no_answer" : chance < 0.85 ? "voicemail" : "busy";
  }
  void after(Duration span, std::function<void()> work) {
    alarms_.call_at(clock_.now() + span, std::move(work), false);
  }

  const Clock& clock_;
  Alarms& alarms_;
  Inbox& inbox_;
};

EventInput failed_payment(int i, const EventCatalogue& events) {
  static constexpr const char* kCodes[] = {
      "insufficient_funds", "generic_decline",         "expired_card",
      "processing_error",   "authentication_required", "do_not_honor"};
  EventInput event;
  event.id = fmt::format("e-{}", i);
  event.source = "/shop";
  event.type = "payment.failed";
  event.subject = fmt::format("c-{}", i);
  event.time = kStart + seconds(i % 36'000);
  const Doc data = Doc::record({{"invoice_id", Doc::text(fmt::format("i-{}", i))},
                                {"amount", money(900 + i % 400 * 100)},
                                {"context", Doc::text("recurring")},
                                {"decline", Doc::record({{"provider", Doc::text("stripe")},
                                                         {"raw_code", Doc::text(kCodes[i % 6])},
                                                         {"network", Doc::text("visa")}})}});
  event.data = type_event_data(event.type, data, events, event.time).value_or(Doc{});
  return event;
}

// One simulation: `customers` failed payments, worked until nothing is due. False: it failed.
bool simulate(Report& report, int customers, uint64_t seed, std::shared_ptr<const Bundle> bundle,
              const ScriptedPlugins& plugins) {
  VirtualClock clock(kStart);
  SimulatedProcess process;
  VirtualDrive drive(clock, 1);
  NodeOptions options;
  options.hot_bytes = size_t{4} << 30;
  auto node =
      NodeCore::make({clock, process,
                      [seed] {
                        StoreOptions how;
                        how.installation_seed = std::to_string(seed);
                        how.derive = entry_deriver();
                        return open_store("memory:", std::move(how));
                      },
                      drive, [](const Error& error) { fmt::print("  {}\n", error.text()); }, false},
                     options);
  auto rules = BundleRules::make(bundle, plugins, 1);
  if (!node || !rules) return false;
  World world(clock, drive, **node);
  (*node)->activate(*rules, world, [&](std::string_view type, DocView data, Instant at) {
    return type_event_data(type, data, bundle->events, at);
  });
  drive.attach(**node);
  if (!(*node)->recover()) return false;
  for (int i = 0; i < customers; ++i) {
    EventInput event = failed_payment(i, bundle->events);
    drive.call_at(
        event.time,
        [&, event = std::move(event)]() mutable { (*node)->accept(std::move(event), {}); }, false);
  }
  const double cpu = cpu_seconds(), wall = wall_seconds();
  if (auto done = drive.run(); !done) {
    fmt::print("  {}\n", done.error().text());
    return false;
  }
  report.add("runs_per_s_and_core", customers / (cpu_seconds() - cpu));
  report.add("runs_per_s", customers / (wall_seconds() - wall));
  report.add("entries_per_run", static_cast<double>((*node)->statistics().entries) / customers);
  report.add("peak_memory_mib", peak_memory_mib());
  return true;
}

void simulations(Report& report, const Scale& scale) {
  report.bars = {{"runs_per_s_and_core", {Bar::at_least, 50'000}}};
  const auto library = open_plugin_library({RELANCE_BUILD_DIR "/lib/relance/plugins"});
  auto sources = read_bundle(RELANCE_SOURCE_DIR "/flows");
  if (!sources) return;
  const auto loaded = load_bundle(*sources, "flows", load_options(*library, true));
  for (const Finding& finding : loaded.findings) fmt::print("  {}\n", finding.error.text());
  std::vector<Error> errors;
  if (!loaded.bundle) return;
  const auto plugins = ScriptedPlugins::make(*loaded.bundle, *library, errors);
  for (const Error& error : errors) fmt::print("  {}\n", error.text());
  if (!plugins) return;
  for (int i = 0; i < scale.repetitions; ++i)
    if (!simulate(report, static_cast<int>(100'000 * scale.size), static_cast<uint64_t>(i) + 1,
                  loaded.bundle, **plugins))
      return;
}

const Register w4("W4", "the shipped recovery flow over 100,000 simulated customers", simulations);

}  // namespace
}  // namespace relance::bench
