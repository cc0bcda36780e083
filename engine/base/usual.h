// Usual: a list of texts that are stored as their place in it. Finding a text's place costs about
// as much as one comparison, so a long list costs no more than a short one.
//
// What is stored are places: a list is append only. Threads: immutable.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace relance {

template <size_t N>
class Usual {
 public:
  consteval explicit Usual(const std::string_view (&texts)[N]) {
    slots_.fill(kNone);
    for (size_t i = 0; i < N; ++i) {
      texts_[i] = texts[i];
      size_t slot = start(texts[i]);
      while (slots_[slot] != kNone) slot = (slot + 1) % kSlots;
      slots_[slot] = static_cast<uint8_t>(i);
    }
  }

  static constexpr size_t size() { return N; }
  constexpr std::string_view operator[](size_t place) const { return texts_[place]; }
  // -1: it is not among them.
  constexpr int find(std::string_view text) const {
    if (text.empty()) return -1;
    for (size_t slot = start(text); slots_[slot] != kNone; slot = (slot + 1) % kSlots)
      if (texts_[slots_[slot]] == text) return slots_[slot];
    return -1;
  }

 private:
  static constexpr uint8_t kNone = 255;
  static constexpr size_t kSlots = 1024;  // many more than texts: mostly a look at one tells
  static_assert(N < kNone);

  static constexpr size_t start(std::string_view text) {
    const auto byte = [&](size_t at) { return size_t{static_cast<uint8_t>(text[at])}; };
    return (byte(0) * 31 + byte(text.size() / 2) * 7 + byte(text.size() - 1) * 131 +
            text.size() * 67) %
           kSlots;
  }

  std::array<std::string_view, N> texts_;
  std::array<uint8_t, kSlots> slots_;
};

}  // namespace relance
