// The rules of the plugin contract that a program can test, each with the reason it exists.
//
// A rule is judged in a process of its own (runner.h) against a scripted host (kit_host.h), so that
// a plugin which crashes or hangs in one test says nothing about the next.
// Threads: the tables are static; a test runs on one thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace relance::conformance {

class Bench;

enum class Verdict : uint8_t { passed, failed, not_applicable };
std::string_view verdict_name(Verdict verdict);  // "passed", "failed", "not_applicable"

// What a test found. `seen`: of a failure what the plugin did, of one that does not apply why.
struct Outcome {
  Verdict verdict = Verdict::passed;
  std::string seen;
};

inline Outcome passed() { return {}; }
inline Outcome failed(std::string seen) { return {Verdict::failed, std::move(seen)}; }
inline Outcome not_applicable(std::string why) { return {Verdict::not_applicable, std::move(why)}; }

// What a test needs before it can say anything; without it the rule does not apply.
enum class Needs : uint8_t { nothing, tables, configuration };

struct Rule {
  std::string_view id;      // "ends_once"
  std::string_view name;    // what must hold, in a line
  std::string_view why;     // one sentence: what it would cost
  std::string_view remedy;  // what to change in the plugin
  Needs needs = Needs::nothing;
  Outcome (*test)(Bench&) = nullptr;
};

// In the order in which they are told.
std::span<const Rule> rules();
const Rule* find_rule(std::string_view id);  // nullptr: there is none

}  // namespace relance::conformance
