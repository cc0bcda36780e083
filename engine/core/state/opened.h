// A sealed blob of a customer's, opened as the value it holds.
#pragma once

#include "base/doc.h"
#include "base/seal.h"

namespace relance {

// Null where there is nothing, or where it cannot be opened.
Doc opened(const Key& customer, const Sealed& sealed);

}  // namespace relance
