#include "node/hot_set.h"

#include "base/result.h"

namespace relance {
namespace {

constexpr size_t kBookkeeping = 160;  // nodes of the map and of the order of use

// A text's bytes beyond its own object; short ones lie inside it.
size_t heap(const std::string& text) { return text.capacity() > 15 ? text.capacity() + 1 : 0; }
size_t heap(const Sealed& sealed) { return heap(sealed.bytes); }

template <class List, class Size>
size_t list_size(const List& list, Size size) {
  size_t bytes = list.capacity() * sizeof(typename List::value_type);
  for (const auto& one : list) bytes += size(one);
  return bytes;
}

size_t size_of(const Run& run) {
  const size_t steps = list_size(
      run.steps, [](const StepState& state) { return heap(state.data) + heap(state.talk); });
  const size_t past = list_size(
      run.past, [](const SeenEvent& event) { return heap(event.type) + heap(event.data); });
  return heap(run.flow) + heap(run.event) + heap(run.latest) + heap(run.event_type) +
         heap(run.end_reason) + run.keys.capacity() * sizeof(uint64_t) + steps + past;
}

size_t size_of(const Touch& touch) {
  if (!touch.held.there()) return 0;
  const OpenTouch& held = touch.held.get();
  return sizeof held + heap(held.frozen) + heap(held.refs) + heap(held.event) + heap(held.profile);
}

size_t size_of(const Box<Lookout>& lookout) {
  if (!lookout.there()) return 0;
  return sizeof(Lookout) + heap(lookout->facts) +
         list_size(lookout->watches, [](const AbsenceWatch& watch) { return heap(watch.event); }) +
         list_size(lookout->searches, [](const Search& search) { return heap(search.cursor); });
}

size_t estimate(const Customer& customer) {
  size_t bytes =
      sizeof(HotCustomer) + kBookkeeping + heap(customer.subject) + heap(customer.profile);
  bytes += list_size(customer.runs, [](const Run& run) { return size_of(run); });
  bytes += list_size(customer.past, [](const PastRun&) { return size_t{0}; });
  bytes += list_size(customer.touches, [](const Touch& touch) { return size_of(touch); });
  bytes += list_size(customer.consents,
                     [](const Consent& c) { return heap(c.channel) + heap(c.basis); });
  bytes += list_size(customer.memory, [](const Memory& memory) { return heap(memory.word); });
  bytes += size_of(customer.lookout);
  return bytes + customer.leases.capacity() * sizeof(Lease);
}

}  // namespace

HotCustomer* HotSet::peek(const Key& key) {
  const auto it = customers_.find(key);
  return it == customers_.end() ? nullptr : it->second.get();
}

const Key* HotSet::owner(uint64_t high) const {
  const auto it = customers_.find(high);
  return it == customers_.end() ? nullptr : &it->first;
}

HotCustomer* HotSet::find(const Key& key) {
  HotCustomer* hot = peek(key);
  if (hot) order_.splice(order_.begin(), order_, hot->use);
  return hot;
}

HotCustomer& HotSet::put(LoadedCustomer loaded) {
  const Key key = loaded.customer.id;
  auto& slot = customers_[key];
  RELANCE_ASSERT(!slot);
  slot = std::make_unique<HotCustomer>();
  slot->customer = std::move(loaded.customer);
  slot->last = loaded.last;
  slot->holds = loaded.holds;
  slot->entries_held = loaded.entries_held;
  order_.push_front(key);
  slot->use = order_.begin();
  measure(*slot);
  return *slot;
}

void HotSet::measure(HotCustomer& hot) {
  bytes_ -= hot.bytes;
  hot.bytes = estimate(hot.customer);
  bytes_ += hot.bytes;
}

void HotSet::erase(const Key& key) {
  const auto it = customers_.find(key);
  if (it == customers_.end()) return;
  bytes_ -= it->second->bytes;
  order_.erase(it->second->use);
  customers_.erase(it);
}

}  // namespace relance
