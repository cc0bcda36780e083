// Compact bytes: varints, zigzag, length-prefixed text. Everything the store keeps is written with
// these two.
//
// A Reader never reads past its end: after a malformed byte it is !ok(), returns zeros and empty
// views, and the caller checks once at the end. Views returned by a Reader live as long as the
// bytes it reads.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/id.h"
#include "base/instant.h"

namespace relance {

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}
  void byte(uint8_t v) { out_.push_back(static_cast<char>(v)); }
  void varint(uint64_t v) {
    if (v < 0x80) return byte(static_cast<uint8_t>(v));
    long_varint(v);
  }
  void zigzag(int64_t v) {
    varint((static_cast<uint64_t>(v) << 1) ^ static_cast<uint64_t>(v >> 63));
  }
  void fixed64(uint64_t v);        // little endian
  void text(std::string_view v) {  // varint length, bytes
    varint(v.size());
    out_.append(v);
  }
  void raw(std::string_view v) { out_.append(v); }
  void key(const Key& v) { out_.append(v.view()); }
  void instant(Instant v) { zigzag(v.ms); }
  void boolean(bool v) { byte(v ? 1 : 0); }

 private:
  void long_varint(uint64_t v);

  std::string& out_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}
  uint8_t byte() {
    if (rest_.empty()) {
      fail();
      return 0;
    }
    const auto value = static_cast<uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }
  // Only the shortest form of a number is accepted, so that equal values have equal bytes.
  uint64_t varint() {
    const uint8_t first = byte();
    return first < 0x80 ? first : rest_of_varint(first & 0x7fu);
  }
  int64_t zigzag();
  uint64_t fixed64();
  std::string_view text() { return raw(varint()); }
  std::string_view raw(size_t n) {
    if (n > rest_.size()) {
      fail();
      return {};
    }
    const std::string_view taken = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return taken;
  }
  Key key();
  Instant instant() { return {zigzag()}; }
  bool boolean() { return byte() != 0; }

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }
  void fail() {
    ok_ = false;
    rest_ = {};
  }

 private:
  uint64_t rest_of_varint(uint64_t value);

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace relance
