#include "serve/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "serve/node_figures.h"

namespace relance {

struct IntakeMetrics::Inside {
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& answers =
      prometheus::BuildCounter()
          .Name("relance_http_answers_total")
          .Help("Answers to HTTP requests by route and status.")
          .Register(registry);
  prometheus::Histogram& durable =
      prometheus::BuildHistogram()
          .Name("relance_event_durable_seconds")
          .Help("From a request with events until all of them were durable.")
          .Register(registry)
          .Add({}, prometheus::Histogram::BucketBoundaries{0.001, 0.002, 0.005, 0.01, 0.02, 0.05,
                                                           0.1, 0.5, 1, 5});
};

IntakeMetrics::IntakeMetrics() : inside_(std::make_unique<Inside>()) {}
IntakeMetrics::~IntakeMetrics() = default;

void IntakeMetrics::answered(std::string_view route, int status) {
  inside_->answers.Add({{"route", std::string(route)}, {"status", std::to_string(status)}})
      .Increment();
}

void IntakeMetrics::event_kept(Duration after) {
  inside_->durable.Observe(static_cast<double>(after.ms) / 1000);
}

std::string IntakeMetrics::text(const NodeCore& node, const PluginHost& host) {
  Families all;
  add_node(all, node);
  add_plugins(all, host.health());
  add_process(all);
  for (prometheus::MetricFamily& family : inside_->registry.Collect())
    all.push_back(std::move(family));
  return prometheus::TextSerializer().Serialize(all);
}

}  // namespace relance
