#include "sim/world/plan.h"

namespace relance {
namespace {

// A bundle is compiled once for so many neighbouring seeds.
constexpr uint64_t kSeedsPerBundle = 4;

// Most worlds have few kinds of faults, so that each is met alone and in company.
int64_t sometimes(Chance& chance, int share, int64_t often, int64_t rarely) {
  return chance.percent(share) ? chance.between(often, rarely) : 0;
}

}  // namespace

Plan make_plan(uint64_t seed) {
  Chance chance(seed, "plan");
  Plan plan;
  plan.seed = seed;
  plan.shipped = seed % 5 == 0;
  plan.bundle = seed / kSeedsPerBundle;
  plan.customers = static_cast<int>(chance.between(3, plan.shipped ? 16 : 30));
  plan.talkative = chance.percent(40) ? 30 : 0;
  plan.span = chance.span(days(1), days(plan.shipped ? 10 : 6));
  plan.real_time = chance.percent(70);
  plan.marks = chance.percent(70);
  plan.shards = static_cast<int>(chance.between(1, 4));
  plan.hot_bytes = chance.percent(50) ? 48u << 20 : static_cast<uint64_t>(chance.between(1, 30000));
  plan.tail_entries = static_cast<uint64_t>(chance.percent(30) ? 240'000 : chance.between(8, 200));
  plan.lane_per_second =
      chance.percent(20) ? 0.01 * static_cast<double>(chance.between(1, 100)) : 0;

  plan.death = sometimes(chance, 75, 100, 1500);
  plan.most_deaths = static_cast<int>(chance.between(1, 8));
  plan.power_losses = static_cast<int>(chance.between(0, 100));
  plan.longest_outage = chance.percent(30) ? hours(12) : minutes(5);
  plan.unknown = sometimes(chance, 40, 5, 200);
  plan.full = sometimes(chance, 25, 50, 400);
  plan.taken_over = sometimes(chance, 20, 50, 600);
  plan.io_error = sometimes(chance, 20, 50, 600);
  if (!plan.real_time) plan.short_of_space = sometimes(chance, 30, 50, 400);
  plan.other_build = chance.percent(25) ? 30 : 0;
  plan.goes_back = chance.percent(10);
  plan.clock_set = sometimes(chance, 25, 20, 300);
  plan.stalls = sometimes(chance, 30, 20, 300);
  plan.pauses = chance.percent(25) ? static_cast<int>(chance.between(10, 100)) : 0;
  return plan;
}

ProviderPlan make_provider(Chance& chance, std::string name, std::string kind,
                           std::string_view class_name) {
  ProviderPlan plan;
  plan.name = std::move(name);
  plan.kind = std::move(kind);
  const bool asked = delivery_class_from(class_name, plan.delivery);
  if (!asked || chance.percent(40)) plan.delivery = static_cast<DeliveryClass>(chance.below(4));
  // A charge whose outcome nobody can find out is not to be had (docs/plugins.md).
  if (plan.kind == "retry" && plan.delivery != DeliveryClass::lookup)
    plan.delivery = DeliveryClass::keyed;
  plan.can_look_up = plan.delivery == DeliveryClass::lookup ||
                     (plan.delivery == DeliveryClass::keyed && chance.percent(60));
  plan.key_window = chance.percent(50) ? days(1) : chance.span(minutes(30), days(30));
  plan.lag = chance.percent(30) ? milliseconds(0) : chance.log_span(milliseconds(1), minutes(10));
  plan.limit = chance.span(seconds(5), minutes(2));
  plan.most_in_flight = chance.percent(60) ? 64 : static_cast<int>(chance.between(1, 4));
  const bool calm = chance.percent(30);
  if (!calm) {
    plan.lost = static_cast<int>(chance.between(0, 12));
    plan.silent = static_cast<int>(chance.between(0, 12));
    plan.not_now = static_cast<int>(chance.between(0, 12));
    plan.failed = static_cast<int>(chance.between(0, 8));
    plan.blind_look_ups = static_cast<int>(chance.between(0, 40));
  }
  plan.refused = plan.kind == "retry" ? static_cast<int>(chance.between(20, 80)) : 5;
  if (chance.percent(25)) {
    plan.mute_from = chance.span({}, days(4));
    plan.mute_for = chance.log_span(minutes(10), days(2));
  }
  return plan;
}

}  // namespace relance
