// The reload storm: a real `relance run` takes events while flow, policy, contact rule, template,
// plugin configuration and plugin build change in turn, one every 200 ms, and it is killed in the
// middle of it. Each version of the flow gives its steps names of its own, so that a touch says
// which version its run was on.
//
// `./dev storm --long`: ten minutes of it. RELANCE_STORM_RELOADS: how many lives;
// RELANCE_STORM_SEED repeats their lengths.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <future>

#include "base/clock.h"
#include "base/doc.h"
#include "base/random.h"
#include "net/local_client.h"
#include "scenarios/books.h"

namespace fs = std::filesystem;
using namespace relance;
using namespace relance::test;

namespace {

constexpr int kPerSecond = 500, kBetweenMs = 200;
constexpr uint64_t kMostReloads = 8;    // in a life
constexpr uint64_t kLivesOfAShop = 10;  // then a new one, so that reading it whole stays quick
constexpr Duration kLong = minutes(10);

// Changes what the engine works by, each file whole or not at all, and asks it to take that.
class Changes {
 public:
  explicit Changes(const Shop& shop) : shop_(shop), build_(read(kSandbox)) {
    fs::create_directories(shop_.path("bundle/policies"));
    put("bundle/bundle.lua", bundle(0));
    put("bundle/policies/way.lua", policy(0));
    put("bundle/crash.lua", flow(0));
  }

  void make() {
    const int n = ++number_;
    switch (n % 6) {
      case 0: put("bundle/crash.lua", flow(n)); break;
      case 1: put("bundle/policies/way.lua", policy(n)); break;
      case 2: put("bundle/contact.lua", contact(n)); break;
      case 3: put("bundle/templates/hello.email.en.mustache", mail(n)); break;
      case 4: put("bundle/bundle.lua", bundle(n)); break;
      default: put(kSandbox, build_ + std::to_string(n)); break;  // behind all that is read of it
    }
    const auto reply = ask_locally(shop_.store() + "-admin", "POST", "/v1/admin/reload",
                                   R"({"author":"storm"})", seconds(20));
    if (!reply) return;  // it was killed
    const auto told = from_json(reply->body);
    if (reply->status != 200 || !told)
      refused = reply->body;
    else if (told->view().find("activated").boolean().value_or(false))
      activated.insert(static_cast<uint64_t>(told->view().find("generation").integer().value()));
  }

  std::set<uint64_t> activated;  // numbers of generations
  std::string refused;

 private:
  static constexpr const char* kSandbox = "installed/lib/relance/plugins/relance.sandbox.so";

  static std::string flow(int n) {
    return fmt::format(R"(
local f = flow "crash" {{ start = event "payment.failed", key = "invoice_id",
  goal = event "payment.succeeded", purpose = "recovery", expire = minutes(5) }}
f.way = decide {{ policy = policy "way", outcomes = {{ "left", "right" }} }}
f.one_{0} = send {{ after = f.way, via = "first", template = "hello" }}
f.two_{0} = send {{ after = f.one_{0}.otherwise, via = "second", template = "hello" }}
ignore {{ f.one_{0}.opted_out, f.two_{0} }}
return f
)",
                       n);
  }
  static std::string policy(int n) {
    return fmt::format(R"(
return function(ask) return {{ outcome = ask.choices[{}], reason = "turn_{}" }} end
)",
                       n / 6 % 2 + 1, n);
  }
  static std::string contact(int n) {
    return fmt::format(
        "return contact {{ caps = {{ {{ channel = any_channel, at_most = {}, per = days(1) }} }} "
        "}}",
        50 + n);
  }
  static std::string mail(int n) { return fmt::format("Subject: Hello\nNumber {}\n", n); }
  // What was on the wire under another build or configuration is looked up, not repeated: by key at
  // once, so that nobody waits for clocks that may have been set.
  std::string bundle(int n) const {
    const bool keyed = shop_.delivery() == "keyed";
    return fmt::format(R"(
local function provider()
  return plugin "relance.sandbox" {{
    as = "email", class = "{}", index_lag_ms = {}, delay_ms = 5, answer_after_ms = {},
    react = {{ open = 0, stop = 0 }},
  }}
end
return bundle {{
  name = "storm", currency = "EUR", zone = "Europe/Paris", locale = "en", controller = "A shop",
  channels = {{ first = provider(), second = provider() }},
  policies = {{ way = "policies/way.lua" }},
  crm = plugin "relance.sandbox" {{ as = "crm", class = "keyed", index_lag_ms = 0 }},
}}
)",
                       shop_.delivery(), keyed ? 0 : 100, 20 + n % 10);
  }

  std::string read(const std::string& path) const { return read_text(shop_.path(path)); }
  void put(const std::string& path, const std::string& text) const {
    const std::string draft = shop_.path("draft");
    std::ofstream(draft, std::ios::binary) << text;
    fs::rename(draft, shop_.path(path));
  }

  const Shop& shop_;
  const std::string build_;
  int number_ = 0;
};

// Takes events for so long, and is asked to reload meanwhile. True: the process has ended.
bool live(Shop& shop, ChildProcess& child, Changes& changes, int for_ms, bool to_its_end) {
  const auto change = std::async(std::launch::async, [&] { changes.make(); });
  const bool ended = shop.give(child, for_ms, kPerSecond);
  if (to_its_end) child.kill();  // perhaps in the middle of the change
  return ended;
}

// Every run stayed on one version to its end: that of its start, which gave its steps their names.
void check_versions(const History& history) {
  CHECK(history.records<RunHeld>().empty());
  CHECK(history.records<RunMoved>().empty());
  std::map<Key, std::string> version_of;  // of a run
  for (const RunStarted& run : history.records<RunStarted>())
    version_of[run.run] = run.version.text();
  CHECK(history.records<RunEnded>().size() == version_of.size());
  std::map<std::string, std::set<std::string>> names;  // of steps, by version
  for (const TouchIntended& one : history.records<TouchIntended>())
    if (one.touch.is_contact())
      names[version_of.at(one.touch.run)].insert(one.touch.step_name.str().substr(4));
  std::set<std::string> all;
  for (const auto& [version, numbers] : names) {
    CHECK(numbers.size() == 1);
    all.insert(numbers.begin(), numbers.end());
  }
  CHECK(all.size() == names.size());
  CHECK(all.size() > 1);
}

// What was said to be active is kept, and what is kept was live in the end.
void check_generations(const Shop& shop, const Changes& changes) {
  const auto store = look_into(shop);
  std::set<uint64_t> kept;
  const auto generations = store->reader()->generations();
  REQUIRE(generations);
  for (const Generation& one : *generations) kept.insert(one.number);
  CHECK(
      std::includes(kept.begin(), kept.end(), changes.activated.begin(), changes.activated.end()));
  CHECK(kept.size() == generations->front().number);
  CHECK(changes.activated.size() > kLivesOfAShop / 2);
  check_versions(replay(*store));
}

void storm(const std::string& delivery, uint64_t lives, Random& random) {
  Shop shop("reloads", delivery);
  shop.install();
  Changes changes(shop);
  for (uint64_t i = 0; i < lives; ++i) {
    const auto child = shop.start();
    bool ended = false;
    for (uint64_t n = random.next() % kMostReloads + 1; n > 0; --n)
      ended = ended || live(shop, *child, changes, kBetweenMs, false);
    ended =
        ended || live(shop, *child, changes, static_cast<int>(random.next() % kBetweenMs), true);
    INFO(shop.log());
    REQUIRE_FALSE(ended);
    INFO(changes.refused);
    REQUIRE(changes.refused.empty());
    shop.source().look();
    check_crash(shop);
  }
  shop.finish();
  CHECK(check_closed(shop).doubled == 0);
  check_generations(shop, changes);
}

}  // namespace

TEST_CASE("what changes every 200 ms under load and kill -9 loses and doubles nothing",
          "[reload-storm]") {
  const uint64_t seed = setting("RELANCE_STORM_SEED", SystemRandom().next());
  WARN("RELANCE_STORM_SEED=" << seed << " repeats the lengths of these lives");
  SeededRandom random(seed);
  const SystemClock clock;
  const bool is_long = setting("RELANCE_STORM_LONG", 0) != 0;
  const Instant end = clock.now() + (is_long ? kLong : Duration{});
  const uint64_t lives = setting("RELANCE_STORM_RELOADS", kLivesOfAShop);
  for (bool keyed = true; keyed || clock.now() < end; keyed = !keyed)
    storm(keyed ? "keyed" : "lookup", lives, random);
}
