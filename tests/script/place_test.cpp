#include <catch2/catch.hpp>

#include "script/fields.h"

namespace relance {

TEST_CASE("the line of a field is found past comments, texts, functions and tables") {
  const SourceFile file{"x.lua", R"(
f.a = send {
  -- via = "no"
  via = "{ via", --[[ template = ]] data = function(run)
    if run.x then return { gap = 1, 2 } end
    local a, b = 1, 2
  end,
  ["odd name"] = 3,
  rows = {
    { x = 1 }, { x = 2 },
    { x = 3,
      y = 4 },
  },
  gap = [[
    at = "no" ]],
  hours(3),
  at = "09:00",
}
f.b = send { at = "10:00" }
)"};
  const Place place{&file, 2, {}};
  CHECK(place.at().line == 2);
  CHECK(place.at("via").line == 4);
  CHECK(place.at("data").line == 4);
  CHECK(place.at("odd name").line == 8);
  CHECK(place.at("rows").line == 9);
  CHECK(place.inside("rows").at("2").line == 10);
  CHECK(place.inside("rows").inside("3").at("y").line == 12);
  CHECK(place.at("gap").line == 14);
  CHECK(place.at("1").line == 16);
  CHECK(place.at("at").line == 17);
}

TEST_CASE("a field that is not there stands where its table does") {
  const SourceFile file{"x.lua", "f.a = wait {\n  hours(1),\n}\nf.b = wait { at = 1 }\n"};
  CHECK(Place{&file, 1, {}}.at("at").line == 1);
}

}  // namespace relance
