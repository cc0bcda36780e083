// What will happen in the world, by true time: providers act and answer, events arrive, people
// work. It outlives every process.
//
// Threads: one.
#pragma once

#include <functional>
#include <map>

#include "base/instant.h"

namespace relance {

class Agenda {
 public:
  // Of several at one instant the one that was added first comes first.
  void at(Instant when, std::function<void()> work) { items_.emplace(when, std::move(work)); }
  bool empty() const { return items_.empty(); }
  Instant next() const { return items_.empty() ? Instant::never() : items_.begin()->first; }
  std::function<void()> take() {
    std::function<void()> work = std::move(items_.begin()->second);
    items_.erase(items_.begin());
    return work;
  }

 private:
  std::multimap<Instant, std::function<void()>> items_;
};

}  // namespace relance
