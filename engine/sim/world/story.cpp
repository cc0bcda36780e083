#include "sim/world/story.h"

#include <fmt/format.h>

#include <cstring>

namespace relance {
namespace {

constexpr size_t kKept = 40;
constexpr size_t kShown = 8;  // characters of a key

}  // namespace

std::string Moment::text() const {
  std::string line = fmt::format("{:<24}  {:<18}", format_instant(at), what);
  if (!about.empty()) line += "  " + about;
  if (number != 0 || other != 0) line += fmt::format("  {}", number);
  if (other != 0) line += fmt::format(" {}", other);
  return line;
}

void Story::mix(uint64_t value) {
  constexpr uint64_t kOdd = 0x9e3779b97f4a7c15u;
  hash_ = (hash_ ^ value) * kOdd;
  hash_ ^= hash_ >> 29;
}

void Story::mix(std::string_view text) {
  mix(text.size());
  for (size_t at = 0; at < text.size(); at += sizeof(uint64_t)) {
    uint64_t word = 0;
    std::memcpy(&word, text.data() + at, std::min(sizeof word, text.size() - at));
    mix(word);
  }
}

void Story::tell(std::string_view what, std::string about, int64_t number, int64_t other) {
  mix(static_cast<uint64_t>(now_.ms));
  mix(what);
  mix(about);
  mix(static_cast<uint64_t>(number));
  mix(static_cast<uint64_t>(other));
  ++moments_;
  if (latest_.size() == kKept) latest_.pop_front();
  latest_.push_back({now_, what, std::move(about), number, other});
  if (listener_) listener_(latest_.back());
}

void Story::tell(std::string_view what, const Key& about, int64_t number, int64_t other) {
  tell(what, about.text().substr(0, kShown), number, other);
}

}  // namespace relance
