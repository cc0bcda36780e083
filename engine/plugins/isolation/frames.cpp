#include "plugins/isolation/frames.h"

#include <cstring>

namespace relance::isolation {
namespace {

constexpr size_t kHead = 4 + 1 + 8;

template <class Number>
void put(std::string& to, Number number) {
  to.append(reinterpret_cast<const char*>(&number), sizeof number);
}

}  // namespace

std::string frame_bytes(uint8_t kind, uint64_t number, std::string_view body) {
  std::string bytes;
  bytes.reserve(kHead + body.size());
  put(bytes, static_cast<uint32_t>(body.size()));
  put(bytes, kind);
  put(bytes, number);
  return bytes.append(body);
}

bool FrameReader::next(Frame& frame) {
  if (junk_ || bytes_.size() - at_ < kHead) return false;
  uint32_t length = 0;
  std::memcpy(&length, bytes_.data() + at_, sizeof length);
  if (length > kMostFrameBytes) return junk_ = true, false;
  if (bytes_.size() - at_ < kHead + length) return false;
  frame.kind = static_cast<uint8_t>(bytes_[at_ + 4]);
  std::memcpy(&frame.number, bytes_.data() + at_ + 5, sizeof frame.number);
  frame.body.assign(bytes_, at_ + kHead, length);
  at_ += kHead + length;
  if (at_ == bytes_.size() || at_ > (1u << 20)) bytes_.erase(0, at_), at_ = 0;
  return true;
}

}  // namespace relance::isolation
