// NodeCore: the node without its threads. Shards, committer, lanes and references; a Drive decides
// when each of them works.
//
// Owns the store, the shards and the committer. Lifetime: clock, process, drive, rules and
// performer outlive it.
// Threads: as Node. A Drive calls drain(), commit() and finish() under the rules of shard.h and
// committer.h: one thread at a time for a shard, one at a time for commits.
#pragma once

#include <condition_variable>
#include <memory>
#include <vector>

#include "core/customer/pause.h"
#include "node/derived.h"
#include "node/early_events.h"
#include "node/shard.h"

namespace relance {

// What NodeCore asks of whoever drives it. Called from any thread; must not call back.
class Drive {
 public:
  virtual ~Drive() = default;
  virtual void shard_ready(size_t shard) = 0;   // it has mail or is due, and nobody drains it
  virtual void commit_waits() {}                // something is queued for the committer
  virtual void released(ShardBatch batch) = 0;  // durable: finish() it, then perform its effects
  // Are shards drained by threads of its own at this moment?
  virtual bool at_work() const { return false; }
};

class NodeCore final : public Node {
 public:
  struct Ports {
    const Clock& clock;
    Process& process;
    StoreFactory open_store;  // gives entry_deriver() to its options
    Drive& drive;
    std::function<void(const Error&)> fatal;  // an I/O error: ends the process
    // Off on a virtual clock: no slot is taken inside a decision, accept() never blocks.
    bool real_time = true;
    Alarms* alarms = nullptr;  // when flows search for their segments; none: they do not
  };
  // Opens the store, reads its addresses and applies its tail. Fails with the store's errors, and
  // with store_went_back where it lost commits and cannot hold what leaves until a person has
  // looked (a store in no file, a virtual clock).
  static Result<std::unique_ptr<NodeCore>> make(Ports ports, NodeOptions options);

  // What is followed from now on; before recover(), and again at every reload. A drain that is at
  // work ends by the one before. Threads: any.
  void activate(Active active);
  // The same, with a performer that outlives the node.
  void activate(std::shared_ptr<const Rules> rules, Performer& performer, EventTyper typer);
  // Numbers that must not be called; replaces those of before. Threads: any.
  void do_not_call(std::shared_ptr<const DoNotCallLists> lists) {
    addresses_.take_lists(std::move(lists));
  }
  // What holds at this instant; nullptr: nothing. Threads: any.
  std::shared_ptr<const Pauses> pauses() const;
  void limit(const std::string& channel, LaneLimits limits) { lanes_.limit(channel, limits); }

  // --- Node
  void accept(EventInput event, AcceptedBy done) override;
  bool accept_now(EventInput event, AcceptedBy done) override;
  bool has_room() const override;
  void deliver(const Key& customer, Input input) override;
  void deliver_event(PluginEvent event, std::function<void(EventFate)> done) override;
  void pace(std::string_view channel, Instant again_at) override;
  void command(const Key& customer, CommandInput command, AcceptedBy done = {}) override;
  // What a command would make of him, by these rules; nothing leaves, nobody is told. Threads: any.
  Customer rehearsed(Customer customer, const CommandInput& command, const Rules& rules) const;
  // What a pause holds of him, and what would become of it without. Threads: any.
  std::vector<HeldTouch> held_touches(Customer customer, const Pause& pause,
                                      const Rules& rules) const;
  // The actor whose pauses they are.
  Key pauses_actor_key() const;
  Status recover() override;
  Status close() override;
  // After recover(), and after each reload: flows that start without an event go on where they
  // stood, or begin.
  void begin_searches();
  // Every customer in memory as he is between two decisions; a shard at a time, on the thread that
  // drains it. Blocks: until all shards were there. False: nothing is worked any more. Threads: any
  // but those of the drive.
  bool each_hot(const std::function<void(const Customer&)>& visit);
  // For one thread; the store stays open as long as `use`.
  struct Reading {
    std::shared_lock<std::shared_mutex> use;
    OpenStore::Reader reader;
  };
  Result<Reading> read_store() const;
  Status health() const override { return committer_->health(); }
  NodeStatistics statistics() const override;
  const Figures& figures() const { return figures_; }
  const Lanes& lanes() const { return lanes_; }
  const Committer& committer() const { return *committer_; }
  // How long what is due soonest has been due; zero: nothing is.
  Duration behind() const;
  Instant now() const { return committer_->engine_time(); }

  // --- for the drive
  Status drain(size_t shard, bool sorted);
  bool commit();
  void regain_space();  // from the thread that commits
  void finish(const ShardBatch& batch);
  void perform(Outgoing effect, const Active& by);
  void perform(Outgoing effect) { perform(std::move(effect), *active()); }
  size_t open_operations() const;
  void grant_slots();        // as many as there are at this instant
  Instant next_due() const;  // over all shards and lanes
  void wake_due();           // makes the shards ready that are due
  void help_the_slowest();   // the shard whose snapshots lag behind most gets a drain
  void refuse_mail(size_t shard) { shards_[shard]->refuse_mail(); }
  void close_to_sources();  // from now on accept() refuses, and whoever waits in it too
  void halt(Halt why) { lanes_.halt(why); }    // no touch begins
  void go_on(Halt why) { lanes_.go_on(why); }  // then grant_slots()
  bool sends_held() const { return lost_.held(); }
  bool look_at_hold();                                         // true: the sends are released now
  bool anyone_waits() const { return lanes_.anyone_waits(); }  // for a slot
  Result<bool> maintain();                                     // the store's work that may wait
  size_t shards() const { return shards_.size(); }
  bool at_work() const { return ports_.drive.at_work(); }
  bool has_mail(size_t shard) const { return shards_[shard]->has_mail(); }
  Committer& committer() { return *committer_; }
  // Only while nothing works, or from the one thread that commits.
  Store& store() { return *store_->get(); }
  const std::string& installation() const { return installation_; }
  uint64_t duplicates() const { return duplicates_; }

  // SHA-256 over (key, chain) of every customer, by key. Only while nothing works. 64 hex digits.
  Result<std::string> journal_hash();

 private:
  struct Whose {  // an event of a plugin is
    Key customer;
    uint64_t waits_for = 0;  // the provider's id by which its touch is not known yet
  };
  NodeCore(Ports ports, NodeOptions options);
  Status open(std::unique_ptr<Store> store);
  Status hold_sends(const Opened& opened);
  void make_shards();
  Status replay(Position from, Position to);
  Status relieve();
  Shard& shard_of(const Key& customer);
  void post(Mail mail);
  std::shared_ptr<const Active> active() const;
  std::shared_ptr<const Rules> rules() const { return active()->rules; }
  bool wait_for_room();
  bool room_is_left() const;  // with room_mutex_ held
  void take(EventInput event, AcceptedBy done);
  void follow_space();
  void turn_back(const TouchOrder& order, std::string why);
  Status load_pauses();
  void note_pauses(const Batch& batch);
  void publish(std::vector<Pause> pauses);
  bool is_paused(const SendOut& send) const;
  void tell_guard(const GuardTold& told);
  void let_enter(Enter enter);
  void search_later(SearchLater later);
  void rouse(const Rouse& all, const DueCustomer& after);
  AcceptedBy counted(AcceptedBy done);
  Result<std::optional<Derived::Reference>> touch_by(uint64_t reference) const;
  Result<Whose> whose(PluginEvent& event, const Rules& rules) const;
  Result<Whose> by_reference(PluginEvent& event, const Rules& rules) const;
  Result<Mail> mail_of(PluginEvent& event);
  void count(const std::string& instance);
  void seek_touch(const SeekTouch& sought);
  void hand_on(HandOn event);
  void tell_who_waits(const Batch& batch);

  Ports ports_;
  NodeOptions options_;
  std::string installation_;
  std::unique_ptr<OpenStore> store_;
  AddressBook addresses_;
  EarlyEvents early_;
  Figures figures_;
  Lanes lanes_;
  std::unique_ptr<Marks> marks_;
  LostSends lost_;
  std::unique_ptr<Committer> committer_;
  std::vector<std::unique_ptr<Shard>> shards_;
  std::vector<Key> erase_again_;        // as the store's opening said
  std::atomic<size_t> recovering_ = 0;  // customers who are still to be set going again

  mutable std::mutex active_mutex_;
  std::shared_ptr<const Active> active_ = std::make_shared<Active>();

  Key pauses_actor_;
  mutable std::mutex pauses_mutex_;
  std::shared_ptr<const Pauses> pauses_;
  std::atomic<uint64_t> pauses_revision_ = 0;
  std::mutex guards_mutex_;
  std::map<std::string, uint64_t> contacts_untold_;  // by flow

  mutable std::mutex room_mutex_;
  std::condition_variable room_;
  std::atomic<bool> low_on_space_ = false;  // as of the last look at the committer
  size_t waiting_inputs_ = 0;               // accepted, and neither durable nor refused yet
  bool closed_to_sources_ = false;
  std::atomic<uint64_t> accepted_ = 0, duplicates_ = 0;
  mutable std::mutex from_plugins_mutex_;
  std::map<std::string, uint64_t> from_plugins_;
};

}  // namespace relance
