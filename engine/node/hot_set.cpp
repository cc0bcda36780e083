#include "node/hot_set.h"

namespace relance {
namespace {

// Close enough to keep a budget: fixed parts plus what strings hold beyond their own object.
size_t estimate(const Customer& customer) {
  size_t bytes = sizeof(HotCustomer) + 128 + customer.profile.bytes.size() + customer.subject.bytes.size();
  for (const Run& run : customer.runs) {
    bytes += sizeof(Run) + run.event.bytes.size() + run.latest.bytes.size();
    for (const StepState& state : run.steps) bytes += sizeof(StepState) + state.data.bytes.size() + state.talk.bytes.size();
  }
  for (const Touch& touch : customer.touches) bytes += sizeof(Touch) + touch.frozen.bytes.size();
  return bytes + customer.past.size() * sizeof(PastRun) + customer.memory.size() * sizeof(Memory);
}

}  // namespace

HotCustomer* HotSet::find(const Key& key) {
  const auto it = customers_.find(key);
  if (it == customers_.end()) return nullptr;
  order_.splice(order_.begin(), order_, it->second->use);
  return it->second.get();
}

HotCustomer& HotSet::put(Customer customer, Position last) {
  const Key key = customer.id;
  auto& slot = customers_[key];
  slot = std::make_unique<HotCustomer>();
  slot->customer = std::move(customer);
  slot->last = last;
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

void HotSet::clear() {
  customers_.clear();
  order_.clear();
  bytes_ = 0;
}

}  // namespace relance
