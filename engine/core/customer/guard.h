// Guards: opt-outs and complaints of a flow's customers, watched while it sends. More than there
// should be, and the flow is paused (core/customer/pause.h) until an operator resumes it.
//
// The test is sequential, so it may be looked at after every objection: Wald's likelihood ratio of
// "so many times as usual" against "as usual" (A. Wald, Sequential Tests of Statistical Hypotheses,
// Annals of Mathematical Statistics 16, 1945), begun anew with each window. Where nothing is wrong
// it stays below 1/a for a whole window with a chance of at least 1 - a (J. Ville, Etude critique
// de la notion de collectif, 1939); a is chosen so that a harmless flow is paused in 30 days with a
// chance of at most 5 %.
//
// What is usual is what the flow itself saw in earlier windows; before it has, its guard only
// learns. Counts are records of the pauses' actor, so every decision can be told again.
// Threads: that actor.
#pragma once

#include "core/run/worker.h"

namespace relance {

// Contacts of a flow before what is usual counts as known.
constexpr uint64_t kGuardLearns = 1000;

// count (data: flow, contacts, opt_outs, complaints): to the pauses' actor.
void count_for_guards(Worker& worker, const CommandInput& command);

// The logarithm of the likelihood ratio, and the one at which a guard acts.
double evidence(uint64_t contacts, uint64_t objections, double usual, double above);
double enough_evidence(Duration within);

std::string_view guarded_name(GuardRule::What what);  // opt_out_rate, complaint_rate

}  // namespace relance
