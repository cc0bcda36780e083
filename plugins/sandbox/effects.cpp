#include "effects.h"

#include "kit/json.h"
#include "kit/local_time.h"

namespace sandbox {

Effects::Effects(std::string path, std::string channel)
    : path_(std::move(path)), channel_(std::move(channel)) {}

void Effects::load() {
  if (path_.empty()) return;
  if (const auto text = kit::read_file(path_)) {
    kit::each_line(*text, [this](std::string_view line) {
      const kit::Json json(line);
      if (kit::text(json.root(), "channel") == channel_) {
        keys_.emplace(kit::text(json.root(), "key"));
      }
    });
  }
  file_ = kit::LineFile(path_);
}

bool Effects::act(const Effect& effect) {
  if (file_.open() && !file_.append(kit::Object()
                                        .text("key", effect.key)
                                        .text("channel", channel_)
                                        .text("to", effect.to)
                                        .text("at", format_instant(effect.at))
                                        .integer("try", effect.try_no)
                                        .close())) {
    return false;
  }
  keys_.emplace(effect.key);
  return true;
}

std::string format_instant(int64_t at) {
  const int64_t minutes = at / 60000, rest = at % 60000;
  char seconds[16];
  std::snprintf(seconds, sizeof seconds, ":%02d.%03dZ", static_cast<int>(rest / 1000),
                static_cast<int>(rest % 1000));
  return kit::format_local(minutes) + seconds;
}

}  // namespace sandbox
