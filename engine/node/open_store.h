// The store a node works on, and who uses it at this moment.
//
// After a commit whose outcome is unknown the store is opened again; that waits until nobody uses
// it, and readers made before are to be thrown away.
// Threads: any. Blocks: use() while the store is being opened again; reopen() until nobody uses it.
// Nobody waits for a commit while using it.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <shared_mutex>

#include "store/store.h"

namespace relance {

using StoreFactory = std::function<Result<std::unique_ptr<Store>>()>;

class OpenStore {
 public:
  OpenStore(std::unique_ptr<Store> store, StoreFactory factory)
      : store_(std::move(store)), factory_(std::move(factory)) {}

  // While this lives the store stays open.
  std::shared_lock<std::shared_mutex> use() const { return std::shared_lock(mutex_); }
  // Only while in use. nullptr: opening it again failed, and nothing works any more.
  Store* get() const { return store_.get(); }

  // Fails with the factory's error.
  Status reopen();
  uint64_t openings() const { return openings_; }

 private:
  mutable std::shared_mutex mutex_;
  std::unique_ptr<Store> store_;
  StoreFactory factory_;
  std::atomic<uint64_t> openings_ = 1;
};

// A reader that is made again when the store was opened again. Threads: one at a time, which uses
// the store.
class OpenReader {
 public:
  explicit OpenReader(const OpenStore& store) : store_(store) {}
  Result<StoreReader*> get();

 private:
  const OpenStore& store_;
  uint64_t of_ = 0;
  std::unique_ptr<StoreReader> reader_;
};

}  // namespace relance
