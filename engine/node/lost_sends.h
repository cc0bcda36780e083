// A node's sends while its store does not know what left in some time before (store/hold.h): they
// are held until a person releases them, and what may have left is asked for first.
//
// Threads: time() from any; the rest from one. Blocks: look() on a small file.
#pragma once

#include <array>
#include <atomic>
#include <string>

#include "core/run/context.h"
#include "store/hold.h"

namespace relance {

class LostSends {
 public:
  // `path`: of the note; a hold that nobody can release stays for as long as this lives.
  explicit LostSends(std::string path) : path_(std::move(path)) {}

  // Once, before anything is decided.
  void begin(const SendHold& hold);
  bool held() const { return held_; }
  // True, once: a person has released the sends.
  bool look();

  // nullptr: nothing was lost.
  const LostTime* time() const { return time_.load(std::memory_order_acquire); }

 private:
  void take(const SendHold& hold, LostTime& into);

  const std::string path_;
  std::array<LostTime, 2> times_;  // held, and released
  std::atomic<const LostTime*> time_ = nullptr;
  std::atomic<bool> held_ = false;
};

}  // namespace relance
