// Sealed blobs of a customer's, opened as the values they hold.
#pragma once

#include <forward_list>

#include "base/doc.h"
#include "base/seal.h"

namespace relance {

// Null where there is nothing, or where it cannot be opened.
Doc opened(const Key& customer, const Sealed& sealed);

// The same for a while, each blob once. What it gives lives as long as it does.
// Threads: one.
class Openings {
 public:
  explicit Openings(const Key& customer) : customer_(customer) {}
  Openings(const Openings&) = delete;
  DocView open(const Sealed& sealed);

 private:
  struct Opening {
    Sealed sealed;
    Doc plain;
  };
  Key customer_;
  std::forward_list<Opening> known_;
};

}  // namespace relance
