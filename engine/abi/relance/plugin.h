/* The base of every Relance plugin: value types, how an operation ends, the descriptor, the entry.
 *
 * A plugin is one shared object that exports one symbol, rl_plugin_entry. It sees these headers and
 * nothing else of the engine, and asks the host (host.h) for everything that touches the world.
 *
 * Rules that hold everywhere
 *   Structs    Zero, then assign. A struct that may grow has struct_size first and is passed by
 *              pointer; read no field beyond it. Fields are only appended. No implicit padding:
 *              `reserved` is 0. rl_str, rl_key, rl_cost, rl_header and rl_out are frozen for ever.
 *   Enums      uint32_t; 0 is "not set". Be ready for numbers that you do not know.
 *   Text       UTF-8. rl_str has a length and no final NUL; static tables use `const char*`.
 *   Data       Open-ended data is JSON text; empty text means {}.
 *   Money      int64 minor units and ISO 4217 in JSON ({"minor": 4900, "currency": "EUR"}); what a
 *              touch costs is in millionths of the currency unit, because an SMS costs 0.0075.
 *   Time       int64 milliseconds since 1970 UTC. The only clock is host->now; the only chance is a
 *              seed from the configuration: simulations and replays must come out the same.
 *   Lifetime   What you are given lives until the call returns; the argument of an operation lives
 *              until that operation completes. Text goes back through rl_out. Nobody frees memory
 *              of the other side. No exception and no longjmp crosses the line.
 *
 * Context tags stand before each function:
 *   [instance]  On any host thread, one call at a time for an instance (not so with RL_CONCURRENT).
 *               Must return within milliseconds: no waiting for a network or a lock. A short append
 *               to a local file is allowed.
 *   [loading]   The same, while a bundle is loaded or dropped; may read files, up to 10 s.
 *   [pure]      On any thread, also concurrently and before `create`. Same arguments, same answer;
 *               no input or output, no clock. Microseconds: it may run for every decision.
 *   [any]       A host service: from any thread, at any time, never blocks, never calls back into
 *               the plugin before it returns. */
#ifndef RELANCE_PLUGIN_H
#define RELANCE_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#define RL_ABI_MAJOR 1u
#define RL_ABI_MINOR 0u
#define RL_ABI ((RL_ABI_MAJOR << 16) | RL_ABI_MINOR) /* what the host passes to the entry */

#if UINTPTR_MAX != 0xffffffffffffffffu
#error "the layout of the contract is that of 64-bit machines"
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rl_host rl_host;   /* host.h */
typedef struct rl_reply rl_reply; /* host.h */

typedef struct rl_str {
  const char* ptr;
  size_t len;
} rl_str;
#define RL_TEXT(literal) \
  { literal, sizeof(literal) - 1 } /* initialises an rl_str */

/* Identity of a touch. All zero = none. */
typedef struct rl_key {
  uint8_t bytes[16];
} rl_key;

typedef uint64_t rl_op; /* one operation of one instance; 0 = none */

/* Where text goes back. `put` appends and may be called often; it copies. Valid during the call. */
typedef struct rl_out {
  void* context;
  void (*put)(void* context, const char* bytes, size_t len);
} rl_out;

enum { RL_COST_EXACT = 1, RL_COST_AT_MOST = 2, RL_COST_UNKNOWN = 3 }; /* quality of a cost */
typedef struct rl_cost {
  int64_t micro;
  char currency[4]; /* "EUR" */
  uint32_t quality;
} rl_cost;

/* What a crash or time-out leaves behind, and so how the engine settles an unknown outcome. */
enum {
  RL_KEYED = 1,     /* the provider honours our key for key_window_ms: same key, same bytes again */
  RL_LOOKUP = 2,    /* it can be asked, index_lag_ms after the send */
  RL_BLIND = 3,     /* neither: never sent again by itself */
  RL_REPEATABLE = 4 /* doing it twice is harmless */
};

/* How an operation ends. The status tells what became of this attempt; `word` tells how it went. A
 * declined card or an unanswered phone is RL_DONE: the attempt was made and counts.
 * Rationale: statuses drive repetition and must be few; words belong to flows and are many. */
enum {
  RL_DONE = 1,      /* the effect happened, or will for sure: recorded */
  RL_REFUSED = 2,   /* the provider will never do this one: recorded, never repeated */
  RL_NOT_NOW = 3,   /* nothing happened; the same key may be asked again at `again_at` */
  RL_FAILED = 4,    /* nothing happened, and asking again does not help */
  RL_CANCELLED = 5, /* nothing happened, because we said so */
  RL_UNKNOWN = 6,   /* it may have happened: settled as the delivery class allows */
  RL_ABSENT = 7     /* look-ups and reads only: the provider has never seen it */
};

/* Whether bytes left. After an effect at RL_MAYBE the host turns NOT_NOW, FAILED and CANCELLED into
 * UNKNOWN: nobody can lie a charge away. */
enum { RL_NOT_SENT = 1, RL_MAYBE = 2, RL_ANSWERED = 3 };

/* What `again_at` paces: this touch, or all of the channel. */
enum { RL_SCOPE_TOUCH = 1, RL_SCOPE_CHANNEL = 2 };

typedef struct rl_result {
  uint32_t struct_size;
  uint32_t status;    /* RL_DONE ... */
  rl_str word;        /* from the plugin's own static table; empty: the kind's usual one */
  rl_str reason;      /* for reports: the provider's code or a short phrase, no names */
  rl_str data;        /* JSON: what a flow may read as run.steps.NAME.data */
  const rl_str* refs; /* the provider's ids of this touch: later events are matched by them */
  size_t refs_count;
  rl_cost cost;         /* all zero: costs nothing */
  int64_t again_at;     /* NOT_NOW: not before this instant (Retry-After); 0 = the host's own */
  uint32_t again_scope; /* RL_SCOPE_TOUCH ... */
  uint32_t reserved;
} rl_result;

/* An outcome word that a plugin can give. `as` names the engine's word that a flow sees where the
 * engine does not know this one. The engine's: email, sms: delivered bounced opted_out failed.
 * voice: delivered no_answer busy voicemail hung_up screened invalid_number unclear opted_out
 * wrong_person failed. retry: recovered declined refused needs_customer failed. connector: done
 * refused failed. */
typedef struct rl_word {
  uint32_t struct_size;
  uint32_t reserved;
  const char* word;
  const char* as;
} rl_word;

enum { RL_CONCURRENT = 1 }; /* rl_plugin.flags: calls to one instance may overlap */

/* The descriptor: static, readable without configuration, secrets or an instance. */
typedef struct rl_plugin {
  uint32_t struct_size;
  uint32_t abi;   /* RL_ABI_MAJOR << 16 | the least minor that this plugin needs */
  uint32_t flags; /* RL_CONCURRENT */
  uint32_t reserved;
  const char* id;            /* "vendor.kind.name", also the file's name: vendor.kind.name.so */
  const char* version;       /* semantic version */
  const char* title;         /* one line for `relance plugin list` */
  const char* config_schema; /* JSON Schema, draft 4; the host validates before `create`. Formats of
                              * its own: "secret" is the *name* of a secret, no more; "path" reaches
                              * the plugin absolute, where the bundle wrote it beside itself. */

  /* [pure] Optional. What a schema cannot say; every `put` line is one problem. */
  void (*check_config)(rl_str config, const rl_out* problems);
  /* [loading] Once per instance. NULL = no instance, the reason in `problem`. Each account of a
   * provider is an instance; a changed configuration is a new one. `host` outlives the instance. */
  void* (*create)(const rl_host* host, rl_str config, const rl_out* problem);
  /* [loading] Optional, once, before any other call: complete `op` when ready to work. */
  void (*start)(void* self, rl_op op);
  /* [loading] Last call. Joins what it started; open operations may be left uncompleted. */
  void (*destroy)(void* self);
  /* [instance] The reply to the request `tag` of operation `op`. Optional without http and smtp. */
  void (*on_io)(void* self, rl_op op, uint64_t tag, const rl_reply* reply);
  /* [instance] The timer `tag` is due. Optional without timers. */
  void (*on_timer)(void* self, uint64_t tag);
  /* [pure] The static table for "relance.channel/1" and its like (see each header), or NULL. */
  const void* (*get_interface)(const char* id);
} rl_plugin;

/* [pure] The one exported symbol; no side effects. `host_abi` is the host's RL_ABI. NULL = "I do
 * not speak this host". A plugin loads on every host of its major with at least its minor. */
#define RL_ENTRY "rl_plugin_entry"
#define RL_EXPORT __attribute__((visibility("default")))
typedef const rl_plugin* (*rl_entry)(uint32_t host_abi);
RL_EXPORT const rl_plugin* rl_plugin_entry(uint32_t host_abi);

/* That function, for a static descriptor which speaks every host of this major. */
#define RL_PLUGIN(descriptor)                                     \
  const rl_plugin* rl_plugin_entry(uint32_t host_abi) {           \
    return host_abi >> 16 == RL_ABI_MAJOR ? &(descriptor) : NULL; \
  }

#ifdef __cplusplus
}
#endif
#endif
