// Which slots a shard's touches hold. What a decision took and no touch of it uses goes back to its
// lane, whatever path the decision took.
//
// Threads: the shard's.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "node/lanes.h"

namespace relance {

class SlotKeeper final : public Slots {
 public:
  explicit SlotKeeper(Lanes& lanes) : lanes_(lanes) {}

  // --- around one decision
  bool take(const Want& want) override;      // asked by the decision
  void granted(const std::string& channel);  // its input was a slot
  void sent(const Send& send);               // an effect of it
  void decided();                            // gives back what is left

  // The touch was answered: its slot is free.
  void answered(const Key& touch);

 private:
  Lanes& lanes_;
  std::vector<std::string> taken_;                      // in this decision
  std::unordered_map<Key, std::string, KeyHash> held_;  // touch -> channel
};

}  // namespace relance
