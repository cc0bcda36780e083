// The table of rules. A rule is never removed and never changes its id: vendors' own checks name
// them.
#include "plugins/check/rules.h"

#include <array>

#include "plugins/check/tests.h"

namespace relance::conformance {
namespace {

constexpr Needs kTables = Needs::tables, kConfig = Needs::configuration;

constexpr Rule kRules[] = {
    {"loads", "the file is mapped and its entry gives a descriptor",
     "A plugin that cannot be opened stops the start of every bundle that names it.",
     "build a shared object that exports rl_plugin_entry, and link what it needs", Needs::nothing,
     test_loads},
    {"one_symbol", "rl_plugin_entry is the only exported symbol",
     "Other symbols meet those of the engine and of other plugins: the wrong function is called.",
     "link with the version script of relance_add_plugin() (cmake/plugin.map)", Needs::nothing,
     test_one_symbol},
    {"readable", "descriptor, abilities and schema are read without an instance",
     "`relance check` must judge a bundle where there are no accounts and no secrets.",
     "answer from static tables, the same ones each time", kTables, test_readable},
    {"sizes", "every struct carries its size",
     "A wrong struct_size makes the host read past the end, or miss what you meant to say.",
     "zero each struct, then set struct_size = sizeof it", kTables, test_sizes},
    {"caps_whole", "every declared ability has its function, every class its backing",
     "The engine plans by the table: an ability that is not there fails in the middle of a run.",
     "declare only what is there; keyed needs key_window_ms, lookup needs RL_CAN_LOOKUP", kTables,
     test_caps_whole},
    {"schema", "the configuration schema is a valid JSON Schema (draft 4)",
     "A rule of a schema that is misspelt checks nothing, and the mistake is met at run time.",
     "type \"object\", the seven types, and keywords of draft 4", kTables, test_schema},
    {"starts", "with the given configuration an instance is created and starts",
     "Without an instance nothing else can be judged.",
     "give the kit a configuration that works without a network: --config FILE", kTables,
     test_starts},
    {"refuses_nonsense", "a configuration with unknown fields is refused",
     "A misspelt field that is taken in silence is found when the first message has gone wrong.",
     "\"additionalProperties\": false, or a check_config that names what it does not know", kTables,
     test_refuses_nonsense},
    {"refuses_wrong_types", "a configuration with values of wrong types is refused",
     "A number where a text was meant must be told at its line, not by a crash.",
     "give each property of the schema a type", kTables, test_refuses_wrong_types},
    {"no_exception", "no exception crosses the contract",
     "An exception in a C call ends the whole engine, with every other channel's work.",
     "catch at the border of each function and complete the operation as failed", kConfig,
     test_no_exception},
    {"never_blocks", "every call returns at once",
     "A worker that waits for one provider does nothing for all the others.",
     "begin the request and return; go on in on_io or on_timer", kConfig, test_never_blocks},
    {"ends", "every operation is completed",
     "An operation that never ends holds its place in the lane until the host gives it up.",
     "complete on every path, errors and cancelling too; bound what you wait for with a timer",
     kConfig, test_ends},
    {"ends_once", "no operation is completed twice",
     "The first answer stands; a second one that says otherwise is lost, with what it knew.",
     "forget an operation when it is completed; ignore replies and timers of forgotten ones",
     kConfig, test_ends_once},
    {"valid_results", "results carry a valid status, data, cost and references",
     "The engine settles by status; one that it does not know it must treat as unknown.",
     "RL_DONE to RL_UNKNOWN, RL_ABSENT for look-ups and reads; data is a JSON object", kConfig,
     test_valid_results},
    {"declared_words", "outcome words stand in the channel's table",
     "A flow is checked against the table: a word that is not there takes the wrong way.",
     "list each word in caps.words, with the engine's word it falls back to", kConfig,
     test_declared_words},
    {"invents_nothing", "without an answer nothing is said to be done or refused",
     "A charge that is called done though nobody answered is a charge that was never made, or "
     "twice.",
     "unless reply->wire is RL_ANSWERED say RL_UNKNOWN or RL_NOT_NOW", kConfig,
     test_invents_nothing},
    {"key_forwarded", "the touch's key reaches the provider",
     "Without it the provider cannot tell a repeat after a crash from a second order.",
     "send key_text as idempotency key or as your own reference", kConfig, test_key_forwarded},
    {"same_bytes", "a repeat with the same key gives the same bytes",
     "Providers refuse a key that comes with another body; the engine then stops the channel.",
     "no clock, counter or chance in the request: build it from the touch alone", kConfig,
     test_same_bytes},
    {"effects_marked", "requests that act carry RL_EFFECT, and no others",
     "The mark tells after a crash what was on the wire; without it a charge may be made twice.",
     "set RL_EFFECT on the request that sends or charges, or call host->effect", kConfig,
     test_effects_marked},
    {"lookup_agrees", "a look-up agrees with what send answered",
     "After a crash the look-up's word is the truth: a wrong one sends again, or never.",
     "answer a look-up from the same facts as send, with the same words", kConfig,
     test_lookup_agrees},
    {"estimate_pure", "estimate gives the same answer twice and asks the host for nothing",
     "Costs are weighed for every decision, also in replays: they must come out the same.",
     "compute from the touch and the configuration alone", kConfig, test_estimate_pure},
    {"estimate_bounds", "the empty touch's estimate is the most that a touch costs",
     "Budgets are held with it; one that is too low lets them be overdrawn.",
     "without address and parts give the upper bound", kConfig, test_estimate_bounds},
    {"decide_pure", "decide gives the same answer twice and asks the host for nothing",
     "Every decision is recorded and replayed; one that differs cannot be explained.",
     "compute from the question and the configuration alone", kConfig, test_decide_pure},
    {"decide_reasons", "decisions are whole and their reasons declared",
     "People read the reasons in reports; an answer without form fails the step.",
     "see policy.h for the forms; list each reason in the table", kConfig, test_decide_reasons},
    {"refuses_unsigned", "a request without signature is answered 4xx and emits nothing",
     "Anybody can reach a webhook's address; an event that he makes up moves money.",
     "check the signature with host->hmac before anything else", kConfig, test_refuses_unsigned},
    {"refuses_forged", "a forged, truncated or altered request is answered 4xx and emits nothing",
     "A signature that is not compared whole, over the raw bytes, protects nothing.",
     "compare the whole code over the body as it came, in constant time", kConfig,
     test_refuses_forged},
    {"survives_noise", "random bytes from outside do no harm",
     "One crafted request must not be able to end the engine.",
     "bound every length, and take nothing for granted that comes in", kConfig,
     test_survives_noise},
    {"turns_end", "every turn of a conversation is completed, and heard of once",
     "A turn that never ends leaves a person on the phone in silence.",
     "complete each perform, with RL_FAILED once the call is over; one heard for each RL_ASK",
     kConfig, test_turns_end},
    {"no_threads_left", "destroy leaves no threads",
     "A thread that outlives its instance calls into what is gone.", "join in destroy", kConfig,
     test_no_threads_left},
    {"no_files_left", "destroy leaves no file descriptors",
     "Each reload would take some, until none are left for the store.", "close in destroy", kConfig,
     test_no_files_left},
    {"no_memory_left", "instances and operations leave no memory",
     "What is lost with each touch ends the process after some millions of them.",
     "free what belongs to an operation when it completes, the rest in destroy", kConfig,
     test_no_memory_left},
};

}  // namespace

std::string_view verdict_name(Verdict verdict) {
  constexpr std::array<std::string_view, 3> names = {"passed", "failed", "not_applicable"};
  return names[static_cast<size_t>(verdict)];
}

std::span<const Rule> rules() { return kRules; }

const Rule* find_rule(std::string_view id) {
  for (const Rule& rule : kRules)
    if (rule.id == id) return &rule;
  return nullptr;
}

}  // namespace relance::conformance
