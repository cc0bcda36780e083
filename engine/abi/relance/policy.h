/* relance.policy/1: a decision that a flow leaves to a plugin. When to try again, which channel,
 * which way to go. Pure: what it needs is in the question, and the same question has the same
 * answer; the engine records both, so that every decision can be explained and replayed.
 *
 * The question (JSON; fields that do not apply are left out)
 *   try       number of the try that is being planned, from 1
 *   now       instant, RFC 3339 UTC; with `gap` in the step, the moment the gap is over
 *   local     the same on the customer's clock, "2026-01-05T09:00"
 *   earlier   local times of this step's tries, oldest first
 *   window    {"from": "09:00", "to": "21:00"}: the channel's window, local; the end is outside
 *   event     fields of the run's event (decline, amount, attempt_no, ...), the latest that joined
 *             CHOOSE and DECIDE: the first event's fields stand behind them
 *   answer    data of this step's last answer (a fresh decline); it outweighs `event`
 *   customer  profile fields
 *   touches   this customer's touches in all flows, newest first: {channel, kind, at, outcome,
 *             step, flow, key, answered_at}; channel is the bundle's name, kind "retry", "email"
 *   choices   CHOOSE: channels, the cheapest first; DECIDE: outcomes
 *   candidates  CHOOSE: the channels as they stand now, in the same order: {channel, kind,
 *             cost_micro, currency, allowed, reason, until, denied, sent, answered, last_at,
 *             last_outcome}. Where not `allowed`, `reason` is the gate's; `until` (local) when it
 *             is asked again; `denied`: it says no. The costs are the channel's own estimate,
 *             sent and answered count this customer's touches over it in all flows
 *   deadline  CHOOSE: local time beyond which the step ends late
 *   failures  CHOOSE, DECIDE: failed payment attempts of the run
 *   run       key fields of the run, {"invoice_id": "i-1"}
 *
 * The answer (JSON)
 *   RL_AT      {"at": A, "reason": R}       A = "now", "18:30" (when her clock shows it next),
 *                                           "2026-01-06T09:00" (her clock), or an instant with Z
 *              {"never": true, "reason": R} no further try: the step ends `refused`
 *   RL_CHOOSE  {"choice": "sms", "reason": R}
 *              {"never": true, "reason": R} no channel is worth it: the step ends `denied`
 *   RL_DECIDE  {"outcome": "ask", "reason": R}
 *   any        "facts": {...}               numbers and short words that R rests on; recorded
 *   any        {"problem": "..."}           the step fails, the text goes into the journal
 * A reason is one of the plugin's own closed list: lower case, underscores.
 *
 * Rationale: local times, because whether the clock changes in between is the host's business. */
#ifndef RELANCE_POLICY_H
#define RELANCE_POLICY_H

#include "plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

#define RL_POLICY "relance.policy/1"

enum { RL_AT = 1, RL_CHOOSE = 2, RL_DECIDE = 4 }; /* rl_policy_in.kind; joined in rl_policy.kinds */

typedef struct rl_policy_in {
  uint32_t struct_size;
  uint32_t kind;
  rl_str json; /* the question */
} rl_policy_in;

typedef struct rl_policy {
  uint32_t struct_size;
  uint32_t kinds; /* the questions it answers */
  const char* const* reasons;
  size_t reasons_count; /* the closed list */
  /* [instance] Pure in the question and the configuration. Before every decision of its kind: it
   * should take microseconds, and a policy should set RL_CONCURRENT. */
  void (*decide)(void* self, const rl_policy_in* question, const rl_out* answer);
} rl_policy;

#ifdef __cplusplus
}
#endif
#endif
