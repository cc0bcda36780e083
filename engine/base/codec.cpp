#include "base/codec.h"

namespace relance {

void Writer::long_varint(uint64_t v) {
  char encoded[10];
  size_t used = 0;
  for (; v >= 0x80; v >>= 7) encoded[used++] = static_cast<char>(v | 0x80);
  encoded[used++] = static_cast<char>(v);
  out_.append(encoded, used);
}

void Writer::fixed64(uint64_t v) {
  char encoded[8];
  for (size_t i = 0; i < 8; ++i) encoded[i] = static_cast<char>(v >> (8 * i) & 0xff);
  out_.append(encoded, sizeof encoded);
}

uint64_t Reader::rest_of_varint(uint64_t value) {
  for (unsigned shift = 7; shift < 64; shift += 7) {
    const uint8_t next = byte();
    const bool overflows = shift == 63 && next > 1;
    if (!ok_ || overflows || next == 0) break;
    value |= uint64_t{next & 0x7fu} << shift;
    if (next < 0x80) return value;
  }
  fail();
  return 0;
}

int64_t Reader::zigzag() {
  const uint64_t v = varint();
  return static_cast<int64_t>(v >> 1 ^ (0 - (v & 1)));
}

uint64_t Reader::fixed64() {
  const std::string_view encoded = raw(8);
  uint64_t value = 0;
  for (size_t i = 0; i < encoded.size(); ++i) {
    value |= uint64_t{static_cast<uint8_t>(encoded[i])} << (8 * i);
  }
  return value;
}

Key Reader::key() {
  const std::string_view bytes = raw(16);
  return ok_ ? Key::from(bytes) : Key{};
}

}  // namespace relance
