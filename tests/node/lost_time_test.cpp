// A store that was put back to an older state: what left in the time that it lost leaves no second
// time, whatever its channel can promise, and what had not left leaves still.
#include <filesystem>

#include "node/lost_sends.h"
#include "node/town.h"
#include "store/hold.h"

using namespace relance;
using namespace relance::test;

namespace {

constexpr int kCustomers = 12;

// As a store in a file is opened after a loss that a person has released.
class PutBack final : public Store {
 public:
  PutBack(std::unique_ptr<Store> inner, Instant released_at)
      : inner_(std::move(inner)), opened_(inner_->opened()) {
    opened_.hold = SendHold{opened_.last_commit_at, released_at, "restored"};
  }

  const Opened& opened() const override { return opened_; }
  std::string trouble() const override { return inner_->trouble(); }
  Result<bool> maintain() override { return inner_->maintain(); }
  std::unique_ptr<StoreReader> reader() override { return inner_->reader(); }
  Status addresses(const std::function<void(const Derived::Address&)>& visit) override {
    return inner_->addresses(visit);
  }
  using Store::check;
  Status check(const Progress& progress) override { return inner_->check(progress); }
  StoreStatistics statistics() const override { return inner_->statistics(); }
  CommitOutcome commit(const Batch& batch) override { return inner_->commit(batch); }

 private:
  std::unique_ptr<Store> inner_;
  Opened opened_;
};

struct Loss {
  DeliveryClass delivery = DeliveryClass::keyed;
  Duration copied_after, lost_for;
  bool can_look_up = false;  // of a keyed channel
  // What came of it.
  World world;
  size_t forgotten_keys = 0;  // effects again on a key that its provider had forgotten
  std::set<Key> before;       // effects of the life that was lost
  History history;

  // The source gives every event again.
  void live() {
    const auto rules = recovery_rules(delivery, delivery != DeliveryClass::blind);
    for (const char* name : {"email", "retry"}) {
      rules->channels[name].key_window = hours(20);
      if (can_look_up) rules->channels[name].can_look_up = true;
    }
    TownOptions options;
    std::shared_ptr<MemoryDisk> copy;
    const Instant copied = kMonday + copied_after, died = copied + lost_for;
    std::map<Key, Instant> first;
    const auto watch = [&](Town& town) {
      town.provider->acted = [&, this](const TouchOrder& order) {
        const auto [known, fresh] = first.emplace(order.touch.key, town.clock.now());
        forgotten_keys += !fresh && town.clock.now() - known->second > hours(20);
      };
      town.usual_day(kCustomers);
    };
    {
      Town town(*rules, world, options);
      watch(town);
      REQUIRE(town.run(copied));
      copy = options.disk->copy();
      REQUIRE(town.run(died));
    }
    for (const auto& [key, result] : world.done) before.insert(key);
    world.under_way.clear();
    options.disk->go_back_to(*copy);
    options.start = died;
    options.over = [died](std::unique_ptr<Store> store) -> std::unique_ptr<Store> {
      return std::make_unique<PutBack>(std::move(store), died);
    };
    Town town(*rules, world, options);
    REQUIRE(town.node);
    town.clock.set(died);
    watch(town);
    history = town.finish();
  }

  size_t parked() const {
    const auto touches = history.touches();
    return static_cast<size_t>(std::count_if(touches.begin(), touches.end(), [](const Touch& one) {
      return one.state == TouchState::parked;
    }));
  }
  // Who failed to be reached, though a message could have left.
  size_t undone() const {
    const auto touches = history.touches();
    return static_cast<size_t>(std::count_if(touches.begin(), touches.end(), [&](const Touch& one) {
      return one.state != TouchState::parked && !world.done.contains(one.key);
    }));
  }
};

Loss lost(DeliveryClass delivery, Duration copied_after, Duration lost_for, bool look_up = false) {
  Loss loss;
  loss.delivery = delivery;
  loss.copied_after = copied_after;
  loss.lost_for = lost_for;
  loss.can_look_up = look_up;
  loss.live();
  INFO(delivery_class_name(delivery) << ", lost for " << format_duration(lost_for));
  CHECK(loss.history.live_runs() == 0);
  if (lost_for >= hours(7)) CHECK(loss.before.size() >= 3);
  return loss;
}

const Duration kCopied[] = {minutes(1), hours(3) + milliseconds(1700), hours(9)};

}  // namespace

TEST_CASE("what can be looked up left once, although the store lost that it did") {
  for (const Duration copied : kCopied) {
    for (const Duration lost_for : {minutes(40), hours(7), hours(40)}) {
      const Loss loss = lost(DeliveryClass::lookup, copied, lost_for);
      CHECK(loss.world.doubled == 0);
      CHECK(loss.parked() == 0);
      CHECK(loss.undone() == 0);
    }
  }
}

TEST_CASE("a keyed touch leaves again with its key while its provider honours it") {
  for (const Duration copied : kCopied) {
    const Loss loss = lost(DeliveryClass::keyed, copied, hours(7));
    CHECK(loss.forgotten_keys == 0);
    CHECK(loss.parked() == 0);
    CHECK(loss.undone() == 0);
  }
}

TEST_CASE("a keyed touch whose key may be forgotten is looked up, or waits for a person") {
  const bool look_up = GENERATE(true, false);
  const Loss loss = lost(DeliveryClass::keyed, hours(3), hours(40), look_up);
  CHECK(loss.forgotten_keys == 0);
  CHECK((loss.parked() == 0) == look_up);
  if (look_up) CHECK(loss.undone() == 0);
}

TEST_CASE("nobody can say of a blind touch whether the lost time sent it: a person is told") {
  for (const Duration copied : kCopied) {
    const Loss loss = lost(DeliveryClass::blind, copied, hours(7));
    CHECK(loss.world.doubled == 0);
    CHECK(loss.parked() > 0);
    for (const Touch& touch : loss.history.touches())
      if (touch.state == TouchState::parked) {
        INFO(touch.reason.str());
        CHECK((touch.reason == "crash" ||
               touch.reason == "it may have left in the time that the store lost"));
      }
  }
}

TEST_CASE("a run that began after the release leaves as ever") {
  const auto rules = recovery_rules(DeliveryClass::blind, false);
  World world;
  TownOptions options;
  options.over = [](std::unique_ptr<Store> store) -> std::unique_ptr<Store> {
    return std::make_unique<PutBack>(std::move(store), kMonday - minutes(1));
  };
  Town town(*rules, world, options);
  town.payment_failed("ann", "i-1");
  const History history = town.finish();
  CHECK(world.done.size() == 2);
  for (const Touch& touch : history.touches()) CHECK(touch.state == TouchState::done);
}

TEST_CASE("held sends are released by the note, and stay so") {
  const std::string path = std::string(RELANCE_BUILD_DIR) + "/lost_time_test-held";
  const SendHold held{kMonday, Instant::never(), "restored"};
  REQUIRE(write_hold(path, held));
  LostSends sends(path);
  CHECK(sends.time() == nullptr);
  sends.begin(*read_hold(path));
  CHECK(sends.held());
  CHECK_FALSE(sends.look());
  REQUIRE(sends.time());
  CHECK(sends.time()->over_at.is_never());
  SendHold released = held;
  released.released_at = kMonday + hours(5);
  REQUIRE(write_hold(path, released));
  CHECK(sends.look());
  CHECK_FALSE(sends.look());
  CHECK_FALSE(sends.held());
  CHECK(sends.time()->from == kMonday);
  CHECK(sends.time()->released_at == kMonday + hours(5));
  CHECK(sends.time()->over_at == kMonday + hours(10) + days(1));
  std::filesystem::remove(path);
}
