// StepKindEntry: one kind of step: its fields, and how a table becomes a step of it. One file a
// kind (kinds/); the list of them is the field registry that checks, the reference page and the
// editor's annotations share.
//
// Threads: constant data.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/graph/talk.h"
#include "script/compilation.h"

namespace relance {

// A step being made. `build` fills body, outcomes and close_words of `step`.
struct StepDraft {
  Compilation& compilation;
  const Fields& fields;
  Step& step;
  bool any_word = false;  // its outcomes cannot be known because of an error: every word is taken

  void add_outcomes(std::span<const std::string_view> words);
  void add_outcomes(const std::vector<std::string>& words);  // each once
  // The hold step that a field names; kNoStep: it is none, reported.
  StepIndex hold(std::string_view field, const Value& value);
};

struct StepKindEntry {
  StepKind kind;
  std::string_view does;      // one line for people
  std::string_view outcomes;  // "found, missing, failed"
  std::span<const Field> fields;
  void (*build)(StepDraft& draft);
};

// In the order of StepKind.
const StepKindEntry& step_kind_entry(StepKind kind);
std::span<const Field> common_step_fields();  // after, when, was
std::span<const Field> header_fields();       // of flow "name" { ... }

// --- the same for the turns of a conversation
struct TurnDraft {
  Compilation& compilation;
  const Fields& fields;
  const TalkScript& script;
  Turn& turn;
};

struct TurnKindEntry {
  TurnKind kind;
  std::string_view does;
  std::string_view outcomes;
  std::span<const Field> fields;
  void (*build)(TurnDraft& draft);
};

const TurnKindEntry& turn_kind_entry(TurnKind kind);
std::span<const Field> script_header_fields();

// --- one a file in kinds/
extern const StepKindEntry kFetchKind, kChargeKind, kSendKind, kWaitKind, kAwaitKind, kDecideKind,
    kActKind, kHoldKind, kReleaseKind, kHandoffKind, kRecordKind, kStopKind, kStartFlowKind;

}  // namespace relance
