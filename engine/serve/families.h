// Building what Prometheus reads: families of figures with labels.
//
// Threads: one. Pure.
#pragma once

#include <prometheus/metric_family.h>

#include <string>
#include <vector>

#include "node/figures.h"

namespace relance {

using Families = std::vector<prometheus::MetricFamily>;
using Labels = std::vector<prometheus::ClientMetric::Label>;

// Good until the next one is added.
class Family {
 public:
  Family(Families& all, const char* name, const char* help, prometheus::MetricType type);
  Family& is(double value, Labels labels = {});
  Family& is(const Delays& delays);  // a histogram, in seconds

 private:
  prometheus::MetricFamily& family_;
};

inline Family counter(Families& all, const char* name, const char* help) {
  return {all, name, help, prometheus::MetricType::Counter};
}
inline Family gauge(Families& all, const char* name, const char* help) {
  return {all, name, help, prometheus::MetricType::Gauge};
}
inline Family histogram(Families& all, const char* name, const char* help) {
  return {all, name, help, prometheus::MetricType::Histogram};
}

}  // namespace relance
