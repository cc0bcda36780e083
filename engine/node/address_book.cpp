#include "node/address_book.h"

#include <mutex>

namespace relance {

void AddressBook::set(uint64_t address, std::string_view reason) {
  const std::unique_lock lock(mutex_);
  if (reason.empty())
    reasons_.erase(address);
  else
    reasons_[address] = reason;
}

std::string AddressBook::reason(uint64_t address) const {
  const std::shared_lock lock(mutex_);
  const auto it = reasons_.find(address);
  return it == reasons_.end() ? std::string() : it->second;
}

void AddressBook::take_lists(std::shared_ptr<const DoNotCallLists> lists) {
  const std::unique_lock lock(mutex_);
  lists_ = std::move(lists);
}

std::string AddressBook::listed(uint64_t address, Purpose purpose) const {
  const std::shared_lock lock(mutex_);
  if (!lists_) return {};
  for (const DoNotCallList& list : *lists_)
    if ((!list.purpose || *list.purpose == purpose) && list.has(address)) return list.title();
  return {};
}

}  // namespace relance
