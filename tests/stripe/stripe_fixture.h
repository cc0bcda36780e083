// A stage with relance.retry.stripe on it, beside a fake Stripe.
#pragma once

#include "providers/fake_stripe.h"
#include "support/plugin_stage.h"

namespace relance {

inline std::string stripe_config(const std::string& base_url, const std::string& more = "") {
  return R"({"api_key": {"secret": "STRIPE_KEY"}, "timeout_ms": 2000, "base_url": ")" + base_url +
         "\"" + (more.empty() ? "" : ", " + more) + "}";
}

struct Shop {
  explicit Shop(const std::string& more = "", const std::string& key = FakeStripe::kApiKey)
      : stage("relance.retry.stripe", stripe_config(stripe.url(), more), {{"STRIPE_KEY", key}}) {}

  // A touch that charges this bill, intended now.
  static TouchOrder touch(const std::string& bill, int try_no = 1, const std::string& more = "") {
    TouchOrder made = PluginStage::order(
        bill + "/" + std::to_string(try_no), "", {},
        R"({"invoice_id": ")" + bill + "\"" + (more.empty() ? "" : ", " + more) + "}");
    made.touch.what = TouchWhat::charge;
    made.touch.try_no = static_cast<uint8_t>(try_no);
    made.touch.intended_at = SystemClock().now();
    return made;
  }
  static TouchOrder again(TouchOrder order) {
    order.touch.held.change().attempts = 1;
    return order;
  }
  // POSTs with a key.
  size_t posts() const {
    size_t count = 0;
    for (const FakeRequest& request : stripe.requests()) count += request.method == "POST" ? 1 : 0;
    return count;
  }

  FakeStripe stripe;
  PluginStage stage;
};

inline std::string text_at(const OperationResult& result, std::string_view path) {
  return std::string(result.data.view().find_path(path).text().value_or(""));
}

}  // namespace relance
