#include "node/marks.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "node/town.h"

using namespace relance;
using namespace relance::test;

namespace {

const Instant kNow = *parse_instant("2026-01-05T10:00:00Z");
const Instant kLater = kNow + seconds(1);

// A marks file in a folder of its own.
struct Folder {
  std::string path = (std::filesystem::path(RELANCE_BUILD_DIR) / "marks_test").string();
  Marks::Owner owner{path, "boot-1", "installation", 1, 0, kNow};

  Folder() { std::filesystem::remove(path); }
  ~Folder() { std::filesystem::remove(path); }

  // As a process would that follows the one before.
  std::unique_ptr<Marks> open() {
    auto marks = Marks::open(owner);
    REQUIRE(marks);
    owner.last_worked = owner.epoch++;
    return std::move(*marks);
  }
};

std::string text_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

Key touch(int number) { return derive_key({"touch", std::to_string(number)}); }

OperationResult delivered() {
  OperationResult result;
  result.status = OperationStatus::done;
  result.wire = Wire::answered;
  result.word = "delivered";
  result.refs = {"prov-0123456789abcdef0123", touch(1).text()};
  result.cost_micro = 30'000;
  result.cost_currency = *Currency::parse("EUR");
  result.acted_at = kLater;
  return result;
}

}  // namespace

TEST_CASE_METHOD(Folder, "after a crash the marks tell what was begun and what was answered") {
  {
    const auto marks = open();
    for (int i = 1; i <= 3; ++i) marks->begin(touch(i), kLater);
    marks->answer(touch(1), delivered());
    marks->release(touch(3));
  }
  const auto marks = open();
  const Marks::Found answered = marks->found(touch(1), kLater);
  REQUIRE(answered.said == Marks::Said::answered);
  CHECK(answered.result.status == OperationStatus::done);
  CHECK(answered.result.wire == Wire::answered);
  CHECK(answered.result.word == "delivered");
  CHECK(answered.result.refs == delivered().refs);
  CHECK(answered.result.cost_micro == 30'000);
  CHECK(answered.result.cost_currency == *Currency::parse("EUR"));
  CHECK(answered.result.acted_at == kLater);
  CHECK(answered.result.again_at.is_never());
  CHECK(marks->found(touch(2), kLater).said == Marks::Said::begun);
  CHECK(marks->found(touch(3), kLater).said == Marks::Said::never_begun);
  CHECK(marks->found(touch(4), kLater).said == Marks::Said::never_begun);
}

TEST_CASE_METHOD(Folder, "an opening that was killed before it came to the marks leaves them") {
  { open()->begin(touch(1), kLater); }
  owner.epoch += 2;  // two openings of the store, and no more
  const auto marks = open();
  CHECK(marks->found(touch(1), kLater).said == Marks::Said::begun);
  CHECK(marks->found(touch(2), kLater).said == Marks::Said::never_begun);
}

TEST_CASE_METHOD(Folder, "an answer that does not fit leaves its touch begun") {
  {
    const auto marks = open();
    OperationResult with_data = delivered();
    with_data.data = Doc::record({{"decline", Doc::text("51")}});
    OperationResult wordy = delivered();
    wordy.reason = std::string(200, 'x');
    marks->begin(touch(1), kLater);
    marks->begin(touch(2), kLater);
    marks->answer(touch(1), with_data);
    marks->answer(touch(2), wordy);
  }
  const auto marks = open();
  CHECK(marks->found(touch(1), kLater).said == Marks::Said::begun);
  CHECK(marks->found(touch(2), kLater).said == Marks::Said::begun);
}

TEST_CASE_METHOD(Folder, "marks say nothing of a touch that was intended before them") {
  { open(); }
  const auto marks = open();
  CHECK(marks->found(touch(1), kNow).said == Marks::Said::nothing);
  CHECK(marks->found(touch(1), kNow - hours(1)).said == Marks::Said::nothing);
}

TEST_CASE_METHOD(Folder, "marks of another boot, installation or writer are void") {
  { open()->begin(touch(1), kLater); }
  SECTION("boot") { owner.boot_id = "boot-2"; }
  SECTION("no boot is known") { owner.boot_id = ""; }
  SECTION("installation") { owner.installation = "another"; }
  SECTION("a writer without marks has worked since") { owner.last_worked = owner.epoch++; }
  owner.now = kLater;
  const auto marks = open();
  CHECK(marks->found(touch(1), kLater).said == Marks::Said::nothing);
}

TEST_CASE_METHOD(Folder, "a mark is kept until what it says is in the store") {
  { open()->begin(touch(1), kLater); }
  { CHECK(open()->found(touch(1), kLater).said == Marks::Said::begun); }
  {
    const auto marks = open();  // killed again before anything was committed
    CHECK(marks->found(touch(1), kLater).said == Marks::Said::begun);
    marks->release(touch(1));
  }
  CHECK(open()->found(touch(1), kLater).said == Marks::Said::never_begun);
}

TEST_CASE_METHOD(Folder, "a touch that is tried again keeps one mark") {
  { open()->begin(touch(1), kLater); }
  {
    const auto marks = open();
    marks->begin(touch(1), kLater);
    marks->answer(touch(1), delivered());
  }
  const auto marks = open();
  CHECK(marks->found(touch(1), kLater).said == Marks::Said::answered);
  marks->release(touch(1));
  CHECK(marks->found(touch(1), kLater).said == Marks::Said::never_begun);
}

TEST_CASE_METHOD(Folder, "where marks found no room, nothing is said to be never begun") {
  {
    const auto marks = open();
    for (int i = 0; i < 5000; ++i) marks->begin(touch(i), kLater);
  }
  {
    const auto marks = open();
    CHECK(marks->found(touch(9999), kLater).said == Marks::Said::nothing);
    CHECK(marks->found(touch(0), kLater).said == Marks::Said::begun);
    marks->forget_earlier();
    marks->begin(touch(1), kLater + hours(1));
  }
  const auto marks = open();
  CHECK(marks->found(touch(9999), kLater).said == Marks::Said::nothing);
  CHECK(marks->found(touch(9999), kLater + hours(2)).said == Marks::Said::never_begun);
}

TEST_CASE_METHOD(Folder,
                 "a byte that the disk or memory changed never makes a touch look unbegun") {
  constexpr size_t kSlotBytes = 128;
  {
    const auto marks = open();
    for (int i = 1; i <= 3; ++i) marks->begin(touch(i), kLater);
    marks->answer(touch(1), delivered());
  }
  const std::string whole = text_of(path);
  owner.now = kLater + seconds(1);
  size_t damaged = 0;
  for (size_t at = 0; at < 5 * kSlotBytes; ++at)
    for (const int change : {0x01, 0x80, 0xff, whole[at] & 0xff}) {
      if (change == 0) continue;
      std::string bytes = whole;
      bytes[at] = static_cast<char>(bytes[at] ^ change);
      std::ofstream(path) << bytes;
      const auto marks = open();
      --owner.epoch;
      INFO("byte " << at << " changed by " << change);
      const Marks::Found answered = marks->found(touch(1), kLater);
      if (answered.said == Marks::Said::answered)
        REQUIRE(answered.result.refs == delivered().refs);
      else
        ++damaged;
      for (int i = 1; i <= 3; ++i)
        REQUIRE(marks->found(touch(i), kLater).said != Marks::Said::never_begun);
    }
  CHECK(damaged > 100);
}
