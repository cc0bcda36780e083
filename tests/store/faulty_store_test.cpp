#include "store/faulty_store.h"

#include "store_driver.h"

namespace relance::store_test {
namespace {

// A disk, a plan, and stores that follow it one after another.
class Planned {
 public:
  explicit Planned(std::deque<Fault> faults) { plan_->faults = std::move(faults); }

  Result<std::unique_ptr<Store>> open(StoreOptions options) {
    auto inner = open_memory_store(disk_, std::move(options));
    if (!inner) return inner.error();
    return make_faulty_store(std::move(inner).value(), plan_);
  }
  FaultPlan& plan() { return *plan_; }
  std::shared_ptr<MemoryDisk> disk() { return disk_; }

 private:
  std::shared_ptr<MemoryDisk> disk_ = std::make_shared<MemoryDisk>();
  std::shared_ptr<FaultPlan> plan_ = std::make_shared<FaultPlan>();
};

TEST_CASE("an unknown commit is judged by the next position after opening again", "[store]") {
  const bool kept = GENERATE(true, false);
  Planned planned({{2, kept ? Fault::Kind::unknown_kept : Fault::Kind::unknown_lost}});
  Driver driver = Driver::open(planned);
  driver.commit_plain(1);
  driver.add_event("ann", "e1");
  const Batch in_doubt = driver.batch();
  CHECK(driver.commit() == CommitOutcome::unknown);
  CHECK(driver.store().commit(in_doubt) == CommitOutcome::unknown);

  driver.reopen(planned);
  CHECK(driver.store().opened().next_position == (kept ? 3 : 2));
  CHECK(seen(*driver.store().reader(), "e1") == kept);
  CHECK(driver.store().commit(in_doubt) == CommitOutcome::fenced);
  driver.commit_plain(1);
  require_whole(driver.store());
}

TEST_CASE("faults strike at the commits they are planned for, over openings", "[store]") {
  Planned planned({{2, Fault::Kind::full}, {4, Fault::Kind::fenced}, {5, Fault::Kind::failed}});
  Driver driver = Driver::open(planned);
  driver.commit_plain(1);
  driver.add("ann", "a1");
  CHECK(driver.commit() == CommitOutcome::full);
  CHECK(driver.store().trouble() == "as planned");
  CHECK(driver.commit() == CommitOutcome::ok);
  driver.add("ann", "a2");
  CHECK(driver.commit() == CommitOutcome::fenced);
  CHECK(driver.commit() == CommitOutcome::fenced);
  driver.reopen(planned);
  driver.add("bob", "b1");
  CHECK(driver.commit() == CommitOutcome::failed);
  CHECK(driver.commit() == CommitOutcome::failed);
  driver.reopen(planned);
  CHECK(driver.store().opened().next_position == 3);
  driver.commit_plain(1);
}

TEST_CASE("a store that goes back in time has lost what it acknowledged", "[store]") {
  Planned planned({{4, Fault::Kind::went_back}});
  std::shared_ptr<MemoryDisk> older;
  planned.plan().go_back = [&] { planned.disk()->go_back_to(*older); };
  Driver driver = Driver::open(planned);
  driver.commit_plain(1);
  older = planned.disk()->copy();
  driver.commit_plain(2);
  driver.add("ann", "after");
  CHECK(driver.commit() == CommitOutcome::went_back);
  driver.reopen(planned);
  CHECK(driver.store().opened().went_back);
  CHECK(driver.store().opened().next_position == 2);
}

TEST_CASE("a memory store whose disk goes back answers went_back", "[store]") {
  MemoryFixture fixture;
  Driver driver = Driver::open(fixture);
  driver.commit_plain(1);
  fixture.remember();
  driver.commit_plain(1);
  fixture.go_back();
  driver.add("ann", "after");
  CHECK(driver.commit() == CommitOutcome::went_back);
}

TEST_CASE("a copy of a memory disk and its original go on apart", "[store]") {
  MemoryFixture fixture;
  Driver driver = Driver::open(fixture);
  driver.add("ann", "both");
  REQUIRE(driver.commit() == CommitOutcome::ok);
  const auto copy = fixture.crash_copy();
  driver.add("ann", "here");
  REQUIRE(driver.commit() == CommitOutcome::ok);
  Driver other = Driver::open(*copy);
  other.add("bob", "there");
  REQUIRE(other.commit() == CommitOutcome::ok);

  const auto here = read_entries(*driver.store().reader(), 1, 9);
  const auto there = read_entries(*other.store().reader(), 1, 9);
  REQUIRE(here.size() == 2);
  REQUIRE(there.size() == 2);
  CHECK(here[1].body == body_of({}, "here"));
  CHECK(there[1].body == body_of({}, "there"));
}

}  // namespace
}  // namespace relance::store_test
