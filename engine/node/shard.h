// A shard: a contiguous range of customers and their only writer. Mail comes from anywhere; one
// worker at a time drains it: customers are loaded, decide() is asked, and what it wrote goes to
// the committer as one batch.
//
// Threads: post(), has_mail(), due_at() and claim_due() from any; everything else from the one
// worker that drains. Blocks: on reads of cold customers. A shard never waits for a commit: it goes
// on deciding on state that is queued but not durable yet, and nothing of that state leaves before
// its commit.
#pragma once

#include <atomic>
#include <mutex>
#include <unordered_map>
#include <unordered_set>

#include "node/committer.h"
#include "node/due_list.h"
#include "node/figures.h"
#include "node/hot_set.h"
#include "node/lost_sends.h"
#include "node/marks.h"
#include "node/slot_keeper.h"

namespace relance {

struct ShardPorts {
  const Clock& clock;
  const OpenStore& store;
  Committer& committer;
  Lanes& lanes;
  const AddressBook& addresses;
  const std::unique_ptr<Marks>& marks;  // nullptr: none
  Figures& figures;
  const std::string& installation;
  std::function<std::shared_ptr<const Active>()> active;  // as of this instant
  const NodeOptions& options;
  std::function<void(Mail)> post;  // to the shard of its customer
  const LostSends& lost;
  std::function<std::shared_ptr<const Pauses>()> pauses;  // as of this instant; nullptr: none
};

class Shard {
 public:
  Shard(size_t index, uint64_t from, uint64_t to, ShardPorts ports);

  // True: the shard had no mail before, so somebody must see to it that it is drained.
  bool post(Mail mail);
  bool has_mail() const { return has_mail_; }
  // Tells the senders of what waits that it is not kept, and errands that they are not run.
  // Threads: any.
  void refuse_mail();
  // To be run by whoever drains next, so that it sees the customers in memory between decisions;
  // with false where nobody drains any more. Threads: any.
  using Errand = std::function<void(bool drains)>;
  void ask(Errand errand);
  void run_errands(bool drains);

  // Works what waits and what is due by now. `sorted`: all of it, and mail of one customer in a
  // canonical order, so that results do not depend on which thread was first (virtual clock); else
  // a slice. True: there is more. Fails as the store's reader does; what waited is refused.
  Result<bool> drain(bool sorted);

  // The soonest instant at which something of this shard is due, as of the last drain.
  Instant due_at() const { return {due_at_ms_}; }
  // True, once, when it is at or before `now`: then drain.
  bool claim_due(Instant now);

  // --- after a start: the tail's entries, in order
  void replay(const StoredEntry& entry);
  Status apply_replayed(Position next);  // where replay goes on; 0: nowhere
  // Then, once: posts to every customer with something under way. How many they are.
  Result<size_t> recover();

  // Queues snapshots of every customer that has unsaved entries.
  void save_all();
  // A batch of this shard is durable: customers that were leaving leave, marks are released.
  void committed(const ShardBatch& batch);
  // Everybody who has nothing unsaved leaves. Only while nothing is queued.
  void cool_down();

  // Every customer in memory. Only while nothing drains.
  void each_hot(const std::function<void(const Customer&)>& visit);
  // One of them; nullptr: he is not. Only while nothing drains.
  const Customer* hot(const Key& customer);
  size_t hot_customers() const { return hot_count_; }
  bool over_budget() const { return hot_.surplus() > 0; }
  size_t index() const { return index_; }

 private:
  struct Work {
    explicit Work(size_t shard) { batch.shard = shard; }
    ShardBatch batch;
    std::vector<HotCustomer*> owners;  // of each entry
    std::shared_ptr<const Pauses> pauses;
  };
  struct Replayed {
    Key customer;
    Position position = 0;
    std::string body;
  };

  std::vector<Mail> take_mail(bool all, bool& more);
  Status find_owners(std::vector<Mail>& mail);
  void pass_on(std::vector<Mail> nobodys);
  void put_events_back(std::vector<Mail>& mail);
  Status load_missing(std::vector<Key> customers);
  Status load_missing(const std::vector<Mail>& mail);
  Result<bool> known_event(const HotCustomer& hot, const Input& input);
  void work(Mail& mail, const Rules& rules, Work& work);
  void keep(HotCustomer& hot, const Rules& rules, Work& work);
  void complete_recovery(const Customer& customer, RecoverInput& input, Work& work) const;
  void note_due(HotCustomer& hot);
  void save_old(Work& work, size_t most);
  void make_room(Work& work, size_t most);
  void save(HotCustomer& hot, Work& work);
  void queue(Work& work);
  Result<bool> take_due(size_t most, std::vector<Key>& due);
  Status publish_due();
  Status apply(const Replayed& entry);

  const size_t index_;
  ShardPorts ports_;
  std::mutex mutex_;
  std::vector<Mail> mail_;
  std::atomic<bool> has_mail_ = false;
  std::vector<Errand> errands_;
  std::atomic<bool> has_errands_ = false;
  std::atomic<int64_t> due_at_ms_ = INT64_MAX;
  std::atomic<size_t> hot_count_ = 0;

  HotSet hot_;
  DueList due_;
  SlotKeeper slots_;
  uint64_t drains_ = 0;
  std::deque<std::pair<Position, Key>> unsaved_;  // by first unsaved entry; stale ones are skipped
  std::unordered_multiset<uint64_t> queued_events_;  // hashes that no commit has made known yet
  std::vector<Replayed> replayed_;
  Position replay_from_ = 0;  // entries from here on are not applied yet; 0: all are
  Decision decision_;
  std::string bytes_;
};

}  // namespace relance
