/* What the host does for a plugin. The table of an instance is passed to `create` and outlives it.
 *
 * Rationale: a plugin has no sockets, no clock and no secrets of its own. So TLS, pools, time-outs,
 * recording, fault injection and virtual time are in one place, a new secret needs no plugin, and
 * no secret is ever logged. Everything that takes time is an operation; every request belongs to
 * one. */
#ifndef RELANCE_HOST_H
#define RELANCE_HOST_H

#include "plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a service returns. Anything but RL_OK: nothing was begun and nothing will come. */
enum {
  RL_OK = 0,
  RL_BUSY = -1, /* too much at once: try again from a timer */
  RL_GONE = -2, /* that operation is over */
  RL_WRONG = -3 /* an argument is impossible: a mistake of the plugin, logged */
};

enum { RL_LOG_DEBUG = 1, RL_LOG_INFO = 2, RL_LOG_WARNING = 3, RL_LOG_ERROR = 4 };
enum { RL_SHA256 = 1, RL_SHA1 = 2, RL_SHA512 = 3 };                 /* hmac */
enum { RL_AUTH_BEARER = 1, RL_AUTH_BASIC = 2, RL_AUTH_HEADER = 3 }; /* how a secret is written */

/* rl_http.flags, rl_mail.flags */
enum {
  RL_EFFECT = 1, /* it acts (charges, sends, calls): it leaves the crash mark, and is compared on
                  * a repeat */
  RL_REQUIRE_TLS =
      2 /* smtp: where the server offers no TLS, nothing is sent and no password told */
};

typedef struct rl_header {
  rl_str name;
  rl_str value;
} rl_header;

typedef struct rl_http {
  uint32_t struct_size;
  uint32_t flags; /* RL_EFFECT */
  rl_str method;  /* "POST" */
  rl_str url;
  const rl_header* headers; /* without authorisation and without length */
  size_t headers_count;
  rl_str body;
  rl_str secret;       /* its name, empty = none; the host writes it as `auth` says */
  rl_str auth_name;    /* BASIC: the user. HEADER: the header's name */
  uint32_t auth;       /* RL_AUTH_BEARER ... */
  uint32_t timeout_ms; /* 0 = the host's */
} rl_http;

typedef struct rl_mail {
  uint32_t struct_size;
  uint32_t flags; /* RL_EFFECT, RL_REQUIRE_TLS */
  rl_str url;     /* smtp://host:25, smtps://... */
  rl_str from;    /* envelope */
  const rl_str* to;
  size_t to_count;
  rl_str message; /* RFC 5322, CRLF lines */
  rl_str user;
  rl_str secret; /* name of the password */
  uint32_t timeout_ms;
  uint32_t reserved;
} rl_mail;

struct rl_reply {
  uint32_t struct_size;
  uint32_t wire;  /* RL_NOT_SENT, RL_MAYBE, RL_ANSWERED */
  int32_t status; /* HTTP or SMTP; 0 = no answer */
  uint32_t reserved;
  const rl_header* headers; /* names in lower case */
  size_t headers_count;
  rl_str body;    /* at most 8 MiB */
  rl_str problem; /* why there is no answer */
};

/* Something that happened outside. The host finds whom it is about by, in this order: key, ref,
 * subject, address. Where no touch is known by the ref yet (a webhook may overtake the answer to
 * its send) and there is no subject, the event is kept until one is, for up to 72 hours; only a
 * MESSAGE goes to its address at once. */
enum {
  RL_EVENT_RECEIPT = 1, /* a later word on a touch: bounced, delivered, voicemail */
  RL_EVENT_ACTION = 2,  /* somebody did something: `type` from the bundle's event catalogue */
  RL_EVENT_MESSAGE = 3  /* unasked words of a person: a reply, STOP */
};

typedef struct rl_event {
  uint32_t struct_size;
  uint32_t kind;
  rl_str id;      /* unique and stable for this happening: the host drops what it has seen */
  int64_t at;     /* when it happened */
  rl_key key;     /* of the touch, as given in rl_touch or read from the callback URL */
  rl_str ref;     /* the provider's id, one of rl_result.refs */
  rl_str address; /* number or mailbox */
  rl_str subject; /* customer id, where the source knows it */
  rl_str word;    /* RECEIPT */
  rl_str type;    /* ACTION: "link.clicked", "payment.succeeded" */
  rl_str data;    /* JSON: the fields of that type; MESSAGE: {"text": ...} */
  rl_cost cost;   /* what this adds to the cost of the touch */
} rl_event;

typedef struct rl_answer rl_answer; /* inbound.h */
typedef struct rl_heard rl_heard;   /* conversation.h */

struct rl_host {
  uint32_t struct_size;
  uint32_t abi;  /* RL_ABI of the host */
  void* context; /* the host's own */

  /* [any] Ends `op`, exactly once. A later completion is kept as evidence and not obeyed. May be
   * called before the call that began the operation has returned. */
  void (*complete)(const rl_host*, rl_op op, const rl_result* result);
  /* [any] A request of `op`; its reply comes to on_io with `tag`. */
  int32_t (*http)(const rl_host*, rl_op op, uint64_t tag, const rl_http* request);
  int32_t (*smtp)(const rl_host*, rl_op op, uint64_t tag, const rl_mail* mail);
  /* [any] Stops the requests of `op`; each still gets its reply, which says what had left. */
  void (*abort_io)(const rl_host*, rl_op op);
  /* [any] For a plugin that acts by other means than http and smtp (a file, a device): RL_MAYBE
   * just before it acts, RL_ANSWERED once it knows. The same mark as RL_EFFECT on a request. */
  void (*effect)(const rl_host*, rl_op op, uint32_t wire);
  /* [any] Calls on_timer(tag) at the instant `at`, or at once where that is past. Every call is a
   * timer of its own; none can be taken back: forget the tag. Timers do not survive a restart. */
  int32_t (*timer)(const rl_host*, uint64_t tag, int64_t at);
  /* [any] The engine's time; virtual in tests and simulations. Never runs backwards. */
  int64_t (*now)(const rl_host*);
  /* [any] Hands an event in. With the operation of an on_request, its answer goes out only after
   * the event is committed; with op 0 the host has it, and a crash may still lose it. */
  int32_t (*emit)(const rl_host*, rl_op op, const rl_event* event);
  /* [any] The HTTP answer to the request that came as `op`; completes `op`. */
  void (*answer)(const rl_host*, rl_op op, const rl_answer* answer);
  /* [any] A turn of a conversation arrived; the engine performs the next one. */
  int32_t (*heard)(const rl_host*, const rl_heard* heard);
  /* [any] A line in the log; no names, numbers or texts of people. */
  void (*log)(const rl_host*, uint32_t level, rl_str text);
  /* [any] HMAC with a named secret; version 0 = current, 1 = the one before (accept both on the way
   * in). Returns the bytes written, 0 = no such secret, version or algorithm. */
  size_t (*hmac)(const rl_host*, uint32_t algorithm, rl_str secret, uint32_t version, rl_str data,
                 uint8_t out[64]);
};

#ifdef __cplusplus
}
#endif
#endif
