/* relance.connector/1: a system of record. CRM, shop, carrier, warehouse.
 *
 * What it can do stands in its table: objects it can read, operations it can perform, each
 * operation with its own delivery class. Reads change nothing and may be repeated at will. A write
 * has a key as a touch has; what a crash leaves unknown is settled by the operation's class. */
#ifndef RELANCE_CONNECTOR_H
#define RELANCE_CONNECTOR_H

#include "plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

#define RL_CONNECTOR "relance.connector/1"

/* rl_operation.flags */
enum {
  RL_ONLY_IF = 1,  /* honours rl_write.only_if at the system itself, not by reading first */
  RL_OP_LOOKUP = 2 /* `lookup` can tell what became of it */
};

typedef struct rl_operation {
  uint32_t struct_size;
  uint32_t delivery; /* RL_KEYED ... */
  const char* name;  /* "reschedule"; "record" takes facts and outcomes; "*" = any other */
  const char* undo;  /* the operation that undoes it with the same data, or NULL */
  uint32_t flags;
  uint32_t reserved;
  int64_t key_window_ms; /* RL_KEYED */
  int64_t index_lag_ms;  /* look-up */
} rl_operation;

typedef struct rl_connector_caps {
  uint32_t struct_size;
  uint32_t acts_outside;      /* 1: replaced in a sandbox; 0: reads local files only, and
                               * stays; if its schema has a boolean "rehearsal", it is set then, and
                               * no write may last */
  const char* kind;           /* "crm", "shop", "carrier", or a word of yours */
  const char* const* objects; /* what `read` knows: "customer", "order"; "*" = any */
  size_t objects_count;
  const rl_operation* const* operations;
  size_t operations_count;
} rl_connector_caps;

typedef struct rl_read {
  uint32_t struct_size;
  uint32_t limit; /* page: at most so many */
  rl_str what;    /* "customer", "order" */
  rl_str by;      /* field that `value` names: empty = the object's id */
  rl_str value;
  const rl_str* need; /* fields wanted; none = all. What is not there is left out of the answer */
  size_t need_count;
  rl_str query;  /* page: JSON object, field -> a value, a list of values, or {at_least, below};
                  * times are RFC 3339 text. More may come back than was meant, never less: the
                  * engine looks at each record again */
  rl_str cursor; /* page: where the last one stopped; empty = from the start */
} rl_read;

typedef struct rl_write {
  uint32_t struct_size;
  uint32_t try_no;
  rl_key key;
  rl_str key_text;
  rl_str operation; /* one of its table */
  rl_str customer;  /* customer id */
  rl_str data;      /* JSON */
  rl_str only_if;   /* JSON: fields that must have these values, else REFUSED; empty = always */
  int64_t intended_at;
} rl_write;

typedef struct rl_connector {
  uint32_t struct_size;
  uint32_t reserved;
  const rl_connector_caps* caps;
  /* [pure] Optional. As caps_for of a channel: a static table for this configuration, or NULL. */
  const rl_connector_caps* (*caps_for)(rl_str config);

  /* [instance] Optional. DONE with data {"fields": {"email": "text", ...}}: what `read` can
   * give. */
  void (*fields)(void* self, rl_op op);
  /* [pure] Optional, with `page`. Every `put` line is one problem of the query. */
  void (*check_query)(rl_str query, const rl_out* problems);
  /* [instance] One object. DONE with its fields as data; ABSENT = there is none; NOT_NOW, FAILED.
   * Text that is there but empty is left out, as if it were not there. */
  void (*read)(void* self, rl_op op, const rl_read* read);
  /* [instance] Optional. Many: DONE with {"items": [...], "cursor": "..."}; no cursor = the end.
   * Each item has "id", the customer's. Items come in an order that does not change between pages:
   * a cursor is kept, and is given again after a restart. */
  void (*page)(void* self, rl_op op, const rl_read* read);
  /* [instance] DONE, REFUSED (also: only_if did not hold), NOT_NOW, FAILED, UNKNOWN. */
  void (*write)(void* self, rl_op op, const rl_write* write);
  /* [instance] Needed by RL_OP_LOOKUP. What became of this write? As a channel's lookup. */
  void (*lookup)(void* self, rl_op op, const rl_write* write);
} rl_connector;

#ifdef __cplusplus
}
#endif
#endif
