// A provider's limit of so many requests in so long, kept from our side: requests leave evenly, and
// a tenth of them may leave at once. Threads: one call at a time. Units: milliseconds.
#pragma once

#include <algorithm>
#include <cstdint>

namespace kit {

class Pace {
 public:
  Pace(int64_t most, int64_t per_ms)
      : gap_us_(per_ms * 1000 / std::max<int64_t>(most, 1)), slack_us_(per_ms * 100) {}

  // The instant at which the next request may leave.
  int64_t next(int64_t now) const {
    const int64_t free_us = booked_us_ - slack_us_;
    return std::max({now, (free_us + 999) / 1000, paused_until_});
  }
  // Books what next() said.
  void book(int64_t at) { booked_us_ = std::max(booked_us_, at * 1000) + gap_us_; }
  // The provider itself asks to wait.
  void pause_until(int64_t at) { paused_until_ = std::max(paused_until_, at); }

 private:
  int64_t gap_us_, slack_us_;
  int64_t booked_us_ = 0;  // where the request after all that are booked stands
  int64_t paused_until_ = 0;
};

}  // namespace kit
