// Result<T>: a value, or an Error that says what went wrong, where, and what to do.
//
// Errors cross module borders as Results; exceptions do not leave a module. Error codes are stable
// (`E0107`), belong to the closed list in error_code.h, and each has a page in docs/errors/. What
// the world does becomes an Error; what we got wrong ourselves is RELANCE_ASSERT, which is on in
// every build and ends the process.
#pragma once

#include <string>
#include <utility>
#include <variant>

#include "base/error_code.h"

namespace relance {

// A place in a file of the user's. Empty file: no place is known. Line 0: the file as a whole.
struct Where {
  std::string file;
  int line = 0;
  bool operator==(const Where&) const = default;
};

struct Error {
  Code code = Code::internal;
  std::string message;  // one sentence without the code: "step 'call' has no outcome 'voicemial'"
  Where where;
  std::string hint;  // what to do: "did you mean 'voicemail'?"; may be empty

  // `flows/x.lua:23: error E0107: step 'call' has no outcome 'voicemial'; did you mean
  // 'voicemail'?`
  std::string text() const;
};

struct Unit {
  bool operator==(const Unit&) const = default;
};

template <class T = Unit>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}
  Result()
    requires std::is_same_v<T, Unit>
      : state_(std::in_place_index<0>) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  T value_or(T fallback) const { return ok() ? value() : std::move(fallback); }

  Error& error() { return std::get<1>(state_); }
  const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

using Status = Result<Unit>;

[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);

}  // namespace relance

// Our own mistakes. On in every build: a wrong engine must stop rather than send.
#define RELANCE_ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : ::relance::assertion_failed(#condition, __FILE__, __LINE__))
