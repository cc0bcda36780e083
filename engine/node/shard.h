// A shard: a contiguous range of customers and their only writer. Mail comes from anywhere; one worker at a time drains it:
// customers are loaded, decide() is asked, and what it wrote goes to the committer as one batch.
//
// Threads: post() from any; everything else from the one worker that drains. A shard never blocks on a commit: it goes on
// deciding on state that is queued but not durable yet, and nothing of that state leaves before its commit.
#pragma once

#include <atomic>
#include <mutex>
#include <unordered_map>

#include "node/committer.h"
#include "node/due_list.h"
#include "node/hot_set.h"
#include "node/lanes.h"

namespace relance {

struct ShardPorts {
  const Clock& clock;
  Committer& committer;
  Lanes& lanes;
  const AddressBook& addresses;
  const std::string& installation;
  std::function<std::shared_ptr<const Rules>()> rules;  // of the active generation
  const NodeOptions& options;
};

class Shard {
 public:
  Shard(size_t index, uint64_t from, uint64_t to, ShardPorts ports);

  // True: the shard had no mail before, so somebody must see to it that it is drained.
  bool post(Mail mail);
  bool has_mail() const;

  // Works everything that waits and what is due by now. `sorted`: mail of one customer is worked in canonical order, so
  // that results do not depend on which thread was first (virtual clock).
  Status drain(bool sorted);

  // The soonest instant at which something of this shard is due.
  Result<Instant> next_due();

  // --- after a start: the tail's entries, in order, then once recover()
  Status replay(const StoredEntry& entry);
  Status recover();

  // Queues snapshots of every customer that has unsaved entries.
  void save_all();
  // A batch of this shard is durable: customers that were leaving leave.
  void committed(const ShardBatch& batch);

  // Every customer in memory. Only while nothing drains.
  void each_hot(const std::function<void(const Customer&)>& visit);
  size_t hot_customers() const { return hot_.size(); }
  size_t index() const { return index_; }

 private:
  struct Work {
    ShardBatch batch;
    std::vector<HotCustomer*> owners;  // of each entry
  };

  Status load_missing(const std::vector<Mail>& mail);
  bool known_event(const HotCustomer& hot, const Input& input);
  void work(Mail& mail, const Rules& rules, Work& work);
  void keep(HotCustomer& hot, Decision& decision, const Rules& rules, Work& work);
  void give_back_slots(const Input& input, const Decision& decision);
  void note_due(HotCustomer& hot);
  void save_old(Work& work);
  void make_room(Work& work);
  void save(HotCustomer& hot, Work& work);
  void queue(Work& work);
  void queue_always(Work& work);
  StoreReader& reader();

  const size_t index_;
  ShardPorts ports_;
  std::mutex mutex_;
  std::vector<Mail> mail_;
  std::atomic<bool> has_mail_ = false;

  HotSet hot_;
  DueList due_;
  std::unique_ptr<StoreReader> reader_;
  std::deque<std::pair<Position, Key>> unsaved_;  // by first unsaved entry; stale ones are skipped
  std::unordered_map<Key, std::string, KeyHash> slots_;  // touches that hold a slot -> channel
  Decision decision_;
  std::string bytes_;
};

}  // namespace relance
