#include "node/open_store.h"

#include <mutex>

namespace relance {

Status OpenStore::reopen() {
  const std::unique_lock lock(mutex_);
  store_.reset();  // a store has one writer: the old one goes first
  auto opened = factory_();
  if (!opened) return opened.error();
  store_ = std::move(*opened);
  ++openings_;
  return {};
}

Result<StoreReader*> OpenReader::get() {
  if (!store_.get())
    return Error{Code::store_failed, "the store could not be opened again", {}, ""};
  if (!reader_ || of_ != store_.openings()) {
    of_ = store_.openings();
    reader_ = store_.get()->reader();
  }
  return reader_.get();
}

}  // namespace relance
