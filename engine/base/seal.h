// The only door to personal values. What names, reaches or describes a person lies in a Sealed blob
// from the moment it enters the engine; everything outside blobs is ids, hashes, words and
// instants.
//
// Sealing is deterministic for one (customer, bytes), so sealed bytes may be hashed and compared.
// The bytes are framed, not encrypted: whoever is erased loses his blobs (core/state/redact.h), and
// a disk is encrypted by its machine. Encryption would replace the inside of these two functions
// and nothing else. Threads: any.
#pragma once

#include <string>
#include <string_view>

#include "base/id.h"
#include "base/result.h"

namespace relance {

// Opaque bytes. Empty means "nothing", which needs no opening.
struct Sealed {
  std::string bytes;
  bool operator==(const Sealed&) const = default;
  bool empty() const { return bytes.empty(); }
};

Sealed seal(const Key& customer, std::string_view plain);

// Fails with store_corrupt when the blob was not made by seal() for this customer. Empty gives
// empty.
Result<std::string> open(const Key& customer, const Sealed& sealed);

}  // namespace relance
