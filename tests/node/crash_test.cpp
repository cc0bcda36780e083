// A crash at every commit: before it and just after it, for each delivery class. What happened
// outside stays; memory and what was under way are gone.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "node/town.h"

using namespace relance;
using namespace relance::test;

namespace {

// What is left when the engine dies at this instant: of a machine that lost power no marks.
struct Remains {
  std::shared_ptr<MemoryDisk> disk;
  World world;
  Instant at;
  std::string marks;
};

const std::string kMarks = (std::filesystem::path(RELANCE_BUILD_DIR) / "crash_test-marks").string();

std::string read_marks() {
  std::ostringstream text;
  text << std::ifstream(kMarks, std::ios::binary).rdbuf();
  return text.str();
}

// Keeps what would remain before and after each commit.
class WatchedStore final : public Store {
 public:
  using Watch = std::function<void()>;
  WatchedStore(std::unique_ptr<Store> inner, Watch watch)
      : inner_(std::move(inner)), watch_(std::move(watch)) {}

  const Opened& opened() const override { return inner_->opened(); }
  std::string trouble() const override { return inner_->trouble(); }
  Result<bool> maintain() override { return inner_->maintain(); }
  std::unique_ptr<StoreReader> reader() override { return inner_->reader(); }
  Status addresses(const std::function<void(const Derived::Address&)>& visit) override {
    return inner_->addresses(visit);
  }
  using Store::check;
  Status check(const Progress& progress) override { return inner_->check(progress); }
  StoreStatistics statistics() const override { return inner_->statistics(); }
  CommitOutcome commit(const Batch& batch) override {
    watch_();
    const CommitOutcome outcome = inner_->commit(batch);
    watch_();
    return outcome;
  }

 private:
  std::unique_ptr<Store> inner_;
  Watch watch_;
};

void some_payments_fail(Town& town) {
  for (int i = 0; i < 4; ++i) {
    const std::string subject = "c-" + std::to_string(i), invoice = "i-" + std::to_string(i);
    town.drive.call_at(
        kMonday + minutes(20 * i), [=, &town] { town.payment_failed(subject, invoice); }, false);
  }
}

std::vector<Remains> crashes(const FakeRules& rules, bool marks) {
  std::vector<Remains> remains;
  World world;
  TownOptions options;
  std::filesystem::remove(kMarks);
  if (marks) options.node.marks_path = kMarks;
  const auto disk = options.disk;
  Town* here = nullptr;
  options.over = [&](std::unique_ptr<Store> store) {
    return std::make_unique<WatchedStore>(std::move(store), [&] {
      remains.push_back(
          {disk->copy(), world, here ? here->clock.now() : kMonday, marks ? read_marks() : ""});
    });
  };
  Town town(rules, world, options);
  here = &town;
  some_payments_fail(town);
  town.finish();
  REQUIRE(remains.size() > 40);
  return remains;
}

// How many touches were parked.
size_t go_on(const FakeRules& rules, Remains& remains, DeliveryClass delivery) {
  remains.world.under_way.clear();
  TownOptions options;
  if (!remains.marks.empty()) {
    std::ofstream(kMarks, std::ios::binary) << remains.marks;
    options.node.marks_path = kMarks;
  }
  options.disk = remains.disk;
  options.start = remains.at;
  Town town(rules, remains.world, options);
  REQUIRE(town.node);
  some_payments_fail(town);  // the source was not told that all of them are kept
  const History history = town.finish();
  CHECK(history.records<RunStarted>().size() == 4);
  CHECK(history.live_runs() == 0);
  if (delivery != DeliveryClass::repeatable) CHECK(remains.world.doubled == 0);
  std::set<Key> known;
  size_t parked = 0;
  for (const Touch& touch : history.touches()) {
    known.insert(touch.key);
    CHECK_FALSE(touch.open());
    parked += touch.state == TouchState::parked;
    if (touch.state == TouchState::parked)
      CHECK(delivery == DeliveryClass::blind);
    else
      CHECK(remains.world.done.contains(touch.key) == (touch.outcome != "failed"));
  }
  CHECK(known.size() >= 8);  // two mails each, at least
  for (const auto& [key, result] : remains.world.done) CHECK(known.contains(key));
  return parked;
}

size_t crash_everywhere(DeliveryClass delivery, bool marks) {
  // A charge of an unknown outcome waits for a person where nobody can be asked.
  const auto rules = recovery_rules(delivery, delivery != DeliveryClass::blind);
  auto all = crashes(*rules, marks);
  size_t parked = 0;
  for (size_t i = 0; i < all.size(); ++i) {
    INFO(delivery_class_name(delivery)
         << (marks ? ", with marks" : "") << ", crash " << i << " of " << all.size());
    parked += go_on(*rules, all[i], delivery);
  }
  std::filesystem::remove(kMarks);
  return parked;
}

void crash_everywhere(DeliveryClass delivery) {
  const size_t unsure = crash_everywhere(delivery, false);
  const size_t with_marks = crash_everywhere(delivery, true);
  if (delivery == DeliveryClass::blind) CHECK(with_marks < unsure / 2);
}

}  // namespace

TEST_CASE("a keyed touch happens once, whenever the engine dies") {
  crash_everywhere(DeliveryClass::keyed);
}

TEST_CASE("a touch that can be looked up happens at most once, whenever the engine dies") {
  crash_everywhere(DeliveryClass::lookup);
}

TEST_CASE("a blind touch happens at most once, and a person is told where it is not known") {
  crash_everywhere(DeliveryClass::blind);
}

TEST_CASE("a repeatable touch happens, whenever the engine dies") {
  crash_everywhere(DeliveryClass::repeatable);
}

TEST_CASE("a run that waits sleeps through a crash and wakes at its instant") {
  const auto rules = recovery_rules();
  World world;
  TownOptions options;
  {
    Town before(*rules, world, options);
    before.payment_failed("ann", "i-1");
    REQUIRE(before.run(kMonday + hours(1)));
    REQUIRE(world.done.size() == 1);
  }
  options.start = kMonday + hours(2);
  Town town(*rules, world, options);
  REQUIRE(town.run(kMonday + hours(5)));
  CHECK(world.done.size() == 1);
  const History history = town.finish();
  REQUIRE(history.touches().size() >= 2);
  const Touch charge = history.touches()[1];
  CHECK(charge.step_name == "retry");
  CHECK(charge.intended_at > kMonday + hours(6));
  CHECK(charge.intended_at < kMonday + hours(6) + minutes(1));
}
