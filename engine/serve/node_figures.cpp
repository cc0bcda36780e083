#include "serve/node_figures.h"

#include "core/graph/vocabulary.h"
#include "core/run/effect.h"

namespace relance {
namespace {

using Verdict = Figures::Verdict;

double as_double(uint64_t count) { return static_cast<double>(count); }
double in_seconds(Duration span) { return static_cast<double>(span.ms) / 1000; }

// Minor units to the currency's own: its digits are ISO 4217's.
double in_units(int64_t minor, const std::string& currency) {
  const auto known = Currency::parse(currency);
  double value = static_cast<double>(minor);
  for (int i = 0; known && i < known->exponent(); ++i) value /= 10;
  return value;
}

void add_intake(Families& all, const NodeCore& node) {
  const NodeStatistics now = node.statistics();
  Family accepted = counter(all, "relance_events_accepted_total",
                            "Events taken: by POST /v1/events, or reported by a plugin.");
  accepted.is(as_double(now.accepted), {{"from", "events"}});
  for (const auto& [instance, count] : now.from_plugins)
    accepted.is(as_double(count), {{"from", "plugin:" + instance}});
  counter(all, "relance_events_duplicate_total", "Of these, events that were known already.")
      .is(as_double(now.duplicates));
  gauge(all, "relance_events_early", "Webhook events that wait until their touch is known.")
      .is(as_double(now.early_events));
  gauge(all, "relance_events_waiting", "Events taken that are not durable yet.")
      .is(as_double(now.waiting_inputs));
  gauge(all, "relance_customers_in_memory", "Customers held in memory.")
      .is(as_double(now.hot_customers));
}

void add_store(Families& all, const NodeCore& node) {
  const Committer& committer = node.committer();
  counter(all, "relance_store_commits_total", "Commits.").is(as_double(committer.commits()));
  gauge(all, "relance_store_entries", "Entries in the store.").is(as_double(committer.entries()));
  gauge(all, "relance_store_tail_entries", "Entries that would be applied again after a crash.")
      .is(as_double(committer.tail()));
  gauge(all, "relance_store_healthy", "1 while the store takes commits, else 0.")
      .is(node.health() ? 1 : 0);
  gauge(all, "relance_store_low_on_space", "1 while the disk is nearly full, else 0.")
      .is(committer.low_on_space() ? 1 : 0);
}

void add_lanes(Families& all, const NodeCore& node) {
  const auto lanes = node.lanes().figures();
  const auto of_each = [&](Family family, auto value) {
    for (const LaneFigures& lane : lanes) family.is(value(lane), {{"channel", lane.channel}});
  };
  of_each(gauge(all, "relance_lane_waiting", "Touches that wait for their channel's lane."),
          [](const LaneFigures& lane) { return as_double(lane.waiting); });
  of_each(gauge(all, "relance_lane_in_flight", "Touches of a channel that were not answered yet."),
          [](const LaneFigures& lane) { return static_cast<double>(lane.in_flight); });
  of_each(gauge(all, "relance_lane_limit", "How many a channel may have in flight."),
          [](const LaneFigures& lane) { return static_cast<double>(lane.most_in_flight); });
  of_each(gauge(all, "relance_lane_paused_seconds", "How long its provider asked to wait."),
          [now = node.now()](const LaneFigures& lane) {
            return lane.again_at > now ? in_seconds(lane.again_at - now) : 0.0;
          });
  Family paced = gauge(all, "relance_flow_paced_waiting", "Touches that wait for a flow's pace.");
  for (const auto& [flow, waiting] : node.lanes().paced())
    paced.is(as_double(waiting), {{"flow", flow}});
  Family halted = gauge(all, "relance_touches_halted", "1 while no touch begins, for this cause.");
  for (const auto& [why, cause] :
       {std::pair{Halt::stopping, "stopping"}, std::pair{Halt::space, "space"},
        std::pair{Halt::clock, "clock"}, std::pair{Halt::lost, "lost"}})
    halted.is(node.lanes().halted(why) ? 1 : 0, {{"cause", cause}});
}

void add_gate(Families& all, const Figures& figures) {
  Family gate = counter(all, "relance_gate_decisions_total",
                        "Touches that the gate put off or refused, by reason.");
  for (const auto& [verdict, name] :
       {std::pair{Verdict::held, "held"}, std::pair{Verdict::denied, "denied"},
        std::pair{Verdict::late, "late"}})
    for (size_t i = 0; i < Figures::kReasons; ++i) {
      const auto reason = static_cast<Reason>(i);
      if (const uint64_t count = figures.judged(verdict, reason))
        gate.is(as_double(count),
                {{"verdict", name}, {"reason", std::string(reason_name(reason))}});
    }
}

void add_touches(Families& all, const Figures& figures) {
  Family intended = counter(all, "relance_touches_intended_total",
                            "Touches that passed the gate and left, or were about to.");
  figures.channels.each([&](const std::string& channel, const ChannelFigures& one) {
    intended.is(as_double(one.intended), {{"channel", channel}});
  });
  Family settled = counter(all, "relance_touches_settled_total",
                           "What became of them: done, failed, unknown, "
                           "parked; one may be unknown first.");
  figures.channels.each([&](const std::string& channel, const ChannelFigures& one) {
    settled.is(as_double(one.done), {{"channel", channel}, {"state", "done"}});
    settled.is(as_double(one.failed), {{"channel", channel}, {"state", "failed"}});
    settled.is(as_double(one.unknown), {{"channel", channel}, {"state", "unknown"}});
    settled.is(as_double(one.parked), {{"channel", channel}, {"state", "parked"}});
  });
  Family cost = counter(all, "relance_touch_cost_total",
                        "What touches with a known outcome cost, in units of the currency.");
  figures.channels.each([&](const std::string& channel, const ChannelFigures& one) {
    one.cost_micro.each([&](const std::string& currency, const std::atomic<int64_t>& micro) {
      cost.is(static_cast<double>(micro) / 1e6, {{"channel", channel}, {"currency", currency}});
    });
  });
}

void add_runs(Families& all, const Figures& figures) {
  Family started = counter(all, "relance_runs_started_total", "Runs begun.");
  figures.started.each([&](const std::string& flow, const Count& n) {
    started.is(as_double(n), {{"flow", flow}});
  });
  Family ended = counter(all, "relance_runs_ended_total", "Runs ended, by how.");
  for (const RunEnd how :
       {RunEnd::goal, RunEnd::stopped, RunEnd::expired, RunEnd::completed, RunEnd::failed})
    ended.is(as_double(figures.ended(how)), {{"end", std::string(run_end_name(how))}});
  counter(all, "relance_runs_held_total", "Runs held because their flow version cannot be loaded.")
      .is(as_double(figures.runs_held));
  Family amount =
      counter(all, "relance_recovered_amount_total",
              "What runs that reached their goal were about, in units of the currency.");
  figures.recovered_minor.each([&](const std::string& currency, const std::atomic<int64_t>& minor) {
    amount.is(in_units(minor, currency), {{"currency", currency}});
  });
}

void add_delays(Families& all, const NodeCore& node) {
  const Figures& figures = node.figures();
  gauge(all, "relance_timer_behind_seconds", "How long what is due soonest has been due.")
      .is(in_seconds(node.behind()));
  histogram(all, "relance_timer_lag_seconds",
            "From the instant something was due until it was done.")
      .is(figures.timers);
  histogram(all, "relance_slot_wait_seconds",
            "Of touches that had to wait for their lane: how long.")
      .is(figures.slots);
  histogram(all, "relance_dispatch_delay_seconds",
            "From the decision that a touch leaves, over its commit, until its plugin had it.")
      .is(figures.dispatches);
  histogram(
      all, "relance_event_dispatch_seconds",
      "From an event's own time until the plugin had the touch that it brought without a wait.")
      .is(figures.events);
}

}  // namespace

void add_node(Families& all, const NodeCore& node) {
  add_intake(all, node);
  add_store(all, node);
  add_lanes(all, node);
  add_gate(all, node.figures());
  add_touches(all, node.figures());
  add_runs(all, node.figures());
  add_delays(all, node);
}

void add_plugins(Families& all, const std::vector<InstanceHealth>& instances) {
  const auto of_each = [&](Family family, auto value) {
    for (const InstanceHealth& one : instances)
      family.is(value(one), {{"instance", one.name}, {"plugin", one.plugin}});
  };
  of_each(gauge(all, "relance_plugin_operations_open", "Calls to a plugin under way."),
          [](const InstanceHealth& one) { return as_double(one.open); });
  of_each(gauge(all, "relance_plugin_oldest_operation_seconds", "Age of the oldest of them."),
          [](const InstanceHealth& one) { return in_seconds(one.oldest); });
  of_each(counter(all, "relance_plugin_overdue_total", "Calls that were not answered in time."),
          [](const InstanceHealth& one) { return as_double(one.overdue); });
  of_each(counter(all, "relance_plugin_exceptions_total", "Exceptions across the contract."),
          [](const InstanceHealth& one) { return as_double(one.threw); });
  of_each(counter(all, "relance_plugin_starts_total",
                  "Times it was started: more than one where its own process ended."),
          [](const InstanceHealth& one) { return as_double(one.begun); });
  Family ended =
      counter(all, "relance_plugin_operations_total", "Calls to a plugin, by how they ended.");
  for (const InstanceHealth& one : instances)
    for (size_t i = 0; i < kOperationStatuses; ++i)
      if (one.ended[i] > 0)
        ended.is(as_double(one.ended[i]),
                 {{"instance", one.name},
                  {"plugin", one.plugin},
                  {"status", std::string(operation_status_name(static_cast<OperationStatus>(i)))}});
}

}  // namespace relance
