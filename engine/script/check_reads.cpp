#include "script/check_reads.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "core/run/kept_facts.h"
#include "script/bytecode.h"
#include "script/flow_start.h"
#include "script/run_proxy.h"

namespace relance {
namespace {

using Names = std::vector<std::string>;

// "a.b.c" -> "a", "b.c"
std::pair<std::string, std::string> head_of(const std::string& path) {
  const size_t dot = path.find('.');
  if (dot == std::string::npos) return {path, ""};
  return {path.substr(0, dot), path.substr(dot + 1)};
}

class ReadCheck {
 public:
  explicit ReadCheck(Compilation& compilation)
      : compilation_(compilation), flow_(compilation.build.flow), findings_(compilation.findings) {
    event_fields_ = fields_at_start(flow_, *compilation.context.events);
    for (const EventPattern& update : flow_.updates) {
      const EventType* type = compilation.context.events->find(update.type);
      if (type == nullptr) event_fields_.clear();
      if (event_fields_.empty()) break;
      event_fields_.insert(type->fields.begin(), type->fields.end());
    }
  }

  void run() {
    for (const PathUse& use : compilation_.path_uses) check_path(use);
    for (const FunctionUse& use : compilation_.function_uses) {
      if (use.event_types.empty())
        check_function(use);
      else
        check_filter(use);
    }
  }

 private:
  // The fields of any of these event types; empty where one is unknown, so that nothing can be
  // said.
  Names fields_of(const Names& types) const {
    Names names;
    for (const std::string& name : types) {
      const EventType* type = compilation_.context.events->find(name);
      if (type == nullptr) return {};
      for (const auto& [field, kind] : type->fields) names.push_back(field);
    }
    if (!names.empty()) names.emplace_back("time");
    return names;
  }

  Names event_names() const {
    Names names;
    for (const auto& [name, type] : event_fields_) names.push_back(name);
    return names;
  }

  const Step* find_step(const std::string& name, const Where& where) {
    if (const Step* step = flow_.find(name)) return step;
    Names names;
    for (const Step& step : flow_.steps) names.push_back(step.name);
    findings_.error(where, Code::unknown_step, fmt::format("there is no step '{}'", name),
                    did_you_mean(name, names));
    return nullptr;
  }

  void add_read(StepIndex reader, const Step& step, int line, bool guarded) {
    const auto read = static_cast<StepIndex>(&step - flow_.steps.data());
    if (reader != kNoStep) compilation_.build.reads.push_back({reader, read, line, guarded});
  }

  // --- paths as texts

  void check_path(const PathUse& use) {
    const auto [root, rest] = head_of(use.path);
    if (root == "event" || root == "latest") return check_event_path(use, root, rest);
    if (use.moment) {
      return unknown(use, fmt::format("'{}' is no moment of the event", use.path),
                     "write event.FIELD");
    }
    if (root == "steps") return check_step_path(use, rest);
    if (root == "facts" && !rest.empty()) return check_fact(rest, use.where);
    const bool whole = (root == "failures" || root == "now") && rest.empty();
    if (whole || (root == "customer" && !rest.empty())) return;
    const std::string near =
        did_you_mean(root, {"event", "latest", "customer", "facts", "steps", "failures", "now"});
    unknown(use, fmt::format("there is no '{}'", use.path),
            near.empty() ? "paths begin with event, customer or steps" : near);
  }

  void check_fact(const std::string& name, const Where& where) {
    Names names;
    for (const FactField& fact : fact_fields()) names.emplace_back(fact.name);
    if (std::find(names.begin(), names.end(), name) == names.end())
      findings_.error(where, Code::unknown_path, fmt::format("there is no fact '{}'", name),
                      did_you_mean(name, names));
  }

  void check_event_path(const PathUse& use, const std::string& root, const std::string& rest) {
    const std::string field = head_of(rest).first;
    const Names names = event_names();
    if (names.empty() || root == "latest") return;
    if (std::find(names.begin(), names.end(), field) == names.end()) {
      return unknown(use, fmt::format("the start event has no field '{}'", field),
                     did_you_mean(field, names));
    }
    const FieldType type = event_fields_.at(field);
    if (use.moment && type != FieldType::instant && type != FieldType::date) {
      unknown(use, fmt::format("'{}' is {}, no moment", use.path, field_type_name(type)), "");
    }
  }

  void check_step_path(const PathUse& use, const std::string& rest) {
    const auto [name, what] = head_of(rest);
    const Step* step = find_step(name, use.where);
    if (step == nullptr) return;
    const std::string part = head_of(what).first;
    if (part == "data")
      add_read(use.reader, *step, use.where.line, false);
    else if (what != "outcome")
      unknown(use, fmt::format("there is no '{}'", use.path),
              "of a step there are outcome and data");
  }

  void unknown(const PathUse& use, std::string message, std::string hint) {
    findings_.error(use.where, Code::unknown_path, std::move(message), std::move(hint));
  }

  // --- functions

  // A function of the run. `outcome` tested anywhere in it counts as care about absence.
  void check_function(const FunctionUse& use) {
    const std::vector<PathRead> reads = paths_read(compilation_.lua, use.function);
    std::set<std::string> asked;
    for (const PathRead& read : reads) {
      const auto [root, rest] = head_of(read.path);
      const auto [name, what] = head_of(rest);
      if (root == "steps" && what == "outcome") asked.insert(name);
    }
    for (size_t i = 0; i < reads.size(); ++i) check_read(use, reads, i, asked);
  }

  void check_read(const FunctionUse& use, const std::vector<PathRead>& reads, size_t at,
                  const std::set<std::string>& asked) {
    const PathRead& read = reads[at];
    const Where where{compilation_.file.path, read.line};
    const auto [root, rest] = head_of(read.path);
    if (rest.empty()) return check_root(root, where);
    if (root == "facts") return check_fact(rest, where);
    const auto [name, what] = head_of(rest);
    if ((root == "event" || root == "latest") && what.empty())
      return check_event_field(root, name, where);
    if (root != "steps") return;
    if (what.empty()) {
      find_step(name, where);
      return;
    }
    const Step* step = flow_.find(name);
    if (step == nullptr || what != "data") {
      const bool known = what == "outcome" || what.starts_with("data");
      if (step != nullptr && !known) {
        findings_.error(where, Code::unknown_path,
                        fmt::format("run.steps.{} has no field '{}'", name, what),
                        "there are outcome and data");
      }
      return;
    }
    const bool field_tested = at + 1 < reads.size() &&
                              reads[at + 1].path.starts_with(read.path + ".") &&
                              reads[at + 1].tested;
    add_read(use.reader, *step, read.line, asked.count(name) > 0 || field_tested);
  }

  void check_root(const std::string& root, const Where& where) {
    const Names names = run_fields();
    if (std::find(names.begin(), names.end(), root) != names.end()) return;
    findings_.error(where, Code::unknown_path, fmt::format("`run` has no field '{}'", root),
                    did_you_mean(root, names));
  }

  void check_event_field(const std::string& root, const std::string& field, const Where& where) {
    const Names names = event_names();
    if (root == "latest" || names.empty() ||
        std::find(names.begin(), names.end(), field) != names.end())
      return;
    findings_.warning(where, Code::unknown_path,
                      fmt::format("the start event has no field '{}'", field),
                      near_or_declare(field, names));
  }

  // A `where`.
  void check_filter(const FunctionUse& use) {
    const Names names = fields_of(use.event_types);
    if (names.empty()) return;
    for (const PathRead& read : paths_read(compilation_.lua, use.function)) {
      if (read.path.find('.') != std::string::npos ||
          std::find(names.begin(), names.end(), read.path) != names.end())
        continue;
      findings_.warning({compilation_.file.path, read.line}, Code::unknown_path,
                        fmt::format("event '{}' has no field '{}'", use.event_types[0], read.path),
                        near_or_declare(read.path, names));
    }
  }

  static std::string near_or_declare(const std::string& field, const Names& names) {
    const std::string near = did_you_mean(field, names);
    return near.empty() ? "declare it in events.lua" : near;
  }

  Compilation& compilation_;
  Flow& flow_;
  Findings& findings_;
  std::map<std::string, FieldType> event_fields_;  // of the start, and of updates
};

}  // namespace

void check_reads(Compilation& compilation) { ReadCheck(compilation).run(); }

}  // namespace relance
