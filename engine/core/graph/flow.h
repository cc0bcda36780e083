// A compiled flow: immutable data, the same whether it came from Lua or from its canonical JSON
// (flow_json.h).
//
// Steps stand in the order of the file, and every edge points to an earlier step, so a flow is
// acyclic by construction and a walk in index order is a topological order. Functions of the flow
// (`when`, `data`, `by`, `where`) are numbers here; who can call them is behind core/run/rules.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "core/graph/contact_rules.h"
#include "core/graph/flow_start.h"
#include "core/graph/step.h"
#include "core/graph/vocabulary.h"

namespace relance {

enum class ReEntry : uint8_t { always, never_again, again_after, once_per_key };

// Re-read in the gate just before a touch leaves; `goal` and `stop` name fields that end the run
// when true.
struct Recheck {
  std::string from, what, by;
  std::string goal, stop;
  bool operator==(const Recheck&) const = default;
};

struct Flow {
  std::string name;
  Key version;  // content hash: the flow's source, its scripts' sources, the number of the language
  std::string file;

  std::vector<EventPattern> start;  // none: by one of the next two
  std::optional<Absence> absence;
  std::optional<Segment> segment;
  std::vector<std::string> key;  // field names; empty: one live run per customer
  std::vector<EventPattern> goal, stop, updates;
  FunctionRef when;
  Purpose purpose = Purpose::service;
  Duration expire = days(90);
  std::optional<Recheck> recheck;
  int holdout_percent = 0;
  ReEntry re_entry = ReEntry::always;
  Duration re_entry_after;
  ContactRules tighten;
  std::vector<Edge> ignored;  // `ignore { ... }`: outcomes left unhandled on purpose

  std::vector<Step> steps;
  std::vector<int> function_lines;  // FunctionRef n is defined at this line of `file`

  const Step* find(std::string_view step_name) const;
  StepIndex step_count() const { return static_cast<StepIndex>(steps.size()); }  // below kNoStep
  bool operator==(const Flow&) const = default;
};

// The number of the flow language: part of every version hash.
inline constexpr int kLanguage = 1;

}  // namespace relance
