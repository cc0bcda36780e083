#include "core/gate/reason.h"

#include <catch2/catch.hpp>
#include <set>

#include "base/text.h"

using namespace relance;

namespace {

constexpr auto kLast = static_cast<int>(Reason::already_responded);

}  // namespace

TEST_CASE("every reason has a word of its own, which is read back, and a sentence") {
  std::set<std::string_view> names;
  for (int i = 0; i <= kLast; ++i) {
    const auto reason = static_cast<Reason>(i);
    CHECK(names.insert(reason_name(reason)).second);
    Reason back = Reason::none;
    REQUIRE(reason_from(reason_name(reason), back));
    CHECK(back == reason);
    CHECK(reason_sentence(reason).size() > 10);
    CHECK(reason_sentence(reason).back() != '.');  // it goes on after "because"
  }
  Reason untouched = Reason::paused;
  CHECK_FALSE(reason_from("because", untouched));
  CHECK(untouched == Reason::paused);
}

TEST_CASE("the reference page lists every reason once") {
  const auto page = read_file(RELANCE_SOURCE_DIR "/docs/reference/reasons.md");
  REQUIRE(page.ok());
  for (int i = 0; i <= kLast; ++i) {
    const std::string row = "\n| `" + std::string(reason_name(static_cast<Reason>(i))) + "` |";
    INFO(row);
    const size_t first = page->find(row);
    REQUIRE(first != std::string::npos);
    CHECK(page->find(row, first + 1) == std::string::npos);
  }
}
