// Arguments of operations as the engine would make them, with texts of their own. They stay where
// they are for as long as the stage lives.
#pragma once

#include <relance/channel.h>
#include <relance/connector.h>

#include <memory>
#include <string>
#include <vector>

#include "base/id.h"
#include "plugins/check/bench.h"

namespace relance::conformance {

// A touch of the plugin's kind, dressed by the scene.
class KitTouch {
 public:
  // `name`: what its key is drawn from. `other_callback`: where two touches shall differ in the key
  // alone, the name of the touch whose callback URL it borrows.
  KitTouch(const Bench& bench, const std::string& name, const std::string& other_callback = "");
  KitTouch(const KitTouch&) = delete;

  rl_touch* c() { return &touch_; }
  const std::string& key_text() const { return key_text_; }
  const std::string& address() const { return address_; }
  const std::string& callback_url() const { return callback_url_; }

 private:
  void dress(const Bench& bench);

  std::string key_text_, address_, customer_, data_, callback_url_;
  std::vector<TouchPart> parts_;
  std::vector<rl_part> c_parts_;
  std::vector<const rl_part*> pointers_;
  rl_touch touch_{};
};

// A write of one operation of a connector.
class KitWrite {
 public:
  KitWrite(const Bench& bench, const std::string& operation, const std::string& name);
  KitWrite(const KitWrite&) = delete;
  rl_write* c() { return &write_; }
  const std::string& key_text() const { return key_text_; }

 private:
  std::string operation_, key_text_, customer_, data_;
  rl_write write_{};
};

// The facts of the kit's customer and run, with the scene's laid over: what `data` of a touch
// holds.
std::string kit_data(const Scene& scene, bool conversation);

}  // namespace relance::conformance
