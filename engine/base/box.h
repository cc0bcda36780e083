// Box: a value that is mostly not there. Absent is the same as a fresh one: it is made when
// somebody is about to change it, and compares as its value. Copies are deep.
// Threads: as the value.
#pragma once

#include <memory>

namespace relance {

template <class T>
class Box {
 public:
  Box() = default;
  Box(const Box& other) : value_(other.value_ ? new T(*other.value_) : nullptr) {}
  Box(Box&&) noexcept = default;
  Box& operator=(Box other) noexcept {
    value_.swap(other.value_);
    return *this;
  }

  const T& get() const {
    static const T fresh{};
    return value_ ? *value_ : fresh;
  }
  const T* operator->() const { return &get(); }
  T& change() {
    if (!value_) value_ = std::make_unique<T>();
    return *value_;
  }
  bool there() const { return value_ != nullptr; }
  void clear() { value_.reset(); }

  bool operator==(const Box& other) const { return value_ == other.value_ || get() == other.get(); }

 private:
  std::unique_ptr<T> value_;
};

}  // namespace relance
