// The closed words of the flow language: step kinds, channel kinds and their outcome words,
// purposes, how runs end.
//
// They belong to the engine, so that a flow loads without its plugins. What a word means is told in
// docs/flows.md; the tables here are the one place where they are written.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace relance {

enum class StepKind : uint8_t {
  fetch,
  charge,
  send,
  wait,
  await,
  decide,
  act,
  hold,
  release,
  handoff,
  record,
  stop,
  start_flow
};

std::string_view step_kind_name(StepKind kind);
bool step_kind_from(std::string_view name, StepKind& kind);

// The outcomes that every step of a kind has, without `skipped`, the channel's, the script's or the
// table's words.
std::span<const std::string_view> kind_outcomes(StepKind kind);

// A send that was accepted, or with `expect` one that was answered or not: delivered, or responded
// and ignored; in both forms failed, denied, late.
std::span<const std::string_view> send_outcomes(bool expects);

// Outcomes of a kind that mean that something went wrong (of a send also its channel's: bounced,
// invalid_number); unhandled ones are warnings at load.
std::span<const std::string_view> kind_failures(StepKind kind);

// "email", "sms", "voice", "retry", "webhook", "desk". Unknown kinds have no words of their own.
std::span<const std::string_view> channel_words(std::string_view channel_kind);
bool is_channel_kind(std::string_view name);

// Outcomes after which a step with tries left tries again: no_answer, busy, ignored; declined for
// charges.
bool is_try_again(StepKind kind, std::string_view outcome);

// Words that `otherwise` never stands for: opted_out, wrong_person (and a script's close words).
bool is_apart_from_otherwise(std::string_view outcome);

enum class Purpose : uint8_t { service, recovery, marketing };
std::string_view purpose_name(Purpose purpose);
bool purpose_from(std::string_view name, Purpose& purpose);

// How a run ends. `excluded` and `holdout` runs never started.
enum class RunEnd : uint8_t { none, goal, stopped, expired, completed, failed, excluded, holdout };
std::string_view run_end_name(RunEnd end);
bool run_end_from(std::string_view name, RunEnd& end);

}  // namespace relance
