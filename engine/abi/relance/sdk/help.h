/* What nearly every plugin in plain C writes again: looking something up in what the host handed
 * in, and ending an operation in one line. Optional: no part of the contract. */
#ifndef RELANCE_SDK_HELP_H
#define RELANCE_SDK_HELP_H

#include <stdlib.h>

#include "../channel.h"
#include "../host.h"
#include "text.h"

#ifdef __cplusplus
extern "C" {
#endif

static inline rl_str rl_text(const char* text) {
  rl_str made;
  made.ptr = text;
  made.len = text == NULL ? 0 : strlen(text);
  return made;
}

static inline int rl_is(rl_str text, const char* other) {
  return text.len == strlen(other) && (text.len == 0 || memcmp(text.ptr, other, text.len) == 0);
}

/* The bytes of the part with that role ("subject", "text", "html"); empty where there is none. */
static inline rl_str rl_part_of(const rl_touch* touch, const char* role) {
  uint32_t i;
  for (i = 0; i < touch->parts_count; ++i)
    if (rl_is(touch->parts[i]->role, role)) return touch->parts[i]->bytes;
  return rl_text("");
}

/* The first header of that name (in lower case); empty where there is none. */
static inline rl_str rl_header_of(const rl_reply* reply, const char* name) {
  size_t i;
  for (i = 0; i < reply->headers_count; ++i)
    if (rl_is(reply->headers[i].name, name)) return reply->headers[i].value;
  return rl_text("");
}

/* When a provider that is too busy may be asked again, by its Retry-After in seconds; 0: it does
 * not say, and the host has a pace of its own. */
static inline int64_t rl_again_at(const rl_host* host, const rl_reply* reply) {
  const rl_str after = rl_header_of(reply, "retry-after");
  int64_t seconds = 0;
  size_t i;
  if (after.len == 0 || after.len > 6) return 0;
  for (i = 0; i < after.len; ++i) {
    if (after.ptr[i] < '0' || after.ptr[i] > '9') return 0;
    seconds = seconds * 10 + (after.ptr[i] - '0');
  }
  return host->now(host) + 1000 * seconds;
}

/* The operations that wait for a reply, so that one that comes again, or too late, ends nothing
 * twice. All zero = none. For calls that come one at a time. */
typedef struct rl_waiting {
  rl_op* ops;
  size_t count;
  size_t room;
} rl_waiting;

/* 0: no memory. */
static inline int rl_wait(rl_waiting* all, rl_op op) {
  if (all->count == all->room) {
    const size_t room = all->room == 0 ? 16 : 2 * all->room;
    rl_op* more = (rl_op*)realloc(all->ops, room * sizeof *more);
    if (more == NULL) return 0;
    all->ops = more;
    all->room = room;
  }
  all->ops[all->count++] = op;
  return 1;
}

/* 1: it waited, and does so no longer. */
static inline int rl_waited(rl_waiting* all, rl_op op) {
  size_t i;
  for (i = 0; i < all->count; ++i) {
    if (all->ops[i] != op) continue;
    all->ops[i] = all->ops[--all->count];
    return 1;
  }
  return 0;
}

/* Ends an operation: status, word, why in a word (or NULL), the provider's id (or empty). */
static inline void rl_end(const rl_host* host, rl_op op, uint32_t status, const char* word,
                          const char* reason, rl_str ref) {
  rl_result result;
  memset(&result, 0, sizeof result);
  result.struct_size = sizeof result;
  result.status = status;
  result.word = rl_text(word);
  result.reason = rl_text(reason);
  result.refs = &ref;
  result.refs_count = ref.len > 0;
  host->complete(host, op, &result);
}

/* NOT_NOW for all of the channel: nothing happened, ask again at that instant (0: the host's). */
static inline void rl_end_not_now(const rl_host* host, rl_op op, int64_t again_at) {
  rl_result result;
  memset(&result, 0, sizeof result);
  result.struct_size = sizeof result;
  result.status = RL_NOT_NOW;
  result.again_at = again_at;
  result.again_scope = again_at == 0 ? 0 : RL_SCOPE_CHANNEL;
  host->complete(host, op, &result);
}

/* DONE with data: the fields of a record, as JSON. */
static inline void rl_end_with_data(const rl_host* host, rl_op op, rl_str data) {
  rl_result result;
  memset(&result, 0, sizeof result);
  result.struct_size = sizeof result;
  result.status = RL_DONE;
  result.data = data;
  host->complete(host, op, &result);
}

/* Asks for a request of an operation that then waits for its reply. Where the host cannot take it,
 * nothing was begun, and the operation ends: NOT_NOW (too much at once), FAILED (a slip of ours).
 */
static inline void rl_ask(rl_waiting* all, const rl_host* host, rl_op op, uint64_t tag,
                          const rl_http* request) {
  int32_t begun = rl_wait(all, op) ? RL_OK : RL_BUSY;
  if (begun == RL_OK && (begun = host->http(host, op, tag, request)) != RL_OK) rl_waited(all, op);
  if (begun == RL_BUSY) rl_end_not_now(host, op, 0);
  if (begun == RL_WRONG) rl_end(host, op, RL_FAILED, "", "bad_request", rl_text(""));
}

#ifdef __cplusplus
}
#endif
#endif
