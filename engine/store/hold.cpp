#include "store/hold.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "store/beside.h"
#include "store/durable_file.h"

namespace relance {
namespace {

constexpr Duration kDayOfWindows = days(1);

// `from` unknown: no key is young enough to be asked with again.
const SendHold kUnreadable{Instant::beginning(), Instant::never(), "its note cannot be read"};

std::optional<Instant> instant_after(const std::string& line, std::string_view word) {
  if (!line.starts_with(word)) return std::nullopt;
  const std::string_view text = std::string_view(line).substr(word.size());
  if (text == "unknown") return Instant::beginning();
  const auto at = parse_instant(text);
  return at ? std::optional(*at) : std::nullopt;
}

std::string text_of(Instant at) {
  return at == Instant::beginning() ? "unknown" : format_instant(at);
}

}  // namespace

Instant SendHold::over_at() const {
  if (!released() || from == Instant::beginning()) return Instant::never();
  return released_at + (released_at - from) + kDayOfWindows;
}

std::string hold_path(const std::string& store) { return beside_store(store, "-held"); }

std::optional<SendHold> read_hold(const std::string& path) {
  std::error_code unreadable;
  const bool there = std::filesystem::exists(path, unreadable);
  if (!there && !unreadable) return std::nullopt;
  std::ifstream file(path);
  std::string why, from, released;
  if (!std::getline(file, why) || !std::getline(file, from)) return kUnreadable;
  const auto known_to = instant_after(from, "nothing is known after ");
  if (!known_to) return kUnreadable;
  SendHold hold{*known_to, Instant::never(), why};
  if (!std::getline(file, released)) return hold;
  if (const auto at = instant_after(released, "released ")) hold.released_at = *at;
  return hold;
}

Status write_hold(const std::string& path, const SendHold& hold) {
  std::string text = fmt::format("{}\nnothing is known after {}\n", hold.why, text_of(hold.from));
  if (hold.released()) text += "released " + format_instant(hold.released_at) + "\n";
  return write_durably(path, text);
}

}  // namespace relance
