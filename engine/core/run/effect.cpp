#include "core/run/effect.h"

namespace relance {

std::string_view operation_status_name(OperationStatus status) {
  static constexpr std::string_view names[] = {"done",      "refused", "not_now", "failed",
                                               "cancelled", "unknown", "absent"};
  return names[static_cast<size_t>(status)];
}

}  // namespace relance
