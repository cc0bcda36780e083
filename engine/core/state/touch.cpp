#include "core/state/touch.h"

#include <iterator>

namespace relance {
namespace {

constexpr std::string_view kClasses[] = {"blind", "lookup", "keyed", "repeatable"};

}  // namespace

std::string_view delivery_class_name(DeliveryClass delivery) {
  return kClasses[static_cast<size_t>(delivery)];
}

bool delivery_class_from(std::string_view name, DeliveryClass& delivery) {
  for (size_t i = 0; i < std::size(kClasses); ++i) {
    if (kClasses[i] != name) continue;
    delivery = static_cast<DeliveryClass>(i);
    return true;
  }
  return false;
}

std::string_view touch_state_name(TouchState state) {
  static constexpr std::string_view names[] = {"intended", "unknown", "parked", "done"};
  return names[static_cast<size_t>(state)];
}

}  // namespace relance
