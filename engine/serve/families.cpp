#include "serve/families.h"

#include <limits>

namespace relance {

Family::Family(Families& all, const char* name, const char* help, prometheus::MetricType type)
    : family_(all.emplace_back()) {
  family_.name = name;
  family_.help = help;
  family_.type = type;
}

Family& Family::is(double value, Labels labels) {
  prometheus::ClientMetric metric;
  metric.label = std::move(labels);
  if (family_.type == prometheus::MetricType::Counter)
    metric.counter.value = value;
  else
    metric.gauge.value = value;
  family_.metric.push_back(std::move(metric));
  return *this;
}

Family& Family::is(const Delays& delays) {
  prometheus::ClientMetric metric;
  uint64_t so_far = 0;
  for (size_t i = 0; i < Delays::kBoundsMs.size(); ++i) {
    so_far += delays.within(i);
    metric.histogram.bucket.push_back({so_far, static_cast<double>(Delays::kBoundsMs[i]) / 1000});
  }
  so_far += delays.within(Delays::kBoundsMs.size());
  metric.histogram.bucket.push_back({so_far, std::numeric_limits<double>::infinity()});
  metric.histogram.sample_count = so_far;
  metric.histogram.sample_sum = static_cast<double>(delays.total_ms()) / 1000;
  family_.metric.push_back(std::move(metric));
  return *this;
}

}  // namespace relance
