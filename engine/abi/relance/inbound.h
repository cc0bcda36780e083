/* relance.inbound/1: what comes in by itself. Webhooks of providers, events of a shop.
 *
 * Each instance has a route of its own under the host's address, so that several accounts of one
 * provider do not meet. Raw bytes come in; the plugin verifies the signature (host->hmac, current
 * and previous secret), emits events with this operation, then answers. The host holds the answer
 * back until those events are committed: a provider that got its 200 may forget. */
#ifndef RELANCE_INBOUND_H
#define RELANCE_INBOUND_H

#include "host.h"

#ifdef __cplusplus
extern "C" {
#endif

#define RL_INBOUND "relance.inbound/1"

typedef struct rl_request {
  uint32_t struct_size;
  uint32_t reserved;
  rl_str method;
  rl_str path;              /* below the instance's route; callback keys are already taken off */
  rl_str query;             /* as sent, without '?' */
  rl_str url;               /* as the sender wrote it: some providers sign it */
  const rl_header* headers; /* names in lower case */
  size_t headers_count;
  rl_str body; /* at most 1 MiB, as sent */
  rl_key key;  /* from a signed callback URL; all zero = none */
} rl_request;

struct rl_answer {
  uint32_t struct_size;
  int32_t status; /* 200, 401, ... */
  rl_str content_type;
  rl_str body;
};

typedef struct rl_inbound {
  uint32_t struct_size;
  uint32_t reserved;
  /* [instance] Once per request that arrives. Ends with host->answer(op, ...), at the latest 10
   * seconds later. A forged or unreadable request emits nothing and is answered 4xx. */
  void (*on_request)(void* self, rl_op op, const rl_request* request);
} rl_inbound;

#ifdef __cplusplus
}
#endif
#endif
