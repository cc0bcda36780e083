#include "script/flow_header.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "script/read_contact.h"
#include "script/read_places.h"
#include "script/step_kind.h"

namespace relance {
namespace {

constexpr std::array<Field, 17> kFields = {{
    {"start", Shape::events, true, "the event that starts a run"},
    {"key", Shape::texts, false, "a field or several: one live run each; none: one per customer"},
    {"goal", Shape::events, false, "ends the run as a success from any step"},
    {"stop", Shape::events, false, "ends the run from any step"},
    {"when", Shape::function, false, "function(run): false excludes the customer"},
    {"purpose", Shape::text, true, "service, recovery or marketing"},
    {"expire", Shape::duration, false, "from acceptance of the start event (90 days)"},
    {"updates", Shape::events, false, "events whose fields replace those of run.event"},
    {"recheck", Shape::record, false, "{ from, what, by, goal, stop }: read before a touch leaves"},
    {"holdout", Shape::record, false, "{ percent = 10 }: neither touched nor charged, sticky"},
    {"re_entry", Shape::any, false, "never_again, again_after(days(30)) or once_per_key"},
    {"windows", Shape::table, false, "narrower hours than contact.lua's"},
    {"caps", Shape::table, false, "further caps beside contact.lua's"},
    {"gap", Shape::duration, false, "a longer gap than contact.lua's"},
    {"quiet_days", Shape::table, false, "further quiet days beside contact.lua's"},
    {"self_cure", Shape::duration, false, "a longer wait than contact.lua's"},
    {"priority", Shape::any, false, "stands in contact.lua"},
}};

constexpr std::array<Field, 5> kRecheckFields = {{
    {"from", Shape::text, true, "a connector of the bundle, or \"crm\""},
    {"what", Shape::text, false, "what is read: \"order\""},
    {"by", Shape::text, false, "the field that tells which"},
    {"goal", Shape::text, false, "a field of what was read; true: the run ends by its goal"},
    {"stop", Shape::text, false, "a field of what was read; true: the run ends stopped"},
}};

constexpr std::array<Field, 1> kHoldoutFields = {{
    {"percent", Shape::integer, true, "of customers, by hash"},
}};

// Fields that the start events carry: of any of them.
std::vector<std::string> start_fields(const Compilation& compilation) {
  std::vector<std::string> names;
  for (const EventPattern& start : compilation.build.flow.start) {
    const EventType* type = compilation.context.events->find(start.type);
    if (type == nullptr) continue;
    for (const auto& [name, field] : type->fields) names.push_back(name);
  }
  return names;
}

void read_key(Compilation& compilation, const Fields& fields) {
  Flow& flow = compilation.build.flow;
  flow.key = fields.texts("key");
  const std::vector<std::string> names = start_fields(compilation);
  if (names.empty()) return;
  for (const std::string& key : flow.key) {
    if (std::find(names.begin(), names.end(), key) != names.end()) continue;
    fields.error("key", Code::unknown_path, fmt::format("the start event has no field '{}'", key),
                 did_you_mean(key, names));
  }
}

void read_purpose(Flow& flow, const Fields& fields) {
  const std::string word = fields.text("purpose");
  if (word.empty() || purpose_from(word, flow.purpose)) return;
  fields.known("purpose", word, {"service", "recovery", "marketing"}, Code::bad_value, "purpose");
}

void read_recheck(Compilation& compilation, const Fields& fields) {
  const Value* given = fields.get("recheck");
  if (given == nullptr) return;
  const Fields parts(*given, kRecheckFields, "'recheck'", fields.place().inside("recheck"),
                     compilation.findings);
  Recheck recheck;
  recheck.from = compilation.connector(parts, "from");
  recheck.what = parts.text("what");
  recheck.by = compilation.path(parts, "by");
  recheck.goal = parts.text("goal");
  recheck.stop = parts.text("stop");
  if (recheck.goal.empty() && recheck.stop.empty()) {
    fields.error("recheck", Code::missing_field, "'recheck' lacks 'goal' and 'stop'",
                 "it names fields of what is read; without one it has no effect");
  }
  compilation.build.flow.recheck = std::move(recheck);
}

void read_holdout(Compilation& compilation, const Fields& fields) {
  const Value* given = fields.get("holdout");
  if (given == nullptr) return;
  Flow& flow = compilation.build.flow;
  const Fields parts(*given, kHoldoutFields, "'holdout'", fields.place().inside("holdout"),
                     compilation.findings);
  flow.holdout_percent = parts.whole("percent", 0, 0, 90);
  if (flow.purpose == Purpose::service) {
    fields.error("holdout", Code::bad_value, "a service flow has no holdout",
                 "what a customer needs to know is not an experiment");
  }
}

void read_re_entry(Flow& flow, const Fields& fields) {
  const Value* given = fields.get("re_entry");
  if (given == nullptr) return;
  if (given->is_word("never_again")) {
    flow.re_entry = ReEntry::never_again;
  } else if (given->is_word("once_per_key")) {
    flow.re_entry = ReEntry::once_per_key;
  } else if (given->is_word("again_after") && given->items.size() == 1 &&
             given->items[0].is(Value::Kind::duration)) {
    flow.re_entry = ReEntry::again_after;
    flow.re_entry_after = {given->items[0].integer};
  } else {
    fields.error(
        "re_entry", Code::wrong_type,
        fmt::format("'re_entry' must be never_again, again_after(days(30)) or once_per_key, not {}",
                    describe(*given)));
  }
}

void read_tightening(Compilation& compilation, const Fields& fields) {
  ContactRules& rules = compilation.build.flow.tighten;
  if (const Value* windows = fields.get("windows")) {
    rules.windows = read_windows(*windows, fields.place().inside("windows"), compilation.findings);
  }
  if (const Value* caps = fields.get("caps")) {
    rules.caps = read_caps(*caps, fields.place().inside("caps"), compilation.findings);
  }
  rules.gap = fields.duration("gap");
  rules.quiet_days = read_quiet_days(fields);
  rules.self_cure = read_self_cure(fields);
  if (fields.written("priority")) {
    fields.error("priority", Code::unknown_field,
                 fmt::format("{} has no field 'priority'", fields.what()),
                 "the order of flows stands in contact.lua");
  }
}

}  // namespace

std::span<const Field> header_fields() { return std::span(kFields).first(kFields.size() - 1); }

void read_header(Compilation& compilation, const Value& header) {
  Flow& flow = compilation.build.flow;
  const Fields fields(header, kFields, fmt::format("flow '{}'", flow.name),
                      {&compilation.file, header.line, {}}, compilation.findings);
  flow.start = compilation.events(fields, "start");
  read_key(compilation, fields);
  flow.goal = compilation.events(fields, "goal");
  flow.stop = compilation.events(fields, "stop");
  flow.when = compilation.function(fields, "when");
  read_purpose(flow, fields);
  if (const auto expire = fields.duration("expire")) flow.expire = *expire;
  flow.updates = compilation.events(fields, "updates");
  read_recheck(compilation, fields);
  read_holdout(compilation, fields);
  read_re_entry(flow, fields);
  read_tightening(compilation, fields);
}

}  // namespace relance
