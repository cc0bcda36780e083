// A town: a whole node on a virtual clock over a memory disk, hand-built flows, a provider that
// plays the world, and customers whose payments fail.
#pragma once

#include "node/node_core.h"
#include "node/provider.h"
#include "sim/virtual_drive.h"
#include "store/faulty_store.h"
#include "store/memory_store.h"
#include "support/fake_rules.h"
#include "support/replay.h"

namespace relance::test {

inline const Instant kMonday = *parse_instant("2026-01-05T10:00:00Z");

// Mail, six hours, a charge, and a last mail where it was declined.
inline std::unique_ptr<FakeRules> recovery_rules(DeliveryClass delivery = DeliveryClass::keyed,
                                                 bool with_charge = true) {
  auto rules = std::make_unique<FakeRules>();
  rules->add_channel("email", "email", delivery);
  rules->add_channel("retry", "retry", delivery);
  rules->connectors["crm"] = Connector{"crm", DeliveryClass::repeatable, false, {}, {}, 0};
  std::vector<Step> steps{step("mail", mail()), step("pause", wait_for(hours(6)), on(0, {}))};
  if (with_charge) steps.push_back(step("retry", charge(), on(1, {})));
  steps.push_back(step("last", mail(), with_charge ? on(2, {"declined"}) : on(1, {})));
  rules->add(flow("pay", std::move(steps)));
  return rules;
}

inline NodeOptions with_shards(int shards) {
  NodeOptions options;
  options.shards = shards;
  return options;
}

struct TownOptions {
  NodeOptions node = with_shards(4);
  int workers = 1;
  Instant start = kMonday;  // in a new store; else it goes on from the last commit
  std::shared_ptr<MemoryDisk> disk = std::make_shared<MemoryDisk>();
  // Opens another store than one on that disk.
  std::function<Result<std::unique_ptr<Store>>(StoreOptions)> store;
  // Lies over the store of every opening.
  std::function<std::unique_ptr<Store>(std::unique_ptr<Store>)> over;
};

class Town {
 public:
  Town(const Rules& rules, World& world, TownOptions how)
      : options(std::move(how)), clock(options.start), drive(clock, options.workers) {
    NodeCore::Ports ports{clock,
                          process_,
                          [this] { return open(); },
                          drive,
                          [this](const Error& error) { fatal = error; },
                          false,
                          &drive};
    auto made = NodeCore::make(std::move(ports), options.node);
    if (!made) {
      refused = made.error();
      return;
    }
    node = std::move(*made);
    if (!node->store().opened().created)
      clock.set(std::max(options.start, node->store().opened().last_commit_at));
    provider = std::make_unique<Provider>(clock, drive, *node, world);
    node->activate(std::shared_ptr<const Rules>(&rules, [](const Rules*) {}), *provider,
                   [](std::string_view, DocView data, Instant) { return Result<Doc>(Doc(data)); });
    drive.attach(*node);
    REQUIRE(node->recover());
    node->begin_searches();
  }

  // Both are counted once they are answered.
  size_t kept = 0, duplicates = 0, turned_away = 0;

  void accept(const std::string& subject, const std::string& type, Doc data,
              const std::string& id) {
    EventInput event{id, "test", type, subject, clock.now(), std::move(data), 0, {}};
    node->accept(std::move(event), [this](Accepted how) {
      ++(how == Accepted::kept ? kept : how == Accepted::duplicate ? duplicates : turned_away);
    });
  }
  void payment_failed(const std::string& subject, const std::string& invoice, std::string id = "") {
    if (id.empty()) id = "failed-" + invoice;
    const Money amount{4900, *Currency::parse("EUR")};
    accept(subject, "payment.failed",
           Doc::record({{"invoice_id", Doc::text(invoice)}, {"amount", Doc::money(amount)}}), id);
  }
  void paid(const std::string& subject, const std::string& invoice) {
    accept(subject, "payment.succeeded", Doc::record({{"invoice_id", Doc::text(invoice)}}),
           "paid-" + invoice);
  }
  // Events of many customers, spread over a day: some pay by themselves.
  void usual_day(int customers) {
    for (int i = 0; i < customers; ++i) {
      const std::string subject = "c-" + std::to_string(i), invoice = "i-" + std::to_string(i);
      const Instant at = kMonday + Provider::some_ms(derive_key({subject}), hours(24).ms);
      drive.call_at(
          at, [=, this] { payment_failed(subject, invoice); }, false);
      if (i % 5 == 0)
        drive.call_at(
            at + hours(3), [=, this] { paid(subject, invoice); }, false);
    }
  }

  Status run(Instant until = Instant::never()) { return drive.run(until); }

  // Works to the end, closes, and checks that entries alone rebuild what the store keeps.
  History finish() {
    REQUIRE(run());
    REQUIRE(node->close());
    REQUIRE(node->store().check());
    return replay_closed(node->store());
  }
  std::string hash() { return *node->journal_hash(); }

  TownOptions options;
  VirtualClock clock;
  VirtualDrive drive;
  Status fatal, refused;
  std::unique_ptr<NodeCore> node;
  std::unique_ptr<Provider> provider;

 private:
  Result<std::unique_ptr<Store>> open() {
    StoreOptions how;
    how.installation_seed = "town";
    how.derive = entry_deriver();
    auto store = options.store ? options.store(std::move(how))
                               : open_memory_store(options.disk, std::move(how));
    if (store && options.over) return options.over(std::move(*store));
    return store;
  }

  struct SameBoot final : Process {
    std::optional<std::string> environment(std::string_view) const override { return {}; }
    void crash_point(std::string_view) override {}
    std::string boot_id() const override { return "boot-1"; }
  };

  SameBoot process_;
};

}  // namespace relance::test
