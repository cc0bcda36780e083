// A node from its store's opening to its last snapshot.
#include <algorithm>

#include "base/crash_point.h"
#include "base/log.h"
#include "node/node_core.h"
#include "node/shard_range.h"

namespace relance {
namespace {

constexpr Position kReplayedAtOnce = 8192;

}  // namespace

Result<std::unique_ptr<NodeCore>> NodeCore::make(Ports ports, NodeOptions options) {
  RELANCE_ASSERT(options.shards > 0 && options.shards <= 4096);
  auto store = ports.open_store();
  if (!store) return store.error();
  std::unique_ptr<NodeCore> node(new NodeCore(std::move(ports), std::move(options)));
  if (auto opened = node->open(std::move(*store)); !opened) return opened.error();
  return node;
}

Status NodeCore::open(std::unique_ptr<Store> store) {
  const Opened opened = store->opened();
  if (auto held = hold_sends(opened); !held) return held;
  installation_ = opened.installation;
  erase_again_ = opened.erase_again;
  crash_point(CrashPoint::store_open);
  auto read =
      store->addresses([&](const Derived::Address& one) { addresses_.set(one.hash, one.state); });
  if (!read) return read;
  store_ = std::make_unique<OpenStore>(std::move(store), ports_.open_store);
  make_shards();
  if (!options_.marks_path.empty()) {
    auto marks = Marks::open({options_.marks_path, ports_.process.boot_id(), installation_,
                              opened.epoch, opened.last_worked, opened.last_commit_at});
    if (marks)
      marks_ = std::move(*marks);
    else
      log::warn("node", "no crash marks: {}", marks.error().message);
  }
  crash_point(CrashPoint::marks_open);
  auto replayed = replay(opened.horizon, opened.next_position);
  crash_point(CrashPoint::tail_replayed);
  return replayed;
}

// On a real clock the node goes on: events are taken, and what was under way is settled as after a
// crash.
Status NodeCore::hold_sends(const Opened& opened) {
  if (!opened.went_back && !opened.hold) return {};
  const bool held = !opened.hold || !opened.hold->released();
  if (held && (!opened.hold || !ports_.real_time))
    return Error{Code::store_went_back,
                 opened.hold ? opened.hold->why : "the store lost commits that it had acknowledged",
                 {},
                 "find out what was sent since; `relance resume --sends` releases the sends"};
  lost_.begin(*opened.hold);
  if (held) lanes_.halt(Halt::lost);
  return {};
}

void NodeCore::make_shards() {
  const auto count = static_cast<size_t>(options_.shards);
  committer_ = std::make_unique<Committer>(
      count,
      Committer::Ports{ports_.clock, *store_, addresses_, [this] { ports_.drive.commit_waits(); },
                       [this](const Batch& batch) {
                         note_pauses(batch);
                         tell_who_waits(batch);
                       },
                       [this](ShardBatch batch) { ports_.drive.released(std::move(batch)); },
                       ports_.fatal});
  const ShardPorts ports{ports_.clock,
                         *store_,
                         *committer_,
                         lanes_,
                         addresses_,
                         marks_,
                         figures_,
                         installation_,
                         [this] { return active(); },
                         options_,
                         [this](Mail mail) { post(std::move(mail)); },
                         lost_,
                         [this] { return pauses(); }};
  for (size_t i = 0; i < count; ++i)
    shards_.push_back(
        std::make_unique<Shard>(i, shard_start(i, count), shard_start(i + 1, count), ports));
}

// The tail is applied in windows, so that neither it nor its customers need fit into memory.
Status NodeCore::replay(Position from, Position to) {
  const auto reader = store_->get()->reader();
  for (; from < to; from += kReplayedAtOnce) {
    const Position end = std::min(to, from + kReplayedAtOnce);
    auto read = reader->entries(from, end, [&](const StoredEntry& entry) {
      shard_of(entry.customer).replay(entry);
      return true;
    });
    if (!read) return read;
    bool crowded = false;
    for (auto& shard : shards_) {
      if (auto applied = shard->apply_replayed(end < to ? end : 0); !applied) return applied;
      crowded = crowded || shard->over_budget();
    }
    if (!crowded) continue;
    if (auto relieved = relieve(); !relieved) return relieved;
  }
  return {};
}

// Everybody is written and leaves; later entries of his find his row.
Status NodeCore::relieve() {
  for (auto& shard : shards_) shard->save_all();
  while (commit()) {
  }
  if (!health()) return health();
  if (committer_->full()) return Error{Code::store_full, "the store has no space left", {}, ""};
  for (auto& shard : shards_) shard->cool_down();
  crash_point(CrashPoint::memory_relieved);
  return {};
}

// Who was erased in this place is erased in an older copy too, before anything else of his is done.
Status NodeCore::recover() {
  if (auto loaded = load_pauses(); !loaded) return loaded;
  for (const Key& customer : std::exchange(erase_again_, {})) {
    CommandInput erase;
    erase.command = "erase";
    erase.author = "relance";
    shard_of(customer).post({customer, std::move(erase), {}});
  }
  for (auto& shard : shards_) {
    auto found = shard->recover();
    if (!found) return found.error();
    recovering_ += *found;
  }
  if (recovering_ == 0 && marks_) marks_->forget_earlier();
  for (auto& shard : shards_)
    if (shard->has_mail()) ports_.drive.shard_ready(shard->index());
  crash_point(CrashPoint::node_recovered);
  return {};
}

// Snapshots can be made again; what space is left is not for them.
Status NodeCore::close() {
  if (committer_->low_on_space()) return health();
  for (auto& shard : shards_) shard->save_all();
  crash_point(CrashPoint::close_saved);
  while (commit()) {
  }
  if (!health()) return health();
  if (committer_->full()) return Error{Code::store_full, "the store has no space left", {}, ""};
  crash_point(CrashPoint::close_committed);
  return {};
}

Result<std::string> NodeCore::journal_hash() {
  std::map<Key, Key> chains;
  Status decoded;
  const auto reader = store_->get()->reader();
  auto visited = reader->customers([&](const Snapshot& stored) {
    auto known = complete(*reader, stored.customer,
                          StoredCustomer{stored.body, stored.last, *stored.holds, stored.next_due});
    if (known)
      chains[stored.customer] = known->customer.chain;
    else
      decoded = known.error();
    return decoded.ok();
  });
  if (!visited) return visited.error();
  if (!decoded) return decoded.error();
  for (auto& shard : shards_)
    shard->each_hot([&](const Customer& customer) {
      if (customer.entries) chains[customer.id] = customer.chain;
    });
  std::string all;
  for (const auto& [customer, chain] : chains) {
    all += customer.view();
    all += chain.view();
  }
  return sha256_hex(all);
}

}  // namespace relance
