// One step of a compiled flow: its kind's fields, its outcomes, and the edges that start it.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/doc.h"
#include "base/instant.h"
#include "base/zone.h"
#include "core/graph/vocabulary.h"

namespace relance {

using StepIndex = uint16_t;
inline constexpr StepIndex kNoStep = 0xffff;

// A function of the flow's source, by order of appearance; none by default.
struct FunctionRef {
  uint16_t number = 0xffff;
  explicit operator bool() const { return number != 0xffff; }
  bool operator==(const FunctionRef&) const = default;
};

// An event type with an optional filter on its fields.
struct EventPattern {
  std::string type;
  FunctionRef where;
  bool operator==(const EventPattern&) const = default;
};

// "Step ended in one of these outcomes." Bare: in any outcome at all (inside `all` also skipped or
// unreached).
struct Edge {
  StepIndex step = kNoStep;
  std::vector<std::string> outcomes;
  bool bare = false;
  bool otherwise = false;  // `outcomes` was filled by `otherwise`
  bool operator==(const Edge&) const = default;
};

// When a step may start: a tree of edges. `none`: with the run.
struct After {
  enum class Kind : uint8_t { none, edge, any, all, ended };
  Kind kind = Kind::none;
  Edge edge;                 // kind edge
  std::vector<After> of;     // kind any, all
  std::vector<RunEnd> ends;  // kind ended: runs last, when the run ended so
  bool operator==(const After&) const = default;
};

// Calls `visit` for each edge of the tree, in the order of the file. `joins`: the edge stands
// inside an `all`.
void each_edge(const After& after, const std::function<void(const Edge& edge, bool joins)>& visit);

// Data for a touch or an operation: a function of the run, or a constant record, or nothing.
struct DataSource {
  FunctionRef function;
  Doc constant;
  bool operator==(const DataSource&) const = default;
};

// A moment told by a field: `before "event.pickup_at" { days = 1, at = "10:00" }` or
// `since "event.time" (minutes(60))`.
struct FieldMoment {
  enum class Kind : uint8_t { before, since };
  Kind kind = Kind::before;
  std::string path;       // "event.pickup_at"
  Duration offset;        // taken off (before) or added (since)
  int calendar_days = 0;  // before: days back in the customer's zone, then `at`
  std::optional<TimeOfDay> at;
  bool operator==(const FieldMoment&) const = default;
};

// When a try may leave: any time, at a local time of day, or when a policy says. The time of day
// may be what stands at a path: "steps.plan.data.at"; where nothing does, any time.
struct SendTime {
  std::optional<TimeOfDay> local;
  std::string policy;
  std::string path;
  bool operator==(const SendTime&) const = default;
};

struct Override {
  std::string rule;    // gap, cap, window, never, mutex, priority
  std::string reason;  // for the audit
  bool operator==(const Override&) const = default;
};

struct FetchStep {
  std::string from, what, by;
  std::vector<std::string> need;
  Doc defaults;  // record: field -> value where the source has none
  bool operator==(const FetchStep&) const = default;
};

struct ChargeStep {
  std::string via;
  int tries = 1;
  std::optional<Duration> gap;
  SendTime at;
  DataSource data;
  bool operator==(const ChargeStep&) const = default;
};

// A channel that a send may go over: its name in the bundle, and its kind (email, sms, voice, ...).
struct SendChannel {
  std::string via, kind;
  bool operator==(const SendChannel&) const = default;
};

struct SendStep {
  // Of a send over one channel; empty where it has several.
  std::string via;
  std::string channel_kind;  // whose words the step has
  std::string template_name, script;
  std::string content;  // the bundle's writer, who makes the words from the template; empty: none
  Duration content_within = seconds(30);  // later than this the template itself is sent
  DataSource data;
  int tries = 1;
  // Real dispatch to next try, and response window; 24 h where neither gap nor at is given.
  std::optional<Duration> gap;
  SendTime at;
  std::vector<EventPattern> expect;
  std::optional<FieldMoment> deadline;
  int callbacks = 0;
  bool resend_unknown = false;
  bool requested = false;
  std::vector<Override> overrides;
  std::vector<SendChannel> channels;  // several, the cheapest first; with them `choose`
  std::string choose;                 // the policy that picks one of them, each time a try leaves

  std::vector<SendChannel> over() const;  // one or several
  bool operator==(const SendStep&) const = default;
};

struct WaitStep {
  std::optional<Duration> duration;
  std::optional<FieldMoment> before;
  std::optional<TimeOfDay> until_local;
  bool operator==(const WaitStep&) const = default;
};

struct AwaitStep {
  std::vector<EventPattern> events;
  std::optional<Duration> within;
  bool operator==(const AwaitStep&) const = default;
};

// One cell of a decision table. `any` where the row has none.
struct Cell {
  enum class Kind : uint8_t { any, one_of, at_least, below, between };
  Kind kind = Kind::any;
  // one_of: the values; at_least, below: one, or one money per currency; between: from, to.
  std::vector<Doc> values;
  bool operator==(const Cell&) const = default;
};

struct TableRow {
  std::vector<Cell> cells;  // as many as columns
  std::string outcome;
  Doc data;  // free columns, as a record
  int line = 0;
  bool operator==(const TableRow&) const = default;
};

struct DecideStep {
  enum class Kind : uint8_t { table, function, policy, split };
  Kind kind = Kind::table;
  std::vector<std::string> columns;  // table: names, sorted
  std::vector<std::string> paths;    // table: "event.decline.action", as many as columns
  std::vector<TableRow> rows;
  bool first_hit = false;  // else unique: overlaps are reported at load
  FunctionRef function;
  std::string policy;
  std::vector<std::pair<std::string, int>> split;  // outcome, percent; sums to 100
  std::vector<std::string> words;                  // function, policy: the outcomes it may give
  std::string otherwise;                           // outcome where no row matches; may be empty
  bool operator==(const DecideStep&) const = default;
};

struct ActStep {
  std::string on, op;
  DataSource data, only_if;
  StepIndex settles = kNoStep;  // the hold whose undo this makes unnecessary when done
  bool operator==(const ActStep&) const = default;
};

struct HoldStep {
  std::string on, op, undo;
  DataSource data;
  Duration at_most;
  bool operator==(const HoldStep&) const = default;
};

struct ReleaseStep {
  StepIndex hold = kNoStep;
  bool operator==(const ReleaseStep&) const = default;
};

inline constexpr std::array<std::string_view, 3> kLostWords = {"queue", "returned", "expired"};
struct HandoffStep {
  std::string queue;
  std::optional<Duration> within;
  std::vector<std::string> words;  // default: resolved
  // What follows when who had it let the lease run out, or its desk did not take it.
  enum class Lost : uint8_t { queue, returned, expired } lost = Lost::queue;
  bool operator==(const HandoffStep&) const = default;
};

struct RecordStep {
  std::string what;
  DataSource data;
  bool operator==(const RecordStep&) const = default;
};

struct StopStep {
  std::string reason;
  bool operator==(const StopStep&) const = default;
};

// Another flow for this customer; of its own flow and key: this run ends, and a new one begins.
struct StartFlowStep {
  std::string flow;
  DataSource data;  // the event of the run that begins; its key fields default to this run's
  bool operator==(const StartFlowStep&) const = default;
};

// In the order of StepKind.
using StepBody =
    std::variant<FetchStep, ChargeStep, SendStep, WaitStep, AwaitStep, DecideStep, ActStep,
                 HoldStep, ReleaseStep, HandoffStep, RecordStep, StopStep, StartFlowStep>;

struct Step {
  std::string name;
  std::string was;  // its name in an earlier version
  int line = 0;
  After after;
  FunctionRef when;
  std::vector<std::string> outcomes;     // all words it may end in; with `when` also `skipped`
  std::vector<std::string> close_words;  // those that come from its conversation script
  StepBody body;

  StepKind kind() const { return static_cast<StepKind>(body.index()); }
  bool has_outcome(std::string_view word) const;
  bool operator==(const Step&) const = default;
};

}  // namespace relance
