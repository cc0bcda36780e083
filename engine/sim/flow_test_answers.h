// What a flow test says about answers, read and checked: `will("delcined")` is a slip that must not
// pass for a provider's word, or the test would prove nothing.
//
// Pure. Threads: any.
#pragma once

#include "script/bundle.h"
#include "sim/scripted_performer.h"

namespace relance {

// `answers`: a list of {word, data} or {talk = {turn = {word, data}}, lasts_ms}, as the library of
// flow tests hands them over. Fails with a sentence for the test's author: a channel, operation or
// turn that the flow does not use, a word that cannot come from it.
Result<std::vector<ScriptedAnswer>> read_answers(const CompiledFlow& flow, ScriptedSide side,
                                                 std::string_view name, std::string_view op,
                                                 DocView answers);

}  // namespace relance
