// The question that a policy is asked and the answer that it gives, as records
// (abi/relance/policy.h tells the fields). Threads: any.
#pragma once

#include "core/run/rules.h"

namespace relance {

// What belongs to the step and this instant; a Lua policy has event, customer and touches from the
// view.
Doc policy_ask(const PolicyQuestion& question, const View& view, const ContactRules& rules);

// The same for a plugin, as JSON; it sees nothing but this: event, answer, customer, touches and
// run stand beside it.
std::string whole_policy_ask(const PolicyQuestion& question, const View& view,
                             const ContactRules& rules);

// Fails with bad_value: no moment, a choice that the step does not have; plugin_refused: the policy
// named a problem.
Result<PolicyAnswer> read_policy_answer(std::string_view policy, DocView answer,
                                        const PolicyQuestion& question, const View& view);

}  // namespace relance
