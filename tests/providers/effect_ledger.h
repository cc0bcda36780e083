// What a fake provider did to the world: messages that were sent, money that moved. It outlives the
// engine, and with a file also the fake itself: one JSON line an effect, appended as it happens.
//
// Threads: any.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"

namespace relance {

struct ProviderEffect {
  std::string key;   // what the engine calls it: its idempotency key or its reference; may be empty
  std::string what;  // "charge", "message", "call"
  std::string to;    // whom it reached
  std::string data;  // the fake's own: usually the JSON that was answered, to answer it again
  Instant at;
};

class EffectLedger {
 public:
  // Reads what the file holds already; empty path: in memory only. A last line that was cut off by
  // a crash never happened.
  explicit EffectLedger(std::string path = {});

  // Does it, again if need be: a provider that cannot key.
  void add(std::string key, std::string what, std::string to, std::string data = {});
  // Does it unless its key was acted on; then gives what was done the first time.
  std::optional<ProviderEffect> add_once(std::string key, std::string what, std::string to,
                                         std::string data = {});

  // The first effect with this key. `older_than`: only what happened so long ago (an index lags).
  std::optional<ProviderEffect> find(std::string_view key, Duration older_than = {}) const;
  std::vector<ProviderEffect> all() const;
  size_t count(std::string_view what = {}) const;  // empty: of any kind
  // Effects beyond the first of their key: what must not happen to keyed channels.
  size_t doubled() const;

 private:
  void append(const ProviderEffect& effect);

  SystemClock clock_;
  std::string path_;
  mutable std::mutex mutex_;
  std::vector<ProviderEffect> effects_;
};

}  // namespace relance
