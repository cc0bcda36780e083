#include "serve/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

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

  prometheus::Gauge& gauge(const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
  }
  // Counters that the node keeps: shown as they are.
  prometheus::Family<prometheus::Gauge>& accepted =
      prometheus::BuildGauge()
          .Name("relance_events_accepted")
          .Help("Events taken since the start: by POST /v1/events, or reported by a plugin.")
          .Register(registry);
  prometheus::Gauge& duplicates =
      gauge("relance_events_duplicate", "Of these, events that were known already.");
  prometheus::Gauge& early =
      gauge("relance_events_early", "Webhook events that wait until their touch is known.");
  prometheus::Gauge& commits = gauge("relance_store_commits", "Commits since the start.");
  prometheus::Gauge& entries = gauge("relance_store_entries", "Entries in the store.");
  prometheus::Gauge& hot = gauge("relance_customers_in_memory", "Customers held in memory.");
  prometheus::Gauge& waiting =
      gauge("relance_events_waiting", "Events taken that are not durable yet.");
  prometheus::Gauge& open = gauge("relance_operations_open", "Calls to plugins under way.");
  prometheus::Gauge& healthy =
      gauge("relance_store_healthy", "1 while the store takes commits, else 0.");
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

std::string IntakeMetrics::text(const NodeCore& node) {
  const NodeStatistics now = node.statistics();
  const auto accepted = [&](const std::string& from, uint64_t count) {
    inside_->accepted.Add({{"from", from}}).Set(static_cast<double>(count));
  };
  accepted("events", now.accepted);
  for (const auto& [instance, count] : now.from_plugins) accepted("plugin:" + instance, count);
  inside_->early.Set(static_cast<double>(now.early_events));
  inside_->duplicates.Set(static_cast<double>(now.duplicates));
  inside_->commits.Set(static_cast<double>(now.commits));
  inside_->entries.Set(static_cast<double>(now.entries));
  inside_->hot.Set(static_cast<double>(now.hot_customers));
  inside_->waiting.Set(static_cast<double>(now.waiting_inputs));
  inside_->open.Set(static_cast<double>(now.open_operations));
  inside_->healthy.Set(node.health() ? 1 : 0);
  return prometheus::TextSerializer().Serialize(inside_->registry.Collect());
}

}  // namespace relance
