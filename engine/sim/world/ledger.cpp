#include "sim/world/ledger.h"

namespace relance {

std::string content_of(const TouchOrder& order) {
  std::string all = order.to + '\n' + order.locale + '\n' + order.script + '\n' + order.op + '\n';
  all += order.data.bytes() + order.only_if.bytes();
  for (const Part& part : order.parts) all += part.role + part.content_type + part.text + '\n';
  return all;
}

Deed& Ledger::ordered(const TouchOrder& order, Instant now) {
  const auto [found, fresh] = deeds_.try_emplace(order.touch.key);
  Deed& deed = found->second;
  if (fresh) {
    deed.key = order.touch.key;
    deed.customer = order.customer;
    deed.touch = order.touch;
    deed.content = content_of(order);
    deed.first_order = now;
    by_customer_[order.customer].push_back(&deed);
  }
  if (deed.forgiven && deed.content != content_of(order)) deed.content = content_of(order);
  ++deed.orders;
  return deed;
}

Deed* Ledger::find(const Key& key) {
  const auto found = deeds_.find(key);
  return found == deeds_.end() ? nullptr : &found->second;
}

void Ledger::forgive_all() {
  for (auto& [key, deed] : deeds_) deed.forgiven = true;
}

}  // namespace relance
