// Word: an immutable short text from a small vocabulary (names of flows, steps and channels,
// outcomes, reasons) in the space of a pointer. Equal words share one copy for as long as the
// process lives, so copying one costs nothing and a ledger of thousands of touches holds each once.
//
// The vocabulary is bounded: a text that is long, or new once there are very many, is kept by the
// Word alone, as a std::string would be. Threads: any.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace relance {

class Word {
 public:
  Word() = default;
  Word(std::string_view text) : text_(make(text)) {}  // NOLINT(google-explicit-constructor)
  Word(const std::string& text) : Word(std::string_view(text)) {}  // NOLINT
  Word(const char* text) : Word(std::string_view(text)) {}         // NOLINT
  Word(const Word& other) : text_(other.own() ? make(other.str()) : other.text_) {}
  Word(Word&& other) noexcept : text_(std::exchange(other.text_, 0)) {}
  Word& operator=(Word other) noexcept {
    std::swap(text_, other.text_);
    return *this;
  }
  ~Word() {
    if (own()) drop();
  }

  const std::string& str() const;
  std::string_view view() const { return str(); }
  operator const std::string&() const { return str(); }  // NOLINT(google-explicit-constructor)
  operator std::string_view() const { return view(); }   // NOLINT(google-explicit-constructor)
  bool empty() const { return text_ == 0; }
  void clear() { *this = Word(); }

  friend bool operator==(const Word& a, const Word& b) {
    return a.text_ == b.text_ || ((a.own() || b.own()) && a.view() == b.view());
  }
  friend bool operator==(const Word& a, std::string_view b) { return a.view() == b; }
  friend bool operator==(const Word& a, const std::string& b) { return a.view() == b; }
  friend bool operator==(const Word& a, const char* b) { return a.view() == b; }

 private:
  static constexpr uintptr_t kOwn = 1;  // the lowest bit of the address: not shared
  bool own() const { return (text_ & kOwn) != 0; }
  static uintptr_t make(std::string_view text);
  void drop();

  uintptr_t text_ = 0;  // of a std::string; 0: empty
};

}  // namespace relance
