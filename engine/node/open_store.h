// The store a node works on, and who uses it at this moment.
//
// After a commit whose outcome is unknown the store is opened again; that waits until nobody uses
// it.
// Threads: any. Blocks: use() while the store is being opened again; reopen() until nobody uses it.
// Nobody waits for a commit while using it.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <vector>

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

  // Gives a reader back.
  struct GiveBack {
    const OpenStore* to = nullptr;
    void operator()(StoreReader* reader) const { to->give_back(reader); }
  };
  using Reader = std::unique_ptr<StoreReader, GiveBack>;
  // For one thread and only while in use: the one that was given back last, since what it has read
  // of the file serves the next one until something is committed. Fails where get() is nullptr.
  Result<Reader> reader() const;

  // Fails with the factory's error.
  Status reopen();

 private:
  void give_back(StoreReader* reader) const;

  mutable std::shared_mutex mutex_;
  std::unique_ptr<Store> store_;
  StoreFactory factory_;
  mutable std::mutex readers_mutex_;
  mutable std::vector<std::unique_ptr<StoreReader>> readers_;  // that nobody uses
};

}  // namespace relance
