// NodeCore: the node without its threads. Shards, committer, lanes and references; a Drive decides when each of them works.
//
// Owns the shards and the committer. Lifetime: clock, process, rules and performer outlive it.
// Threads: as Node. A Drive calls drain(), commit() and perform() under the rules of shard.h and committer.h.
#pragma once

#include <memory>
#include <vector>

#include "node/committer.h"
#include "node/shard.h"

namespace relance {

// What NodeCore asks of whoever drives it. Called from any thread; must not call back.
class Drive {
 public:
  virtual ~Drive() = default;
  virtual void shard_ready(size_t shard) = 0;        // it has mail and nobody drains it
  virtual void released(ShardBatch batch) = 0;       // durable: perform its outgoing effects
};

// Types the data of a plugin's event by the catalogue.
using EventTyper = std::function<Result<Doc>(std::string_view type, DocView data)>;

class NodeCore final : public Node {
 public:
  struct Ports {
    const Clock& clock;
    Process& process;
    StoreFactory open_store;  // must give the deriver of this header to its options
    Drive& drive;
    std::function<void(const Error&)> fatal;
    bool slots_in_decisions = true;  // off on a virtual clock
  };
  // Opens the store, reads its addresses and its tail. Fails with the store's errors.
  static Result<std::unique_ptr<NodeCore>> make(Ports ports, NodeOptions options);

  // The active generation; before recover(), and again at every reload.
  void activate(std::shared_ptr<const Rules> rules, Performer& performer, EventTyper typer);
  void limit(const std::string& channel, LaneLimits limits) { lanes_.limit(channel, limits); }

  // --- Node
  void accept(EventInput event, AcceptedBy done) override;
  void deliver(const Key& customer, Input input) override;
  void deliver_event(PluginEvent event, std::function<void(bool)> done) override;
  void pace(std::string_view channel, Instant again_at) override;
  void command(const Key& customer, CommandInput command) override;
  Status recover() override;
  Status close(Duration patience) override;
  Status health() const override { return committer_->health(); }
  NodeStatistics statistics() const override;

  // --- for the drive
  Status drain(size_t shard, bool sorted);
  bool commit() { return committer_->commit(); }
  void perform(Outgoing effect);
  void finish(const ShardBatch& batch) { shards_[batch.shard]->committed(batch); }
  void grant_slots();              // as many as there are at this instant
  Result<Instant> next_due();      // over all shards and lanes
  void help_the_slowest();         // the shard whose snapshots lag behind most gets a drain
  size_t shards() const { return shards_.size(); }
  bool has_mail(size_t shard) const { return shards_[shard]->has_mail(); }
  Committer& committer() { return *committer_; }
  Store& store() { return committer_->store(); }
  const std::string& installation() const { return installation_; }
  uint64_t duplicates() const { return duplicates_; }

  // SHA-256 over (key, chain) of every customer, by key. Only while nothing works. 64 hex digits.
  Result<std::string> journal_hash();

 private:
  NodeCore(Ports ports, NodeOptions options);
  Shard& shard_of(const Key& customer);
  void post(Shard& shard, Mail mail);
  Result<Key> customer_of(PluginEvent& event);

  Ports ports_;
  NodeOptions options_;
  std::string installation_;
  AddressBook addresses_;
  Lanes lanes_;
  std::unique_ptr<Committer> committer_;
  std::vector<std::unique_ptr<Shard>> shards_;
  mutable std::mutex mutex_;  // of the generation and the reference reader
  std::shared_ptr<const Rules> rules_;
  Performer* performer_ = nullptr;
  EventTyper typer_;
  std::unique_ptr<StoreReader> references_;
  std::atomic<uint64_t> accepted_ = 0, duplicates_ = 0;
};

// What an entry's body adds to the late tables: for StoreOptions.
Deriver entry_deriver();

}  // namespace relance
