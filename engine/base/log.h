// Logging for operators: one line an event, to stderr, level from RELANCE_LOG
// (error|warn|info|debug; default warn). Personal values never go into a log line; ids and reason
// codes do. Threads: any.
#pragma once

#include <fmt/format.h>

#include <string_view>

namespace relance::log {

enum class Level { error, warn, info, debug };

bool enabled(Level level);
void write(Level level, std::string_view area, std::string_view text);

template <class... A>
void info(std::string_view area, fmt::format_string<A...> text, A&&... args) {
  if (enabled(Level::info)) write(Level::info, area, fmt::format(text, std::forward<A>(args)...));
}
template <class... A>
void warn(std::string_view area, fmt::format_string<A...> text, A&&... args) {
  if (enabled(Level::warn)) write(Level::warn, area, fmt::format(text, std::forward<A>(args)...));
}
template <class... A>
void error(std::string_view area, fmt::format_string<A...> text, A&&... args) {
  if (enabled(Level::error)) write(Level::error, area, fmt::format(text, std::forward<A>(args)...));
}
template <class... A>
void debug(std::string_view area, fmt::format_string<A...> text, A&&... args) {
  if (enabled(Level::debug)) write(Level::debug, area, fmt::format(text, std::forward<A>(args)...));
}

}  // namespace relance::log
