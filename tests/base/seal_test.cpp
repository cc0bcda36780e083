#include "base/seal.h"

#include <catch2/catch.hpp>

using namespace relance;

TEST_CASE("a sealed value opens for its customer only") {
  const Key anna = customer_key("shop", "anna");
  const Key bert = customer_key("shop", "bert");
  const Sealed sealed = seal(anna, "+33612345678");
  CHECK(*open(anna, sealed) == "+33612345678");
  CHECK(open(bert, sealed).error().code == Code::store_corrupt);
  CHECK(seal(anna, "+33612345678") == sealed);
  CHECK(seal(bert, "+33612345678") != sealed);
}

TEST_CASE("nothing seals to nothing") {
  const Key anna = customer_key("shop", "anna");
  CHECK(seal(anna, "").empty());
  CHECK(open(anna, Sealed{})->empty());
}

TEST_CASE("a blob that was changed or cut does not open") {
  const Key anna = customer_key("shop", "anna");
  const Sealed sealed = seal(anna, "secret");
  for (size_t i = 0; i < sealed.bytes.size(); ++i) {
    Sealed changed = sealed;
    changed.bytes[i] = static_cast<char>(changed.bytes[i] ^ 1);
    CHECK_FALSE(open(anna, changed).ok());
    if (i > 0) CHECK_FALSE(open(anna, Sealed{sealed.bytes.substr(0, i)}).ok());
  }
}
