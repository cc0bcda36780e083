#include "base/log.h"

#include <unistd.h>

#include <array>
#include <string>

#include "base/clock.h"
#include "base/process.h"

namespace relance::log {
namespace {

constexpr std::array<std::string_view, 4> kNames = {"error", "warn", "info", "debug"};

Level chosen_level() {
  const std::string wanted = SystemProcess().environment("RELANCE_LOG").value_or("warn");
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (wanted == kNames[i]) return static_cast<Level>(i);
  }
  return Level::warn;
}

}  // namespace

bool enabled(Level level) {
  static const Level chosen = chosen_level();
  return level <= chosen;
}

void write(Level level, std::string_view area, std::string_view text) {
  std::string line = fmt::format("{} {:5} {}: {}", format_instant(SystemClock().now()),
                                 kNames[static_cast<size_t>(level)], area, text);
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < ' ') c = ' ';  // one event, one line
  }
  line += '\n';
  // One write, so that lines of several threads do not mix. A lost log line is nobody's failure.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace relance::log
