// Suppressed addresses over all customers, in memory: few, asked at every touch. Filled from the
// store at start, then from every committed entry; and do-not-call lists. Threads: any.
#pragma once

#include <shared_mutex>
#include <string>
#include <unordered_map>

#include "core/gate/gate.h"
#include "node/do_not_call.h"
#include "store/store.h"

namespace relance {

class AddressBook final : public Suppression {
 public:
  void set(uint64_t address, std::string_view reason);  // empty lifts it
  std::string reason(uint64_t address) const override;

  // Replaces the do-not-call lists of before.
  void take_lists(std::shared_ptr<const DoNotCallLists> lists);
  std::string listed(uint64_t address, Purpose purpose) const override;

 private:
  mutable std::shared_mutex mutex_;
  std::unordered_map<uint64_t, std::string> reasons_;
  std::shared_ptr<const DoNotCallLists> lists_;  // may be null
};

}  // namespace relance
