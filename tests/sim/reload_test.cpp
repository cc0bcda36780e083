// Another generation takes over while runs wait: what they keep, what is today's, and what is
// refused.
#include "node/difference.h"
#include "sim/reload_town.h"

using namespace relance;
using namespace relance::test;

namespace {

bool within_a_minute(Instant when, const char* of) {
  return when >= at(of) && when < at(of) + minutes(1);
}

}  // namespace

TEST_CASE_METHOD(Town, "runs keep the rule they began with; new ones follow today's", "[S2-18]") {
  open(shop());
  event("payment.failed", "small-early", "2026-01-05T10:00:00Z", "50");
  run("2026-01-05T10:30:00Z");
  BundleSources next = shop();
  next["note.lua"] = flow_from("20");
  REQUIRE(reload(next) == 2);
  event("payment.failed", "small-late", "2026-01-05T10:40:00Z", "50");
  run("2026-01-05T18:00:00Z");
  REQUIRE(mails().size() == 1);
  REQUIRE(within_a_minute(mails()[0].intended_at, "2026-01-05T11:40:00Z"));
  const auto started = history().records<RunStarted>();
  REQUIRE(started.size() == 2);
  REQUIRE(started[0].version != started[1].version);
  REQUIRE(live()->rules().flow(started[0].version) != nullptr);
}

TEST_CASE_METHOD(Town, "a contact rule acts at the next dispatch, also of runs under way") {
  open(shop());
  event("payment.failed", "ann", "2026-01-05T10:00:00Z");
  run("2026-01-05T10:30:00Z");
  BundleSources next = shop();
  next["contact.lua"] = "return contact { windows = { email = between('15:00', '16:00') } }\n";
  next["templates/hello.email.en.mustache"] = "Subject: Hello\nGood evening\n";
  reload(next);
  run("2026-01-05T18:00:00Z");
  REQUIRE(mails().size() == 1);
  REQUIRE(within_a_minute(mails()[0].intended_at, "2026-01-05T14:00:00Z"));  // 15:00 in Paris
}

TEST_CASE_METHOD(Town, "a bundle with errors changes nothing") {
  open(shop());
  BundleSources broken = shop();
  broken["note.lua"] = "local f = flow 'note' { start = event 'payment.failed' }\nf.x = sendd {}\n";
  REQUIRE_FALSE(prepare(broken).ok());
  REQUIRE_FALSE(errors.empty());
  REQUIRE(errors[0].where.file == "shop/note.lua");
  BundleSources no_plugin = shop();
  no_plugin["bundle.lua"].replace(no_plugin["bundle.lua"].find("'email' }"), 9,
                                  "'email', class = 'none' }");
  REQUIRE_FALSE(prepare(no_plugin).ok());
  REQUIRE(errors.size() == 1);
  REQUIRE(live()->number() == 1);
  REQUIRE(rehearsal->node().store().reader()->generations()->size() == 1);
  event("payment.failed", "ann", "2026-01-05T10:00:00Z");
  run("2026-01-05T18:00:00Z");
  REQUIRE(mails().size() == 1);
}

TEST_CASE_METHOD(Town, "what runs still need is not taken from them") {
  open(asking_shop());
  event("payment.failed", "ann", "2026-01-05T10:00:00Z", "1");
  run("2026-01-05T10:10:00Z");
  REQUIRE_FALSE(prepare(shop()).ok());
  REQUIRE(errors.size() == 1);
  INFO(errors[0].text());
  REQUIRE(errors[0].code == Code::reload_strands_runs);
  REQUIRE(errors[0].message.find("1 runs of flow 'ask'") == 0);
  REQUIRE(errors[0].message.find("of ann") != std::string::npos);
  REQUIRE(errors[0].message.find("billing") != std::string::npos);
  REQUIRE(live()->number() == 1);
}

TEST_CASE_METHOD(Town, "the same files are the same generation") {
  open(shop());
  auto next = prepare(shop());
  REQUIRE(next.ok());
  REQUIRE(next->unchanged);
  BundleSources other = shop();
  other["contact.lua"] = "return contact { gap = hours(4) }\n";
  REQUIRE_FALSE(prepare(other)->unchanged);
}

TEST_CASE_METHOD(Town, "who changed what and why is kept, and the way back needs no files") {
  open(shop());
  BundleSources bad = shop();
  bad["note.lua"] = flow_from("1");
  REQUIRE(reload(bad) == 2);
  auto back = rehearsal->generations().prepare_stored(1, errors);
  REQUIRE(back.ok());
  const std::string set_aside = live()->bundle().hash;
  REQUIRE(
      rehearsal->generations().activate(std::move(*back), {"tom", "too many", set_aside}).value() ==
      3);
  REQUIRE(live()->bundle().sources == shop());
  const auto kept = rehearsal->node().store().reader()->generations();
  REQUIRE(kept->size() == 3);
  REQUIRE(kept->at(0).author == "tom");
  REQUIRE(kept->at(0).reason == "too many");
  REQUIRE(kept->at(1).author == "lea");
  REQUIRE(same_content(kept->at(0).manifest, kept->at(2).manifest));
  close();
  open(bad);  // the files still say so
  REQUIRE(live()->bundle().sources == shop());
  REQUIRE(live()->number() == 3);
  close();
  BundleSources mended = shop();
  mended["note.lua"] = flow_from("2");
  open(mended);
  REQUIRE(live()->bundle().sources == mended);
  REQUIRE(live()->number() == 4);
  REQUIRE_FALSE(rehearsal->generations().prepare_stored(9, errors).ok());
  REQUIRE(errors.back().code == Code::no_generation);
}

TEST_CASE_METHOD(Town, "generations that nothing holds are let go, with what only they needed") {
  open(shop());
  event("payment.failed", "ann", "2026-01-05T10:00:00Z");
  run("2026-01-05T10:10:00Z");
  std::weak_ptr<ActiveGeneration> first = live();
  const Key pinned = history().records<RunStarted>().at(0).version;
  for (int i = 0; i < 80; ++i) {
    BundleSources next = shop();
    next["note.lua"] = flow_from(std::to_string(1000 + i));
    next["templates/hello.email.en.mustache"] = "Subject: Hello\nNumber " + std::to_string(i);
    reload(next);
    rehearsal->generations().sweep();
  }
  REQUIRE(first.expired());
  REQUIRE(live()->rules().flow(pinned) != nullptr);
  REQUIRE(live()->rules().older() < 80);
  run("2026-01-05T18:00:00Z");
  REQUIRE(mails().size() == 1);  // by the rule it began with
}

TEST_CASE_METHOD(Town, "sixty days become ninety by a reload, for whoever is counted now",
                 "[S1-33]") {
  const auto lapsed = [](const std::string& after) {
    BundleSources sources = shop();
    sources["lapsed.lua"] = "local f = flow 'lapsed' { start = absence_of 'order.placed' (days(" +
                            after +
                            ")), purpose = 'marketing' }\nf.pause = wait { hours(1) }\n"
                            "return f\n";
    return sources;
  };
  open(lapsed("60"));
  event("order.placed", "ann", "2026-01-05T10:00:00Z");
  run("2026-02-05T00:00:00Z");
  reload(lapsed("90"));
  run("2026-03-20T00:00:00Z");
  REQUIRE(history().records<RunStarted>().empty());
  run("2026-04-10T00:00:00Z");
  REQUIRE(history().records<RunStarted>().size() == 1);

  event("order.placed", "bob", "2026-04-11T00:00:00Z");
  run("2026-05-30T00:00:00Z");
  reload(lapsed("30"));
  run("2026-05-31T00:00:00Z");
  REQUIRE(history().records<RunStarted>().size() == 2);
}

TEST_CASE_METHOD(Town, "a new build of a plugin takes over; a broken one leaves the old at work") {
  open(shop());
  event("payment.failed", "ann", "2026-01-05T10:00:00Z");
  event("payment.failed", "bob", "2026-01-05T12:00:00Z");
  run("2026-01-05T11:30:00Z");
  REQUIRE(mails().size() == 1);
  std::ofstream(sandbox(), std::ios::app) << "another build";  // behind all that is read of it
  const auto next = prepare(shop());
  REQUIRE(next.ok());
  REQUIRE_FALSE(next->unchanged);
  const auto changed = difference(live()->manifest(), next->generation->manifest());
  REQUIRE(changed == std::vector<Differing>{{Differing::How::changed, "plugin", "crm"},
                                            {Differing::How::changed, "plugin", "email"}});
  reload(shop());
  REQUIRE(rehearsal->generations().sweep() > 0);  // the old ones, in case an answer is on its way
  run("2026-01-05T18:00:00Z");
  REQUIRE(rehearsal->generations().sweep() == 0);
  REQUIRE(mails().size() == 2);
  std::ofstream(sandbox()) << "no library";
  REQUIRE_FALSE(prepare(shop()).ok());
  REQUIRE(errors[0].code == Code::plugin_open);
  event("payment.failed", "eve", "2026-01-05T18:00:00Z");
  run("2026-01-06T18:00:00Z");
  REQUIRE(mails().size() == 3);
}

TEST_CASE_METHOD(Town, "instances that are alike are one, whatever else changes") {
  open(shop());
  const Channel* before = live()->host().channel("email");
  BundleSources next = shop();
  next["contact.lua"] = "return contact { gap = hours(1) }\n";
  const auto first = live();
  reload(next);
  REQUIRE(live()->host().channel("email")->effect_hash == before->effect_hash);
  REQUIRE(rehearsal->generations().sweep() == 1);  // the generation that this test holds
}
