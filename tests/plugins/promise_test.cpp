// What a connector promises is what the weakest of its operations does, in whatever order they
// stand.
#include <catch2/catch.hpp>

#include "plugins/describe_instance.h"

using namespace relance;

namespace {

rl_operation operation(uint32_t delivery, uint32_t flags = 0, int64_t key_window_ms = 0) {
  rl_operation made{};
  made.struct_size = sizeof made;
  made.delivery = delivery;
  made.flags = flags;
  made.key_window_ms = key_window_ms;
  return made;
}

Connector promise(const std::vector<rl_operation>& operations) {
  std::vector<const rl_operation*> pointers;
  for (const rl_operation& one : operations) pointers.push_back(&one);
  rl_connector_caps caps{};
  caps.struct_size = sizeof caps;
  caps.operations = pointers.data();
  caps.operations_count = pointers.size();
  Connector connector;
  promise_of(caps, connector);
  return connector;
}

}  // namespace

TEST_CASE("a connector whose operations differ is repeated only as the weakest of them allows") {
  const rl_operation repeatable = operation(RL_REPEATABLE), blind = operation(RL_BLIND),
                     day = operation(RL_KEYED, RL_OP_LOOKUP, 86'400'000),
                     hour = operation(RL_KEYED, RL_OP_LOOKUP, 3'600'000),
                     look_up = operation(RL_LOOKUP, RL_OP_LOOKUP);
  CHECK(promise({repeatable}).delivery == DeliveryClass::repeatable);
  for (const auto& both : {std::vector{repeatable, day}, {day, repeatable}}) {
    CHECK(promise(both).delivery == DeliveryClass::keyed);
    CHECK(promise(both).key_window == days(1));
    CHECK_FALSE(promise(both).can_look_up);
  }
  for (const auto& both : {std::vector{look_up, day}, {day, look_up}}) {
    CHECK(promise(both).delivery == DeliveryClass::lookup);
    CHECK(promise(both).can_look_up);
  }
  for (const auto& both : {std::vector{blind, repeatable}, {repeatable, blind}})
    CHECK(promise(both).delivery == DeliveryClass::blind);
  CHECK(promise({day, hour}).key_window == hours(1));
}
