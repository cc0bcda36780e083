#include "store/late_tables.h"

#include <algorithm>
#include <mutex>

namespace relance {
namespace {

using Slot = LateTables::Table::Slot;

// Appends the entries of the next slots to `out` until it holds `count`; returns the slot to go on.
size_t copy_slots(std::span<const Slot> slots, size_t from, size_t count, std::vector<Slot>& out) {
  for (; from < slots.size() && out.size() < count; ++from) {
    if (slots[from].hash != 0) out.push_back(slots[from]);
  }
  // Neighbours that collided may stand in the wrong order.
  std::sort(out.begin(), out.end(), [](const Slot& a, const Slot& b) { return a.hash < b.hash; });
  return from;
}

}  // namespace

void LateTables::add(const Derived& derived, Position position) {
  std::unique_lock lock(mutex_);
  put(derived, position);
}

void LateTables::add(const std::vector<NewEntry>& entries) {
  std::unique_lock lock(mutex_);
  for (const NewEntry& entry : entries) put(entry.derived, entry.position);
}

void LateTables::put(const Derived& derived, Position position) {
  for (uint64_t hash : derived.seen) growing_.seen.assign(hash, position);
  for (const Derived::Reference& reference : derived.references) {
    growing_.references.assign(reference.hash, position);
  }
}

std::optional<Position> LateTables::seen(uint64_t hash) const {
  return find(&Generation::seen, hash);
}

std::optional<Position> LateTables::reference(uint64_t hash) const {
  return find(&Generation::references, hash);
}

std::optional<Position> LateTables::find(Table Generation::*table, uint64_t hash) const {
  std::shared_lock lock(mutex_);
  if (const Position* found = (growing_.*table).find(hash)) return *found;
  if (!closed_) return std::nullopt;
  const Position* found = ((*closed_).*table).find(hash);
  return found == nullptr ? std::nullopt : std::optional(*found);
}

size_t LateTables::waiting() const {
  std::shared_lock lock(mutex_);
  return growing_.size() + (closed_ ? closed_->size() : 0);
}

bool LateTables::closed() const {
  std::shared_lock lock(mutex_);
  return closed_.has_value();
}

void LateTables::close(Position complete_to) {
  std::unique_lock lock(mutex_);
  RELANCE_ASSERT(!closed_);
  closed_ = std::move(growing_);
  // The next one will be about as large: no growing on the way.
  growing_ = {};
  growing_.seen.reserve(closed_->seen.size());
  growing_.references.reserve(closed_->references.size());
  complete_to_ = complete_to;
  seen_done_ = references_done_ = 0;
  slice_ = {};
}

const LateTables::Slice& LateTables::next_slice(size_t count) {
  if (slice_.empty() && closed_) cut(count);
  return slice_;
}

// Only the writing thread changes the closed generation, so it may read it without the lock.
void LateTables::cut(size_t count) {
  const auto seen = closed_->seen.slots();
  const auto references = closed_->references.slots();
  seen_cut_ = copy_slots(seen, seen_done_, count, slice_.seen);
  const size_t rest = count - std::min(count, slice_.seen.size());
  references_cut_ = copy_slots(references, references_done_, rest, slice_.references);
  slice_.last = seen_cut_ == seen.size() && references_cut_ == references.size();
  slice_.complete_to = complete_to_;
}

void LateTables::slice_written() {
  seen_done_ = seen_cut_;
  references_done_ = references_cut_;
  if (slice_.last) {
    std::unique_lock lock(mutex_);
    closed_.reset();
  }
  slice_.seen.clear();
  slice_.references.clear();
  slice_.last = false;
}

std::optional<Derived::Reference> last_reference(const Derived& derived, uint64_t hash) {
  const auto& all = derived.references;
  const auto found = std::find_if(all.rbegin(), all.rend(),
                                  [&](const auto& reference) { return reference.hash == hash; });
  return found == all.rend() ? std::nullopt : std::optional(*found);
}

}  // namespace relance
