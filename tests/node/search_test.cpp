// A flow's search for its segment: page after page, round after round, through every crash.
#include "core/customer/search.h"

#include "base/crash_point.h"
#include "node/town.h"

using namespace relance;
using namespace relance::test;

namespace {

std::unique_ptr<FakeRules> campaign_rules(int pace = 0) {
  auto rules = recovery_rules();
  Flow made = flow("campaign", {step("mail", mail())});
  made.start.clear();
  made.key.clear();
  made.goal.clear();
  made.stop.clear();
  made.purpose = Purpose::service;
  made.re_entry = ReEntry::never_again;
  Segment segment;
  segment.from = "crm";
  segment.columns = {"country"};
  segment.cells = {{Cell::Kind::one_of, {Doc::text("FR")}}};
  segment.every = days(1);
  segment.pace = pace;
  made.segment = std::move(segment);
  rules->add(std::move(made));
  return rules;
}

// A CRM of customers c-0, c-1 ...; every third lives in France. Pages of a hundred.
struct Crm {
  int customers = 1000;
  int fails_at = -1;  // the page that is refused, as long as it is
  std::vector<std::string> cursors;

  Doc page(const Page& asked) {
    cursors.push_back(asked.cursor);
    const int from = asked.cursor.empty() ? 0 : std::atoi(asked.cursor.c_str());
    if (fails_at >= 0 && from == fails_at) return {};
    std::vector<Doc> items;
    for (int i = from; i < std::min(customers, from + 100); ++i)
      items.push_back(Doc::record({{"id", Doc::text("c-" + std::to_string(i))},
                                   {"email", Doc::text(std::to_string(i) + "@example.com")},
                                   {"timezone", Doc::text("UTC")},
                                   {"country", Doc::text(i % 3 == 0 ? "FR" : "DE")}}));
    std::vector<std::pair<std::string, Doc>> answer{{"items", Doc::list(items)}};
    if (from + 100 < customers)
      answer.emplace_back("cursor", Doc::text(std::to_string(from + 100)));
    return Doc::record(answer);
  }
};

void serve(Town& town, Crm& crm) {
  town.provider->pages = [&crm](const Page& asked) { return crm.page(asked); };
}

TownOptions on(std::shared_ptr<MemoryDisk> disk, Instant start) {
  TownOptions options;
  options.start = start;
  options.disk = std::move(disk);
  return options;
}

constexpr int kInFrance = 334;  // of a thousand

// How often a run of the campaign began, by customer.
std::map<Key, size_t> started(const History& history) {
  std::map<Key, size_t> counts;
  for (const auto& [key, customer] : history.customers) {
    const auto is_campaign = [](const auto& run) { return run.flow == "campaign"; };
    const auto count = std::count_if(customer.runs.begin(), customer.runs.end(), is_campaign) +
                       std::count_if(customer.past.begin(), customer.past.end(), is_campaign);
    if (count > 0) counts[key] = static_cast<size_t>(count);
  }
  return counts;
}

Search search_in(const History& history) {
  const auto moves = history.records<SearchMoved>();
  REQUIRE_FALSE(moves.empty());
  return moves.back().search;
}

void check_each_once(const std::map<Key, size_t>& counts) {
  REQUIRE(counts.size() == kInFrance);
  for (const auto& [customer, count] : counts) REQUIRE(count == 1);
}

}  // namespace

TEST_CASE("a search looks at every page, and begins a run for each customer who fits") {
  const auto rules = campaign_rules();
  World world;
  Crm crm;
  Town town(*rules, world, {});
  serve(town, crm);
  const History history = town.finish();
  check_each_once(started(history));
  CHECK(crm.cursors.size() == 10);
  const Search search = search_in(history);
  CHECK(search.looked_at == 1000);
  CHECK(search.found == kInFrance);
  CHECK_FALSE(search.running);
}

TEST_CASE("[S1-38] the next round finds those who have come in since, and nobody else") {
  const auto rules = campaign_rules();
  World world;
  Crm crm;
  const auto disk = std::make_shared<MemoryDisk>();
  {
    Town town(*rules, world, on(disk, kMonday));
    serve(town, crm);
    CHECK(search_in(town.finish()).round == 1);
  }
  crm.customers = 1003;  // c-1002 is one of them
  Town next(*rules, world, on(disk, kMonday + days(2)));
  serve(next, crm);
  const History later = next.finish();
  CHECK(search_in(later).round == 2);
  const auto counts = started(later);
  CHECK(counts.size() == kInFrance + 1);
  CHECK(counts.contains(customer_key("shop", "c-1002")));
  for (const auto& [customer, count] : counts) CHECK(count == 1);
}

TEST_CASE("a page that fails is asked for again where the search stands, and the round goes on") {
  const auto rules = campaign_rules();
  World world;
  Crm crm;
  crm.fails_at = 300;
  Town town(*rules, world, {});
  serve(town, crm);
  town.drive.call_at(
      kMonday + hours(5), [&crm] { crm.fails_at = -1; }, false);
  REQUIRE(town.run(kMonday + hours(4)));
  const auto troubled = replay(town.node->store()).records<SearchMoved>().back().search;
  CHECK(troubled.running);
  CHECK(troubled.trouble == "down");
  CHECK(troubled.failures >= 6);
  const History history = town.finish();
  check_each_once(started(history));
  CHECK(search_in(history).trouble.empty());
  const auto again = std::count(crm.cursors.begin(), crm.cursors.end(), "300");
  CHECK(again > 6);
  CHECK(again < 12);
  CHECK(std::count(crm.cursors.begin(), crm.cursors.end(), "200") == 1);
}

TEST_CASE("[S1-43] a campaign enters its customers, and touches them, no faster than its pace") {
  const auto rules = campaign_rules(60);
  World world;
  Crm crm;
  crm.customers = 300;
  Town town(*rules, world, {});
  serve(town, crm);
  const History history = town.finish();
  CHECK(started(history).size() == 100);
  REQUIRE(world.sent.size() == 100);
  for (size_t i = 1; i < world.sent.size(); ++i)
    CHECK((world.sent[i].first - world.sent[i - 1].first).ms >= 990);
  CHECK(world.sent.back().first - world.sent.front().first < minutes(4));
}

namespace {

// Copies what would remain of the store at every n-th instant at which an end would hurt.
struct Cuts final : CrashWatch {
  Cuts(const std::shared_ptr<MemoryDisk>& of, size_t every) : disk(of), each(every) {}
  void visit(CrashPoint) override {
    if (++visits % each == 0) remains.push_back(disk->copy());
  }
  std::shared_ptr<MemoryDisk> disk;
  size_t each, visits = 0;
  std::vector<std::shared_ptr<MemoryDisk>> remains;
};

}  // namespace

TEST_CASE("wherever a search is killed it goes on from there: nobody is left out or found twice") {
  const auto rules = campaign_rules();
  World world;
  Crm crm;
  Town town(*rules, world, {});
  serve(town, crm);
  Cuts cuts(town.options.disk, 131);
  CrashWatch* before = watch_crash_points(&cuts);
  REQUIRE(town.run(kMonday + hours(1)));
  watch_crash_points(before);
  REQUIRE(cuts.remains.size() > 10);
  size_t begun_before = 0;
  for (size_t i = 0; i < cuts.remains.size(); i += 1 + cuts.remains.size() / 12) {
    World after = world;
    crm.cursors.clear();
    Town survivor(*rules, after, on(cuts.remains[i], kMonday + minutes(1)));
    serve(survivor, crm);
    const History history = survivor.finish();
    INFO("cut " << i);
    check_each_once(started(history));
    CHECK(search_in(history).round == 1);
    begun_before += crm.cursors.size() < 10 ? 1 : 0;
  }
  CHECK(begun_before > 3);  // most of them did not begin anew
}

TEST_CASE("a flow that is changed in the middle of a round begins it anew") {
  auto rules = campaign_rules(1), changed = campaign_rules(1);
  World world;
  Crm crm;
  crm.customers = 300;
  const auto disk = std::make_shared<MemoryDisk>();
  {
    Town town(*rules, world, on(disk, kMonday));
    serve(town, crm);
    REQUIRE(town.run(kMonday + minutes(1)));
  }
  Flow other = *changed->active().back();
  other.segment->cells[0].values = {Doc::text("DE")};
  changed->replace(other, "second");
  Town next(*changed, world, on(disk, kMonday + minutes(2)));
  serve(next, crm);
  REQUIRE(next.run(kMonday + minutes(5)));
  const auto search = replay(next.node->store()).records<SearchMoved>().back().search;
  CHECK(search.round == 2);
  CHECK(search.version == changed->active().back()->version);
}

namespace {

std::unique_ptr<FakeRules> silent_rules(Duration after, std::string_view version) {
  auto rules = std::make_unique<FakeRules>();
  Flow made = flow("silent", {step("pause", wait_for(hours(1)))});
  made.start.clear();
  made.key.clear();
  made.goal.clear();
  made.stop.clear();
  made.absence = Absence{"order.placed", after};
  rules->add(std::move(made)).version = derive_key({"version", version});
  return rules;
}

}  // namespace

TEST_CASE("[S1-33] ninety days made sixty hold for everyone who waits, in memory or not") {
  const auto ninety = silent_rules(days(90), "ninety"), sixty = silent_rules(days(60), "sixty");
  const bool cold = GENERATE(true, false);
  World world;
  TownOptions options = on(std::make_shared<MemoryDisk>(), kMonday);
  {
    Town town(*ninety, world, options);
    for (int i = 0; i < 300; ++i)
      town.drive.call_at(
          kMonday + days(i % 30),
          [&town, i] {
            const std::string id = std::to_string(i);
            town.accept("c-" + id, "order.placed", Doc::record({{"order_id", Doc::text(id)}}), id);
          },
          false);
    REQUIRE(town.run(kMonday + days(75)));
    if (cold) REQUIRE(town.node->close());  // else the next start applies all of it again
  }
  options.start = kMonday + days(75);
  Town next(*sixty, world, options);
  REQUIRE(next.run(kMonday + days(75) + minutes(1)));
  CHECK(replay(next.node->store()).records<RunStarted>().size() == 160);  // who ordered by day 15
  REQUIRE(next.run(kMonday + days(88)));
  CHECK(replay(next.node->store()).records<RunStarted>().size() == 290);  // by day 28
}
