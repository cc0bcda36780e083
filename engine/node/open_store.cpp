#include "node/open_store.h"

namespace relance {

Status OpenStore::reopen() {
  const std::unique_lock lock(mutex_);
  readers_.clear();
  store_.reset();  // a store has one writer: the old one goes first
  auto opened = factory_();
  if (!opened) return opened.error();
  store_ = std::move(*opened);
  return {};
}

Result<OpenStore::Reader> OpenStore::reader() const {
  if (!store_) return Error{Code::store_failed, "the store could not be opened again", {}, ""};
  {
    const std::lock_guard lock(readers_mutex_);
    if (!readers_.empty()) {
      Reader reader(readers_.back().release(), GiveBack{this});
      readers_.pop_back();
      return reader;
    }
  }
  return Reader(store_->reader().release(), GiveBack{this});
}

void OpenStore::give_back(StoreReader* reader) const {
  const std::lock_guard lock(readers_mutex_);
  readers_.emplace_back(reader);
}

}  // namespace relance
