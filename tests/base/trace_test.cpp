#include "base/trace.h"

#include <catch2/catch.hpp>

using namespace relance;

TEST_CASE("a trace has its form, to the digit") {
  const std::string good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  CHECK(is_traceparent(good));
  for (size_t cut = 0; cut < good.size(); ++cut) CHECK_FALSE(is_traceparent(good.substr(0, cut)));
  CHECK_FALSE(is_traceparent(good + "\r\nX-Evil: 1"));
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = 'G';
    CHECK_FALSE(is_traceparent(bad));
  }
}

TEST_CASE("another span leaves trace and flags, and what is no trace stays none") {
  CHECK(with_span("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", 0xab) ==
        "00-0af7651916cd43dd8448eb211c80319c-00000000000000ab-01");
  CHECK(with_span(std::string(80, 'x') + "\r\n", 1).empty());
}
