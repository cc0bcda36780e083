/* relance.channel/1: acts outside. E-mail, SMS, a call, a payment attempt, a desk of people.
 *
 * One touch is one send. Before it, the engine has passed the gate, frozen the touch and made it
 * durable; a repeat comes with the same key and the same bytes. The try number is part of the key;
 * transport attempts are the plugin's own business and never seen by the provider's idempotency. */
#ifndef RELANCE_CHANNEL_H
#define RELANCE_CHANNEL_H

#include "plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

#define RL_CHANNEL "relance.channel/1"

/* rl_channel_caps.flags */
enum {
  RL_CONTACT = 1,       /* reaches a person: consent, windows, caps hold. Not set: a charge */
  RL_CAN_LOOKUP = 2,    /* `lookup` is there; RL_LOOKUP needs it, RL_KEYED may offer it */
  RL_CAN_RECALL = 4,    /* `recall` is there */
  RL_CAN_CANCEL = 8,    /* `cancel` is there */
  RL_CAN_CONVERSE = 16, /* the plugin also has "relance.conversation/1" */
  RL_CONTEXT = 32       /* needs to know more than what it sends: see rl_touch.data and history */
};

typedef struct rl_channel_caps {
  uint32_t struct_size;
  uint32_t flags;
  const char* kind;          /* "email", "sms", "voice", "retry" (payment attempts) or a word of
                              * yours; it chooses the outcome words that a flow may name */
  uint32_t delivery;         /* RL_KEYED ...; a retry must be keyed or able to look up */
  uint32_t max_in_flight;    /* at once, for one instance; 0 = the host's 64 */
  int64_t key_window_ms;     /* RL_KEYED: how long the provider remembers a key */
  int64_t index_lag_ms;      /* look-up: how long after a send it may still say "never seen" */
  int64_t receipt_within_ms; /* when the last receipt of a touch is to be expected; 0 = none come */
  const rl_word* const* words;
  size_t words_count; /* the outcomes it can give */
  const char* const* content_types;
  size_t content_types_count; /* of parts; none = any */
  const char* const* languages;
  size_t languages_count; /* BCP 47; none = any */
} rl_channel_caps;

/* One rendered piece. Roles: "subject", "text", "html", "file", "opening" (of a call). */
typedef struct rl_part {
  uint32_t struct_size;
  uint32_t reserved;
  rl_str role;
  rl_str content_type;
  rl_str file_name;
  rl_str bytes;
} rl_part;

/* rl_touch.flags */
enum {
  RL_REQUESTED = 1, /* the customer asked for it (a link during a call, a callback) */
  RL_REPEAT = 2     /* this key may have been sent before */
};

typedef struct rl_touch {
  uint32_t struct_size;
  uint32_t flags;
  rl_key key;      /* send this to the provider as its idempotency key or own reference ... */
  rl_str key_text; /* ... in this form: 26 characters of base32 */
  uint32_t try_no; /* from 1 */
  uint32_t parts_count;
  const rl_part* const* parts;
  rl_str channel;      /* the bundle's name of this channel */
  rl_str customer;     /* customer id */
  rl_str address;      /* E.164 number, mailbox, or payment credential; charges: may be empty */
  rl_str locale;       /* BCP 47 */
  rl_str purpose;      /* "service", "recovery", "marketing" */
  rl_str data;         /* JSON: the step's `data`, beside it the names flow, step, script; and for
                        * RL_CONTEXT, all optional:
                        *   event     fields of the run's event: invoice_id, amount, decline, ...
                        *   keys      the run's key fields, {"invoice_id": "i-1"}
                        *   customer  profile fields: segment, first_name, timezone, ... */
  rl_str history;      /* for RL_CONTEXT: JSON list of her recent touches in all flows: {channel,
                        * at, outcome, flow, step, said, promised, asked}, the last three lists of
                        * words, where there are any; else [] */
  rl_str callback_url; /* for the provider's webhook; signed by the host, gives the key back */
  int64_t intended_at;
  int64_t not_after; /* begin nothing later than this; 0 = no limit */
} rl_touch;

typedef struct rl_channel {
  uint32_t struct_size;
  uint32_t reserved;
  const rl_channel_caps* caps; /* static */

  /* [pure] Optional. Where abilities depend on the account (a plan without keys, a test provider):
   * one of the plugin's static tables for this configuration; NULL = `caps`. It never widens
   * later. */
  const rl_channel_caps* (*caps_for)(rl_str config);
  /* [instance] Optional, pure; also before `start`. What this touch would cost, before it is sent.
   * A touch without customer, address and parts asks for the most that any touch costs. */
  void (*estimate)(void* self, const rl_touch* touch, rl_cost* cost);
  /* [instance] Once per touch, and again with RL_REPEAT as the delivery class allows. Completes
   * when the provider has accepted (or ended) it: a call when it is over. */
  void (*send)(void* self, rl_op op, const rl_touch* touch);
  /* [instance] Please end `op` soon; it still completes, with what became of it. A call that the
   * goal overtook is ended by rl_do, politely, not by this. */
  void (*cancel)(void* self, rl_op op);
  /* [instance] What became of this touch? DONE or REFUSED with its word, ABSENT, NOT_NOW (still
   * under way), UNKNOWN. `refs` are those known so far, possibly none. Must agree with what send
   * answered. */
  void (*lookup)(void* self, rl_op op, const rl_touch* touch, const rl_str* refs,
                 size_t refs_count);
  /* [instance] Takes back what the provider has accepted and not yet delivered. CANCELLED = taken
   * back, DONE = too late. */
  void (*recall)(void* self, rl_op op, const rl_touch* touch, const rl_str* refs,
                 size_t refs_count);
} rl_channel;

#ifdef __cplusplus
}
#endif
#endif
