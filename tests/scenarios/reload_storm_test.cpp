// The reload storm: a real `relance run` takes events while its flow, its contact rules and its
// texts change every 200 ms and it is killed at random instants. RELANCE_STORM_RELOADS: how many
// lives; RELANCE_STORM_SEED repeats their lengths.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <future>

#include "base/random.h"
#include "net/local_client.h"
#include "scenarios/books.h"

namespace fs = std::filesystem;
using namespace relance;
using namespace relance::test;

namespace {

constexpr int kPerSecond = 500, kBetweenMs = 200;
constexpr uint64_t kMostReloads = 10;  // in a life

// Changes the bundle's files, each whole or not at all, and asks the engine to take them.
class Changes {
 public:
  explicit Changes(const Shop& shop) : shop_(shop) {}

  void make() {
    ++number_;
    const std::string n = std::to_string(number_);
    if (number_ % 3 == 0)
      put("crash.lua", read("crash.lua") + "-- " + n + "\n");
    else if (number_ % 3 == 1)
      put("contact.lua", "return contact { caps = { { channel = any_channel, at_most = " +
                             std::to_string(50 + number_) + ", per = days(1) } } }\n");
    else
      put("templates/hello.email.en.mustache", "Subject: Hello\nNumber " + n + "\n");
    const auto reply = ask_locally(shop_.store() + "-admin", "POST", "/v1/admin/reload",
                                   R"({"author":"storm"})", seconds(20));
    if (reply && reply->status == 200) ++taken;
    if (reply && reply->status != 200) refused = reply->body;
  }

  size_t taken = 0;
  std::string refused;

 private:
  std::string read(const std::string& path) const {
    return read_text(shop_.path("bundle/" + path));
  }
  void put(const std::string& path, const std::string& text) const {
    const std::string draft = shop_.path("draft");
    std::ofstream(draft) << text;
    fs::rename(draft, shop_.path("bundle/" + path));
  }

  const Shop& shop_;
  int number_ = 0;
};

// Takes events for so long, and is reloaded meanwhile. True: the process has ended.
bool live(Shop& shop, ChildProcess& child, Changes& changes, int for_ms) {
  const auto change = std::async(std::launch::async, [&] { changes.make(); });
  return shop.give(child, for_ms, kPerSecond);
}

}  // namespace

TEST_CASE("rules that change every 200 ms under load and kill -9 lose and double nothing",
          "[storm]") {
  const uint64_t seed = setting("RELANCE_STORM_SEED", SystemRandom().next());
  const uint64_t lives = setting("RELANCE_STORM_RELOADS", 8);
  WARN("RELANCE_STORM_SEED=" << seed << " repeats the lengths of these lives");
  SeededRandom random(seed);
  Shop shop("reloads", "keyed");
  Changes changes(shop);
  for (uint64_t i = 0; i < lives; ++i) {
    const auto child = shop.start();
    bool ended = false;
    for (uint64_t n = random.next() % kMostReloads + 1; n > 0; --n)
      ended = ended || live(shop, *child, changes, kBetweenMs);
    {
      const auto change = std::async(std::launch::async, [&] { changes.make(); });
      ended = ended || shop.give(*child, static_cast<int>(random.next() % kBetweenMs), kPerSecond);
      child->kill();  // perhaps in the middle of it
    }
    INFO(shop.log());
    REQUIRE_FALSE(ended);
    INFO(changes.refused);
    REQUIRE(changes.refused.empty());
    shop.source().look();
    check_crash(shop);
  }
  shop.finish();
  const Closed closed = check_closed(shop);
  CHECK(closed.doubled == 0);
  CHECK(changes.taken > 0);
  const auto store = look_into(shop);
  const History history = replay(*store);
  CHECK(history.records<RunHeld>().empty());
  CHECK(history.records<RunMoved>().empty());
  CHECK(history.records<RunEnded>().size() == history.records<RunStarted>().size());
  CHECK(store->reader()->generations()->size() > changes.taken / 2);
}
