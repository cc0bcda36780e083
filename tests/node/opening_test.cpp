// Openings: what was held leaves as a flat line, the best touch of each customer first, and nobody
// gets two.
#include "node/town.h"

using namespace relance;
using namespace relance::test;

namespace {

const Instant kSaturday = *parse_instant("2026-01-10T10:00:00Z");
const Instant kOpens = *parse_instant("2026-01-12T09:00:00Z");  // Monday

// Every failed payment starts two flows: a mail, and an SMS that is more urgent. Both are held over
// the weekend.
std::unique_ptr<FakeRules> weekend_rules() {
  auto rules = std::make_unique<FakeRules>();
  rules->add_channel("email", "email");
  rules->add_channel("sms", "sms");
  rules->connectors["crm"] = Connector{"crm", DeliveryClass::repeatable, false, {}, {}, 0};
  SendStep text = mail();
  text.via = text.channel_kind = "sms";
  rules->add(flow("remind", {step("mail", mail())}));
  rules->add(flow("urgent", {step("text", text)}));
  rules->rules.windows = {{{}, *parse_time_of_day("09:00"), *parse_time_of_day("21:00"), 0x1f}};
  rules->rules.priority = {"urgent", "remind"};
  rules->rules.opening = OpeningRule{minutes(2), hours(24), false};
  return rules;
}

// How many left in each minute from the opening on.
std::vector<int> by_minute(const World& world, std::string_view channel, Instant from, Instant to) {
  std::vector<int> minutes(static_cast<size_t>((to - from).ms / 60'000) + 1);
  for (const auto& [at, by] : world.sent)
    if (by == channel && at >= from && at < to)
      ++minutes[static_cast<size_t>((at - from).ms / 60'000)];
  while (!minutes.empty() && minutes.back() == 0) minutes.pop_back();
  return minutes;
}

void play_weekend(int count) {
  const auto rules = weekend_rules();
  World world;
  TownOptions options;
  options.start = kSaturday;
  Town town(*rules, world, options);
  const double per_second = count / 600.0;  // all of them in ten minutes
  for (const char* channel : {"email", "sms"}) town.node->limit(channel, {1'000'000, per_second});
  for (int i = 0; i < count; ++i)
    town.payment_failed("c-" + std::to_string(i), "i-" + std::to_string(i));
  REQUIRE(town.run(kOpens - milliseconds(1)));
  CHECK(town.kept == static_cast<size_t>(count));  // events are taken at any hour
  CHECK(world.sent.empty());                       // contacts are not

  REQUIRE(town.run(kOpens + hours(12)));
  const std::vector<int> line = by_minute(world, "sms", kOpens, kOpens + hours(12));
  REQUIRE(line.size() >= 10);
  REQUIRE(line.size() <= 12);
  const double a_minute = per_second * 60;
  for (size_t minute = 1; minute + 2 < line.size(); ++minute) {
    CHECK(line[minute] <= a_minute + 2);
    CHECK(line[minute] >= a_minute - 2);
  }
  CHECK(world.sent.size() == static_cast<size_t>(count));  // one each, and the more urgent one

  const History history = town.finish();
  for (const auto& [id, customer] : history.customers) {
    REQUIRE(customer.touches.size() == 2);
    CHECK(customer.touches[0].channel == "sms");
    const Duration apart = customer.touches[1].intended_at - customer.touches[0].intended_at;
    CHECK(apart >= hours(24));
    CHECK(apart < hours(25));
  }
}

}  // namespace

TEST_CASE("what a weekend held leaves as a flat line on Monday, and nobody gets two",
          "[S1-43][S1-44][S0-20]") {
  play_weekend(1'200);
}

TEST_CASE("the same of 100,000 customers", "[.][opening-long]") { play_weekend(100'000); }

TEST_CASE("where the others are dropped, an opening brings one touch and no more", "[S1-43]") {
  const auto rules = weekend_rules();
  rules->rules.opening->drop = true;
  World world;
  TownOptions options;
  options.start = kSaturday;
  Town town(*rules, world, options);
  for (int i = 0; i < 50; ++i)
    town.payment_failed("c-" + std::to_string(i), "i-" + std::to_string(i));
  const History history = town.finish();
  CHECK(by_minute(world, "email", kOpens, kOpens + hours(48)).empty());
  int merged = 0;
  for (const StepEnded& ended : history.records<StepEnded>())
    merged += ended.outcome == "denied" && ended.reason == "merged" ? 1 : 0;
  CHECK(merged == 50);
}

TEST_CASE("when a provider returns, touches that waited for it are merged, too", "[S1-43]") {
  const auto rules = weekend_rules();
  rules->rules.windows.clear();
  World world;
  Town town(*rules, world, {});
  for (const char* channel : {"email", "sms"}) town.node->pace(channel, kMonday + hours(1));
  for (int i = 0; i < 50; ++i)
    town.payment_failed("c-" + std::to_string(i), "i-" + std::to_string(i));
  REQUIRE(town.run(kMonday + hours(12)));
  CHECK(by_minute(world, "sms", kMonday + hours(1), kMonday + hours(12)).size() == 1);
  CHECK(by_minute(world, "email", kMonday, kMonday + hours(12)).empty());
  const History history = town.finish();
  for (const auto& [id, customer] : history.customers) {
    REQUIRE(customer.touches.size() == 2);
    CHECK(customer.touches[1].intended_at - customer.touches[0].intended_at >= hours(24));
  }
}

TEST_CASE("without an opening in contact.lua nothing is merged") {
  const auto rules = weekend_rules();
  rules->rules.opening.reset();
  World world;
  TownOptions options;
  options.start = kSaturday;
  Town town(*rules, world, options);
  town.payment_failed("c-1", "i-1");
  REQUIRE(town.run(kOpens + hours(1)));
  CHECK(world.sent.size() == 2);
}

TEST_CASE("a payment during the weekend leaves nothing to be released", "[S1-43]") {
  const auto rules = weekend_rules();
  World world;
  TownOptions options;
  options.start = kSaturday;
  Town town(*rules, world, options);
  for (int i = 0; i < 20; ++i)
    town.payment_failed("c-" + std::to_string(i), "i-" + std::to_string(i));
  REQUIRE(town.run(kSaturday + hours(5)));
  for (int i = 0; i < 20; i += 2) town.paid("c-" + std::to_string(i), "i-" + std::to_string(i));
  REQUIRE(town.run(kOpens + hours(12)));
  CHECK(world.sent.size() == 10);
}
