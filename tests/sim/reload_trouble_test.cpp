// Whatever goes wrong while another generation takes over: the one before goes on, nothing is half
// done, and who asked is told.
#include "node/store_at_rest.h"
#include "sim/reload_town.h"
#include "store/faulty_store.h"

namespace fs = std::filesystem;
using namespace relance;
using namespace relance::test;

namespace {

BundleSources changed() {
  BundleSources sources = shop();
  sources["note.lua"] = flow_from("20");
  return sources;
}

class Troubled : public Town {
 public:
  Troubled() {
    over = [this](StoreFactory from) -> StoreFactory {
      return [this, from]() -> Result<std::unique_ptr<Store>> {
        if (disk_gone) return Error{Code::store_open, "there is no disk", {}, ""};
        auto store = from();
        if (!store) return store;
        return make_faulty_store(std::move(*store), plan);
      };
    };
    open(shop());
  }

  // Activates what has changed; its first `times` commits meet this.
  Result<uint64_t> reload_meeting(Fault::Kind kind, uint64_t times = 1) {
    auto next = prepare(changed());
    REQUIRE(next.ok());
    for (uint64_t i = 1; i <= times; ++i) plan->faults.push_back({plan->commits + i, kind});
    return rehearsal->generations().activate(std::move(*next), {"lea", "", ""});
  }
  size_t kept() { return rehearsal->node().store().reader()->generations()->size(); }
  // A run goes from its beginning to its end.
  void works_by(uint64_t generation, const std::string& day) {
    const size_t before = mails().size();
    event("payment.failed", "c-" + day, ("2026-01-" + day + "T10:00:00Z").c_str());
    run(("2026-01-" + day + "T18:00:00Z").c_str());
    CHECK(mails().size() == before + 1);
    CHECK(history().live_runs() == 0);
    CHECK(history().entries.back().generation == generation);
  }
  void still_works_by_the_first() {
    CHECK(live()->number() == 1);
    CHECK(kept() == 1);
    works_by(1, "06");
    CHECK(reload(changed()) == 2);
    works_by(2, "07");
  }

  const std::shared_ptr<FaultPlan> plan = std::make_shared<FaultPlan>();
  bool disk_gone = false;
};

Result<uint64_t> rolled_back_at_rest(Town& town) {
  AtRestOptions options;
  options.store = town.store();
  options.sandbox = options.virtual_clock = true;
  town.errors.clear();
  return StoreAtRest::roll_back(options, town.library(), 0, {"tom", "too many", ""}, town.errors);
}

}  // namespace

TEST_CASE_METHOD(Troubled, "a bundle for which the disk has no room leaves the one before") {
  const auto refused = reload_meeting(Fault::Kind::full);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::store_full);
  CHECK(refused.error().message.find("the bundle cannot be kept") == 0);
  still_works_by_the_first();
}

TEST_CASE_METHOD(Troubled, "an activation that may or may not be durable is found out") {
  const auto kind = GENERATE(Fault::Kind::unknown_kept, Fault::Kind::unknown_lost);
  REQUIRE(reload_meeting(kind).value() == 2);
  CHECK(live()->number() == 2);
  CHECK(kept() == 2);
  works_by(2, "06");
  close();
  open(changed());
  CHECK(live()->number() == 2);
}

TEST_CASE_METHOD(Troubled, "an activation that is lost again and again is refused, for sure") {
  const auto refused = reload_meeting(Fault::Kind::unknown_lost, 5);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::store_failed);
  CHECK(rehearsal->node().health().ok());
  still_works_by_the_first();
}

TEST_CASE_METHOD(Troubled,
                 "where nobody can say what was kept all work ends, and a start finds out") {
  const auto kind = GENERATE(Fault::Kind::unknown_kept, Fault::Kind::unknown_lost);
  auto next = prepare(changed());
  REQUIRE(next.ok());
  plan->faults.push_back({plan->commits + 1, kind});
  disk_gone = true;
  const auto refused = rehearsal->generations().activate(std::move(*next), {"lea", "", ""});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().hint.find("it may be the next start's") == 0);
  CHECK(live()->number() == 1);
  CHECK_FALSE(rehearsal->node().health().ok());
  event("payment.failed", "ann", "2026-01-06T10:00:00Z");
  CHECK_FALSE(rehearsal->run(at("2026-01-06T18:00:00Z")).ok());
  disk_gone = false;
  open(changed());
  CHECK(live()->number() == 2);
  CHECK(kept() == 2);
  works_by(2, "07");
}

TEST_CASE_METHOD(Troubled,
                 "a disk error in an activation ends all work, and nothing of it is kept") {
  const auto refused = reload_meeting(Fault::Kind::failed);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::store_failed);
  CHECK_FALSE(rehearsal->node().health().ok());
  open(shop());
  still_works_by_the_first();
}

TEST_CASE_METHOD(Troubled, "what is not what its manifest says is never activated") {
  const auto keep = [&](const std::string& least, uint64_t number, auto spoil) {
    BundleSources sources = shop();
    sources["note.lua"] = flow_from(least);
    auto next = prepare(sources);
    REQUIRE(next.ok());
    auto kept = next->generation->sources();
    Generation generation = next->generation->manifest(rehearsal->clock().now(), "lea", "");
    generation.number = number;
    const auto flow = std::find_if(kept.begin(), kept.end(), [&](const Source& one) {
      return one.text == sources["note.lua"];
    });
    REQUIRE(flow != kept.end());
    spoil(kept, flow, generation);
    REQUIRE(rehearsal->node().committer().commit_generation(kept, generation) == CommitOutcome::ok);
  };
  keep("20", 2, [](auto&, auto flow, auto&) { flow->text += "-- more"; });
  keep("30", 3, [](auto& kept, auto flow, auto&) { kept.erase(flow); });
  keep("40", 4, [](auto&, auto, auto& generation) { generation.manifest.pop_back(); });
  const auto code_of = [&](uint64_t number) {
    errors.clear();
    REQUIRE_FALSE(rehearsal->generations().prepare_stored(number, errors).ok());
    REQUIRE(errors.size() == 1);
    INFO(errors[0].text());
    CHECK(errors[0].message.find("generation " + std::to_string(number) + ": ") == 0);
    if (number < 4) CHECK(errors[0].message.find("note.lua") != std::string::npos);
    return errors[0].code;
  };
  CHECK(code_of(2) == Code::store_corrupt);
  CHECK(code_of(3) == Code::no_generation);
  CHECK(code_of(4) == Code::store_corrupt);
  CHECK(live()->number() == 1);
}

TEST_CASE_METHOD(Town, "a rollback where no engine runs strands nobody either") {
  open(shop());
  REQUIRE(reload(asking_shop()) == 2);
  event("payment.failed", "ann", "2026-01-05T10:00:00Z", "1");
  run("2026-01-05T10:10:00Z");
  close();
  REQUIRE_FALSE(rolled_back_at_rest(*this));
  REQUIRE(errors.size() == 1);
  INFO(errors[0].text());
  CHECK(errors[0].code == Code::reload_strands_runs);
  CHECK(errors[0].message.find("1 runs of flow 'ask'") == 0);
  CHECK(errors[0].message.find("of ann") != std::string::npos);

  open(asking_shop());
  REQUIRE(live()->number() == 2);
  event("payment.succeeded", "ann", "2026-01-05T10:20:00Z");
  run("2026-01-05T10:30:00Z");
  REQUIRE(history().live_runs() == 0);
  close();
  REQUIRE(rolled_back_at_rest(*this).value() == 3);
  open(asking_shop());
  CHECK(live()->number() == 3);
  CHECK(live()->bundle().sources == shop());
}

TEST_CASE_METHOD(Town, "a new build of a plugin that does not begin leaves the old at work") {
  const auto install = [&](const char* build) {
    fs::copy_file(fs::path(RELANCE_BUILD_DIR) / "tests/sim/plugins" / build,
                  plugins() / "test.begins.so", fs::copy_options::overwrite_existing);
  };
  install("test.begins.so");
  BundleSources sources = shop();
  sources["bundle.lua"].replace(sources["bundle.lua"].find("channels"), 0,
                                "policies = { soon = plugin 'test.begins' {} }, ");
  const size_t mail = sources["note.lua"].find("template = 'hello'");
  sources["note.lua"].insert(mail, "at = policy 'soon', ");
  open(sources);
  install("test.begins_not.so");
  for (int again = 0; again < 2; ++again) {
    REQUIRE_FALSE(prepare(sources).ok());
    REQUIRE(errors.size() == 1);
    INFO(errors[0].text());
    CHECK(errors[0].code == Code::plugin_refused);
    CHECK(errors[0].message.find("did not start: the account is closed") != std::string::npos);
    CHECK(errors[0].where.file == "shop/bundle.lua");
  }
  CHECK(live()->number() == 1);
  event("payment.failed", "ann", "2026-01-05T10:00:00Z");
  run("2026-01-05T18:00:00Z");
  CHECK(mails().size() == 1);
  install("test.begins.so");
  CHECK(prepare(sources)->unchanged);
}
