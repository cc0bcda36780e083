// A TouchOrder as the contract's rl_touch. Internal to this room.
#pragma once

#include <relance/channel.h>

#include "plugins/performer.h"

namespace relance {

// Owns everything the rl_touch points to; stays where it is until the operation completes.
class CTouch {
 public:
  CTouch(TouchOrder order, bool repeat, std::string callback_url = {});
  CTouch(const CTouch&) = delete;
  const rl_touch* c() const { return &touch_; }

 private:
  TouchOrder order_;
  std::string key_text_, data_, history_, purpose_, callback_url_;
  std::vector<rl_part> parts_;
  std::vector<const rl_part*> part_pointers_;
  rl_touch touch_{};
};

}  // namespace relance
