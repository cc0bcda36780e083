// Hostile flow tests (tests/attacks): `relance test` ends them, at their line.
#include "support/attacks.h"

#include <catch2/catch.hpp>

#include "sim/tested.h"

using namespace relance;

namespace {

// A test has the budget of five hundred calls; what the engine does for it counts too.
constexpr double kMostSeconds = 6 * kSlowness;

Tested run(const Attack& attack) {
  return attack.place == "test top" ? tested(attack.body) : tested_body(attack.body);
}

}  // namespace

TEST_CASE("a hostile flow test is ended at its line") {
  for (const Attack& attack : all_attacks()) {
    if (!attack.place.starts_with("test ")) continue;
    DYNAMIC_SECTION(attack.title()) {
      const double begun = processor_seconds();
      const Tested all = run(attack);
      CHECK(processor_seconds() - begun < kMostSeconds);
      REQUIRE(all.results.size() == 1);
      const FlowTestResult& result = all.results.front();
      INFO(result.error.text().substr(0, 300));
      CHECK(result.passed == (attack.ending == "harmless"));
      if (result.passed) continue;
      CHECK(attack.ending == "stopped " + code_text(result.error.code));
      const int first = attack.place == "test top" ? 1 : 2;
      CHECK(result.error.where.line - first + 1 == attack.marked_line);
    }
  }
}
