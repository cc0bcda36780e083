/* relance.conversation/1: turns of a live conversation, beside a voice (or chat) channel.
 *
 * The engine runs the script; the plugin carries words to and fro and knows nothing of the script.
 *   engine               plugin
 *   channel->send   ->   dials
 *   perform(turn 0) ->   keeps it until somebody answers (the first words may be pushed ahead)
 *                   <-   heard(PICKED_UP)
 *                        says turn 0, completes its operation when it has been said
 *                   <-   heard(WORDS, KEYS or SILENCE), for an RL_ASK
 *   perform(turn 1) ->   ...
 *   perform(RL_END) ->   hangs up; completes that operation, then the send with its word
 * Where the customer hangs up, heard(HUNG_UP) comes first, then the send completes. */
#ifndef RELANCE_CONVERSATION_H
#define RELANCE_CONVERSATION_H

#include "host.h"

#ifdef __cplusplus
extern "C" {
#endif

#define RL_CONVERSATION "relance.conversation/1"

/* rl_conversation.flags */
enum { RL_HEARS_SPEECH = 1, RL_HEARS_KEYS = 2, RL_TRANSFERS = 4 };

/* rl_do.kind */
enum {
  RL_SAY = 1,      /* completes when said */
  RL_ASK = 2,      /* says `text`, then listens for listen_ms: exactly one heard follows */
  RL_PLAY = 3,     /* a recording: `text` is its URL */
  RL_TRANSFER = 4, /* to the address `text`; completes DONE (accepted) or REFUSED (declined) */
  RL_END = 5       /* hangs up */
};

typedef struct rl_do {
  uint32_t struct_size;
  uint32_t kind;
  rl_op call;         /* the channel's send operation: which conversation */
  uint32_t turn;      /* from 0, rising */
  uint32_t listen_ms; /* ASK: how long silence lasts until it counts as one */
  rl_str text;
  rl_str language;      /* BCP 47 */
  const rl_str* expect; /* ASK: words that the script understands; a hint for recognisers */
  size_t expect_count;
  rl_str data; /* JSON: {script, reached, step, flow}, `reached` the script's line at work, empty at
                * its end; TRANSFER: the packet for who takes over */
} rl_do;

/* rl_heard.kind */
enum {
  RL_HEARD_PICKED_UP = 1, /* a person answered; the conversation may begin */
  RL_HEARD_WORDS = 2,     /* `text` was said */
  RL_HEARD_KEYS = 3,      /* `text` was pressed: "1", "12#" */
  RL_HEARD_SILENCE = 4,
  RL_HEARD_HUNG_UP = 5,
  RL_HEARD_MACHINE = 6 /* an answering machine or a screening assistant picked up */
};

struct rl_heard {
  uint32_t struct_size;
  uint32_t kind;
  rl_op call;
  uint32_t turn; /* the turn this answers */
  uint32_t reserved;
  rl_str text;
  rl_str word; /* where the provider has understood already: one of `expect`; else empty */
  rl_str data; /* JSON: what came with it, {"confidence": 0.8} */
  int64_t at;
  int64_t answer_by; /* the next turn should be performed by then; afterwards the plugin fills the
                      * silence by itself ("one moment, please") */
};

typedef struct rl_conversation {
  uint32_t struct_size;
  uint32_t flags;
  /* [instance] Once per turn. `op` completes when the turn has been carried out, or could not be:
   * FAILED once the call is over. */
  void (*perform)(void* self, rl_op op, const rl_do* what);
} rl_conversation;

#ifdef __cplusplus
}
#endif
#endif
