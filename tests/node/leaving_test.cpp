// Customers who leave memory: none does before everything about him is in the store.
#include "node/town.h"

using namespace relance;
using namespace relance::test;

namespace {

// A node of one shard with no room in memory, driven by hand.
class Hand final : public Drive {
 public:
  Hand() : rules(recovery_rules()), provider(clock, alarms_, inbox_, world_) {
    NodeOptions options = with_shards(1);
    options.hot_bytes = 1;
    NodeCore::Ports ports{clock, process_, [this] { return open(); }, *this, [](const Error&) {},
                          false};
    auto made = NodeCore::make(std::move(ports), options);
    REQUIRE(made);
    node = std::move(*made);
    node->activate(std::shared_ptr<const Rules>(rules.get(), [](const Rules*) {}), provider,
                   [](std::string_view, DocView data, Instant) { return Result<Doc>(Doc(data)); });
    REQUIRE(node->recover());
    settle();
  }

  void shard_ready(size_t) override {}
  void released(ShardBatch batch) override { durable.push_back(std::move(batch)); }

  void tell(const std::string& subject) {
    EventInput event{std::to_string(++events_), "test", "news", subject, clock.now(),
                     Doc::empty_record(),       0,      {}};
    node->accept(std::move(event), {});
    drain();
  }
  void drain() { REQUIRE(node->drain(0, true)); }
  void finish() {
    for (const ShardBatch& batch : std::exchange(durable, {})) node->finish(batch);
  }
  void settle() {
    while (node->commit()) {
    }
    finish();
  }

  std::unique_ptr<FakeRules> rules;
  VirtualClock clock{kMonday};
  std::unique_ptr<NodeCore> node;
  std::vector<ShardBatch> durable;
  Provider provider;

 private:
  struct NoAlarms final : Alarms {
    void call_at(Instant, std::function<void()>, bool) override {}
  };
  struct NoInbox final : Inbox {
    void deliver(const Key&, Input) override {}
    void deliver_event(PluginEvent, std::function<void(EventFate)>) override {}
    void pace(std::string_view, Instant) override {}
  };
  Result<std::unique_ptr<Store>> open() {
    StoreOptions how;
    how.installation_seed = "hand";
    how.derive = entry_deriver();
    return open_memory_store(disk_, std::move(how));
  }

  std::shared_ptr<MemoryDisk> disk_ = std::make_shared<MemoryDisk>();
  SimulatedProcess process_;
  NoAlarms alarms_;
  NoInbox inbox_;
  World world_;
  int events_ = 0;
};

}  // namespace

TEST_CASE("who was touched again while he was leaving does not leave with the earlier commit") {
  Hand hand;
  hand.tell("ann");
  hand.settle();
  hand.drain();  // she is to leave
  REQUIRE(hand.node->commit());
  hand.tell("ann");  // she is back
  hand.drain();      // and is to leave once more
  hand.finish();     // of the first commit
  hand.tell("ann");
  hand.settle();
  CHECK(hand.node->store().check());
  CHECK(hand.node->store().statistics().entries == 3);
}

TEST_CASE("who leaves memory comes back whole") {
  Hand hand;
  for (int i = 0; i < 3; ++i) {
    hand.tell("ann");
    hand.drain();
    hand.settle();
    CHECK(hand.node->statistics().hot_customers == 0);
  }
  CHECK(hand.node->store().check());
}
