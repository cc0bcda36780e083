// What `relance explain` says of steps.
#include "admin/story_words.h"

#include <catch2/catch.hpp>

using namespace relance;

namespace {

std::string told(FetchStep fetch, std::string_view outcome) {
  Step step;
  step.body = std::move(fetch);
  return ended_sentence(step, outcome, "");
}

}  // namespace

TEST_CASE("a fetch is told as what was read, and from where") {
  CHECK(told({"crm", "", "", {}, {}}, "found") == "read: the customer's record.");
  CHECK(told({"crm", "", "", {}, {}}, "missing") == "the customer's record: missing.");
  CHECK(told({"shop", "payment_methods", "order_id", {}, {}}, "found") ==
        "read from shop: payment methods.");
  CHECK(told({"shop", "order", "order_id", {}, {}}, "missing") == "order at shop: missing.");
  CHECK(told({"shop", "", "", {}, {}}, "found") == "read from shop: the customer's record.");
}
