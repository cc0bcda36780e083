#include "base/result.h"

#include <catch2/catch.hpp>

using namespace relance;

TEST_CASE("an error prints as FILE:LINE: error CODE: message; hint") {
  const Error error{Code::unknown_outcome,
                    "step 'call' has no outcome 'voicemial'",
                    {"flows/x.lua", 23},
                    "did you mean 'voicemail'?"};
  CHECK(error.text() ==
        "flows/x.lua:23: error E0107: step 'call' has no outcome 'voicemial'; did you mean "
        "'voicemail'?");
  CHECK(Error{Code::internal, "it broke", {}, {}}.text() == "error E0001: it broke");
  CHECK(Error{Code::bad_bundle, "empty", {"b.lua", 0}, {}}.text() == "b.lua: error E0208: empty");
}

TEST_CASE("a result is a value or an error") {
  const Result<int> good = 3;
  const Result<int> bad = Error{Code::overflow, "too large", {}, {}};
  CHECK(good.ok());
  CHECK(*good == 3);
  CHECK(good.value_or(9) == 3);
  CHECK_FALSE(bad);
  CHECK(bad.value_or(9) == 9);
  CHECK(bad.error().code == Code::overflow);
  CHECK(Status().ok());
}
