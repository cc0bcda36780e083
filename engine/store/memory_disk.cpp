#include <algorithm>
#include <cstring>
#include <mutex>
#include <new>

#include "store/memory_store.h"

namespace relance {
namespace {

constexpr size_t kFirstChunk = 4u << 10, kLargestChunk = 1u << 20;

}  // namespace

// The copy's next entry opens a chunk of its own: the two must not write to the same bytes.
std::shared_ptr<MemoryDisk> MemoryDisk::copy() const {
  std::shared_lock lock(mutex_);
  auto disk = std::make_shared<MemoryDisk>();
  disk->state_ = state_;
  disk->state_.chunk_used = disk->state_.chunk_size = 0;
  disk->highest_epoch_ = highest_epoch_;
  disk->acknowledged_ = state_.commits;
  disk->erased_ = erased_;
  return disk;
}

void MemoryDisk::go_back_to(const MemoryDisk& older) {
  const std::shared_ptr<MemoryDisk> state = older.copy();
  std::unique_lock lock(mutex_);
  // Readers may still be visiting entries that are gone now.
  for (const auto& chunk : state_.chunks) {
    if (std::find(state->state_.chunks.begin(), state->state_.chunks.end(), chunk) ==
        state->state_.chunks.end()) {
      state->state_.chunks.push_back(chunk);
    }
  }
  state_ = std::move(state->state_);
}

void MemoryDisk::raise_epoch() {
  std::unique_lock lock(mutex_);
  highest_epoch_ = state_.worked = ++state_.epoch;
  acknowledged_ = ++state_.commits;
}

// Where it lies from now on.
const char* MemoryDisk::keep(const NewEntry& entry) {
  const EntryHeader header{entry.customer, entry.previous, entry.body.size()};
  const size_t aligned = (entry.body.size() + 7) & ~size_t{7};
  const size_t needed = sizeof header + aligned;
  if (state_.chunk_used + needed > state_.chunk_size) {
    const size_t next = std::min(std::max(kFirstChunk, state_.chunk_size * 2), kLargestChunk);
    state_.chunk_size = std::max(needed, next);
    state_.chunks.push_back(std::make_shared_for_overwrite<char[]>(state_.chunk_size));
    state_.chunk_used = 0;
  }
  char* at = state_.chunks.back().get() + state_.chunk_used;
  std::memcpy(at, &header, sizeof header);
  std::memcpy(at + sizeof header, entry.body.data(), entry.body.size());
  state_.chunk_used += needed;
  state_.entry_bytes += needed;
  return at;
}

void MemoryDisk::append(const NewEntry& entry) {
  state_.entries.push_back(keep(entry));
  for (uint64_t hash : entry.derived.seen) state_.seen.assign(hash, entry.position);
  for (const Derived::Reference& reference : entry.derived.references) {
    state_.references.assign(reference.hash, entry.position);
  }
  for (const Derived::Address& address : entry.derived.addresses) {
    if (address.state.empty()) {
      state_.addresses.erase(address.hash);
    } else {
      state_.addresses[address.hash] = address.state;
    }
  }
}

// Bytes that copies of the disk share stay where they are: theirs was another state.
Status MemoryDisk::erase(const NewEntry& entry, Instant at, const Redactor& redact) {
  RELANCE_ASSERT(redact != nullptr);
  for (Position position = entry.previous; position != 0;) {
    const StoredEntry known = entry_at(position);
    auto body = redact(known.customer, known.body);
    if (!body) return body.error();
    NewEntry left;
    left.customer = known.customer;
    left.previous = known.previous;
    left.body = std::move(*body);
    state_.entries[position - 1] = keep(left);
    position = known.previous;
  }
  StoredSnapshot& stored = state_.customers[entry.customer];
  if (!stored.next_due.is_never()) state_.due.erase({stored.next_due, entry.customer});
  stored = {};
  stored.last = entry.position;
  state_.erased[entry.customer] = erased_[entry.customer] = at;
  return {};
}

void MemoryDisk::put(const Snapshot& snapshot) {
  const auto known = state_.customers.find(snapshot.customer);
  if (known != state_.customers.end() && !known->second.next_due.is_never()) {
    state_.due.erase({known->second.next_due, snapshot.customer});
  }
  if (snapshot.body.empty() && !snapshot.kept) {
    if (known != state_.customers.end()) state_.customers.erase(known);
    return;
  }
  StoredSnapshot& stored = state_.customers[snapshot.customer];
  stored.last = snapshot.last;
  stored.next_due = snapshot.next_due;
  if (!snapshot.kept) {
    stored.holds = snapshot.holds.value_or(snapshot.last);
    stored.body = snapshot.body;
  }
  if (!snapshot.next_due.is_never()) state_.due.insert({snapshot.next_due, snapshot.customer});
}

StoredEntry MemoryDisk::entry_at(Position position) const {
  const char* at = state_.entries[position - 1];
  EntryHeader header;
  std::memcpy(&header, at, sizeof header);
  return {header.customer, position, header.previous, {at + sizeof header, header.size}};
}

}  // namespace relance
