#include "plugins/operations.h"

#include <catch2/catch.hpp>

using namespace relance;

namespace {

Wire wire_after(const std::vector<Wire>& requests) {
  Operations operations;
  const uint64_t id = operations.begin({});
  for (const Wire wire : requests) {
    operations.leaving(id);
    operations.left(id, wire);
  }
  return operations.take(id)->wire;
}

}  // namespace

TEST_CASE("of several requests that act the worst counts") {
  CHECK(wire_after({}) == Wire::not_sent);
  CHECK(wire_after({Wire::not_sent, Wire::not_sent}) == Wire::not_sent);
  CHECK(wire_after({Wire::answered}) == Wire::answered);
  CHECK(wire_after({Wire::answered, Wire::not_sent}) == Wire::answered);
  CHECK(wire_after({Wire::maybe, Wire::not_sent}) == Wire::maybe);
  CHECK(wire_after({Wire::maybe, Wire::answered}) == Wire::maybe);
  CHECK(wire_after({Wire::answered, Wire::maybe}) == Wire::maybe);
}

TEST_CASE("while a request that acts is under way its bytes may have left") {
  Operations operations;
  const uint64_t id = operations.begin({});
  operations.leaving(id);
  operations.leaving(id);
  operations.left(id, Wire::answered);
  CHECK(operations.take(id)->wire == Wire::maybe);
}

TEST_CASE("what a plugin was given outlives its operation as long as a request holds it") {
  Operations operations;
  auto given = std::make_shared<int>(1);
  int answers = 0;
  Operation operation;
  operation.done = [given, &answers](OperationResult) { ++answers; };
  const std::weak_ptr<int> watched = given;
  const uint64_t id = operations.begin(std::move(operation));
  given.reset();
  auto held = operations.hold(id);
  REQUIRE(held);
  {
    const auto over = operations.take(id);
    over->done({});
  }
  CHECK(answers == 1);
  CHECK_FALSE(watched.expired());
  CHECK(operations.hold(id) == nullptr);
  held.reset();
  CHECK(watched.expired());
}
