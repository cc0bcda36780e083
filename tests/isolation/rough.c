/* A channel and policy that behaves as badly as the touch's address tells it. */
#include <fcntl.h>
#include <relance/channel.h>
#include <relance/policy.h>
#include <relance/sdk/help.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct {
  const rl_host* host;
  rl_op later;
} rough;

static void* create(const rl_host* host, rl_str config, const rl_out* problem) {
  rough* self = calloc(1, sizeof *self);
  self->host = host;
  if (rl_json_true(config, "crash")) raise(SIGSEGV);
  if (rl_json_true(config, "refuse")) {
    free(self);
    return problem->put(problem->context, "it refuses", 10), NULL;
  }
  return self;
}

static void start(void* self, rl_op op) {
  rl_end(((rough*)self)->host, op, RL_DONE, "", NULL, rl_text(""));
}

static void destroy(void* self) { free(self); }

static void done(const rough* self, rl_op op, const char* reason) {
  rl_end(self->host, op, RL_DONE, "delivered", reason, rl_text(reason));
}

static void* volatile kept; /* so that no allocation is thought away */

static void allocate(const rough* self, rl_op op) {
  kept = malloc((size_t)2 << 30);
  if (kept != NULL) memset(kept, 1, (size_t)2 << 30);
  done(self, op, kept == NULL ? "no_memory" : "memory");
}

static void open_files(const rough* self, rl_op op) {
  int count = 0;
  while (count < 10000 && open("/dev/null", O_RDONLY) >= 0) ++count;
  done(self, op, count < 10000 ? "no_files" : "files");
}

static void request(const rough* self, rl_op op, rl_str url, uint32_t flags) {
  rl_http http = {0};
  http.struct_size = sizeof http;
  http.flags = flags;
  http.method = rl_text("POST");
  http.url = url;
  http.body = rl_text("body");
  self->host->http(self->host, op, 7, &http);
}

/* What ends the process, and what does not. */
static void misbehave(const rough* self, rl_op op, rl_str what) {
  if (rl_is(what, "crash")) raise(SIGSEGV);
  if (rl_is(what, "stop")) raise(SIGSTOP);
  if (rl_is(what, "exit")) _exit(0);
  if (rl_is(what, "junk") && write(3, "\xff\xff\xff\xff junk and more of it", 24) != 24) abort();
  if (rl_is(what, "effect")) {
    self->host->effect(self->host, op, RL_MAYBE);
    self->host->effect(self->host, op, RL_ANSWERED);
    raise(SIGSEGV);
  }
}

static void send(void* instance, rl_op op, const rl_touch* touch) {
  rough* self = instance;
  const rl_str what = touch->address;
  char number[16];
  snprintf(number, sizeof number, "%d", getpid());
  misbehave(self, op, what);
  if (rl_is(what, "allocate")) {
    allocate(self, op);
  } else if (rl_is(what, "files")) {
    open_files(self, op);
  } else if (rl_is(what, "environment")) {
    done(self, op, getenv("PATH") ? "some" : "none");
  } else if (rl_is(what, "later")) {
    self->later = op;
    self->host->timer(self->host, 9, self->host->now(self->host) + 20);
  } else if (what.len > 7 && memcmp(what.ptr, "http://", 7) == 0) {
    request(self, op, what, RL_EFFECT);
  } else if (rl_is(what, "text")) {
    rl_end_with_data(self->host, op, rl_part_of(touch, "text"));
  } else if (!rl_is(what, "junk")) {
    done(self, op, number);
  }
}

static void on_io(void* instance, rl_op op, uint64_t tag, const rl_reply* reply) {
  const rough* self = instance;
  char said[32];
  rl_json_text(reply->body, "do", said, sizeof said);
  if (strcmp(said, "crash") == 0) raise(SIGSEGV);
  done(self, op, tag == 7 && reply->status == 200 ? said : "wrong");
}

static void on_timer(void* instance, uint64_t tag) {
  const rough* self = instance;
  done(self, self->later, tag == 9 ? "timer" : "wrong");
}

static void estimate(void* instance, const rl_touch* touch, rl_cost* cost) {
  (void)instance, (void)touch;
  cost->micro = 75000;
  memcpy(cost->currency, "EUR", 4);
  cost->quality = RL_COST_EXACT;
}

static void decide(void* instance, const rl_policy_in* question, const rl_out* answer) {
  (void)instance;
  if (question->kind == RL_CHOOSE) raise(SIGSEGV);
  answer->put(answer->context, "{\"at\":\"now\",\"reason\":\"", 22);
  answer->put(answer->context, "rough\"}", 7);
}

static const rl_word delivered = {sizeof(rl_word), 0, "delivered", "delivered"};
static const rl_word* const words[] = {&delivered};
static const rl_channel_caps caps = {.struct_size = sizeof(rl_channel_caps),
                                     .flags = RL_CONTACT,
                                     .kind = "sms",
                                     .delivery = RL_KEYED,
                                     .key_window_ms = 3600 * 1000,
                                     .words = words,
                                     .words_count = 1};
static const rl_channel channel = {
    .struct_size = sizeof(rl_channel), .caps = &caps, .estimate = estimate, .send = send};
static const char* const reasons[] = {"rough"};
static const rl_policy policy = {.struct_size = sizeof(rl_policy),
                                 .kinds = RL_AT | RL_CHOOSE,
                                 .reasons = reasons,
                                 .reasons_count = 1,
                                 .decide = decide};

static const void* get_interface(const char* id) {
  if (strcmp(id, RL_CHANNEL) == 0) return &channel;
  return strcmp(id, RL_POLICY) == 0 ? &policy : NULL;
}

static const rl_plugin plugin = {.struct_size = sizeof(rl_plugin),
                                 .abi = RL_ABI,
                                 .id = "test.rough",
                                 .version = "1.0.0",
                                 .title = "Behaves badly",
                                 .config_schema = "{\"type\": \"object\"}",
                                 .create = create,
                                 .start = start,
                                 .destroy = destroy,
                                 .on_io = on_io,
                                 .on_timer = on_timer,
                                 .get_interface = get_interface};

RL_PLUGIN(plugin)
