// The tests behind the rules, by what they look at. Internal to this folder; what each must find
// stands in the table of rules.cpp.
#pragma once

#include "plugins/check/bench.h"

namespace relance::conformance {

// test_tables.cpp: the file and its static tables.
Outcome test_loads(Bench& bench);
Outcome test_one_symbol(Bench& bench);
Outcome test_readable(Bench& bench);
Outcome test_caps_whole(Bench& bench);
// test_sizes.cpp: tables, and everything handed over at run time.
Outcome test_sizes(Bench& bench);

// test_config.cpp
Outcome test_schema(Bench& bench);
Outcome test_starts(Bench& bench);
Outcome test_refuses_nonsense(Bench& bench);
Outcome test_refuses_wrong_types(Bench& bench);

// test_endings.cpp: how operations end in every weather.
Outcome test_ends(Bench& bench);
Outcome test_ends_once(Bench& bench);
Outcome test_never_blocks(Bench& bench);
Outcome test_no_exception(Bench& bench);
Outcome test_valid_results(Bench& bench);
Outcome test_declared_words(Bench& bench);
Outcome test_invents_nothing(Bench& bench);

// test_effects.cpp: what reaches the provider.
Outcome test_key_forwarded(Bench& bench);
Outcome test_same_bytes(Bench& bench);
Outcome test_effects_marked(Bench& bench);
Outcome test_lookup_agrees(Bench& bench);

// test_pure.cpp
Outcome test_estimate_pure(Bench& bench);
Outcome test_estimate_bounds(Bench& bench);
Outcome test_decide_pure(Bench& bench);
Outcome test_decide_reasons(Bench& bench);

// test_inbound.cpp
Outcome test_refuses_unsigned(Bench& bench);
Outcome test_refuses_forged(Bench& bench);
Outcome test_survives_noise(Bench& bench);

// test_talk.cpp
Outcome test_turns_end(Bench& bench);

// test_leftovers.cpp: after many rounds of create, work and destroy.
Outcome test_no_threads_left(Bench& bench);
Outcome test_no_files_left(Bench& bench);
Outcome test_no_memory_left(Bench& bench);

}  // namespace relance::conformance
