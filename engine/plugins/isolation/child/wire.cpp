#include "plugins/isolation/child/wire.h"

#include <unistd.h>

#include <cerrno>

namespace relance::isolation {
namespace {

constexpr int kConnectionOver = 0, kJunk = 3;

}  // namespace

void Wire::say(Service service, uint64_t number, std::string_view body) {
  const std::string bytes = frame_bytes(static_cast<uint8_t>(service), number, body);
  const std::lock_guard lock(writing_);
  for (size_t at = 0; at < bytes.size();) {
    const ssize_t wrote = ::write(socket_, bytes.data() + at, bytes.size() - at);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) _exit(kConnectionOver);
    at += static_cast<size_t>(wrote);
  }
}

std::string Wire::ask(Service service, std::string_view body) {
  uint64_t number = 0;
  {
    const std::lock_guard lock(mutex_);
    number = ++asked_;
  }
  say(service, number, body);
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return answers_.contains(number); });
  return std::move(answers_.extract(number).mapped());
}

Frame Wire::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !calls_.empty(); });
  Frame frame = std::move(calls_.front());
  calls_.pop_front();
  return frame;
}

void Wire::read() {
  FrameReader frames;
  static char block[1u << 16];
  for (;;) {
    const ssize_t got = ::read(socket_, block, sizeof block);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) _exit(kConnectionOver);
    frames.add(block, static_cast<size_t>(got));
    const std::lock_guard lock(mutex_);
    for (Frame frame; frames.next(frame);) {
      if (frame.kind == static_cast<uint8_t>(Call::answer))
        answers_[frame.number] = std::move(frame.body);
      else
        calls_.push_back(std::move(frame));
    }
    if (frames.junk()) _exit(kJunk);
    changed_.notify_all();
  }
}

}  // namespace relance::isolation
