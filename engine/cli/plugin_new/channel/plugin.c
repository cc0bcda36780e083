/* @ID@: a channel. Posts each message to a provider:
 *
 *   POST url  {"to": "+33639980001", "text": "..."}    Idempotency-Key: the touch's key
 *   200       {"id": "m-1"}
 *
 * Without `url` nothing leaves the machine, and a message is a line in the log: so it can be tried
 * before there is an account. */
#include <relance/channel.h>
#include <relance/sdk/help.h>
#include <stdlib.h>

/* An instance is one account. The host has checked the configuration by our schema. */
typedef struct {
  const rl_host* host; /* outlives us */
  char url[512], token[128];
  rl_waiting waiting; /* operations whose reply is still to come */
} account;

static void* create(const rl_host* host, rl_str config, const rl_out* problem) {
  account* self = calloc(1, sizeof *self);
  if (self == NULL) return problem->put(problem->context, "no memory", 9), NULL;
  self->host = host;
  rl_json_text(config, "url", self->url, sizeof self->url);
  rl_json_text(config, "token", self->token, sizeof self->token);
  return self;
}

static void destroy(void* instance) {
  account* self = instance;
  free(self->waiting.ops);
  free(self);
}

/* {"to": ..., "text": ...}: the same touch gives the same bytes. NULL: no memory. */
static char* body_of(const rl_touch* touch) {
  const rl_str text = rl_part_of(touch, "text");
  char* body = malloc(RL_JSON_ROOM(touch->address.len) + RL_JSON_ROOM(text.len) + 32);
  if (body == NULL) return NULL;
  strcpy(body, "{\"to\":");
  rl_json_quote(touch->address, body + strlen(body));
  strcat(body, ",\"text\":");
  rl_json_quote(text, body + strlen(body));
  return strcat(body, "}");
}

/* Asks the host for the request and returns; on_io hears how it went. */
static void post(account* self, rl_op op, const rl_touch* touch, const char* body) {
  const rl_header headers[] = {{rl_text("Content-Type"), rl_text("application/json")},
                               {rl_text("Idempotency-Key"), touch->key_text}};
  rl_http request = {0}; /* zero, then assign */
  request.struct_size = sizeof request;
  request.flags = RL_EFFECT; /* this request acts */
  request.method = rl_text("POST");
  request.url = rl_text(self->url);
  request.headers = headers;
  request.headers_count = 2;
  request.body = rl_text(body);
  request.secret = rl_text(self->token); /* the secret's name: the host writes the header */
  request.auth = request.secret.len > 0 ? RL_AUTH_BEARER : 0;
  rl_ask(&self->waiting, self->host, op, 0, &request);
}

static void send(void* instance, rl_op op, const rl_touch* touch) {
  account* self = instance;
  char* body = body_of(touch);
  if (body == NULL) {
    rl_end_not_now(self->host, op, 0);
  } else if (self->url[0] == '\0') {
    self->host->log(self->host, RL_LOG_WARNING, rl_text("no `url`: nothing left the machine"));
    rl_end(self->host, op, RL_DONE, "delivered", "dry_run", touch->key_text);
  } else {
    post(self, op, touch, body);
  }
  free(body);
}

static void on_io(void* instance, rl_op op, uint64_t tag, const rl_reply* reply) {
  account* self = instance;
  const rl_host* host = self->host;
  const int accepted = reply->status >= 200 && reply->status < 300;
  char id[128];
  (void)tag;
  if (!rl_waited(&self->waiting, op))
    self->host->log(host, RL_LOG_INFO, rl_text("a reply came twice"));
  else if (reply->wire == RL_NOT_SENT)
    rl_end_not_now(host, op, 0);
  else if (reply->status == 429)
    rl_end_not_now(host, op, rl_again_at(host, reply));
  else if (reply->status >= 400 && reply->status < 500)
    rl_end(host, op, RL_REFUSED, "", "refused", rl_text(""));
  else if (accepted && rl_json_text(reply->body, "id", id, sizeof id) > 0)
    rl_end(host, op, RL_DONE, "delivered", NULL, rl_text(id));
  else /* no id, no proof: a page of HTML with 200 is nobody's promise */
    rl_end(host, op, RL_UNKNOWN, "", "no_clear_answer", rl_text(""));
}

/* What this channel can do, readable without an instance. */
static const rl_word delivered = {sizeof(rl_word), 0, "delivered", "delivered"};
static const rl_word* const words[] = {&delivered};
static const rl_channel_caps caps = {
    .struct_size = sizeof(rl_channel_caps),
    .flags = RL_CONTACT,  /* it reaches a person: consent and contact windows hold */
    .kind = "sms",        /* which outcome words a flow may use */
    .delivery = RL_KEYED, /* the provider honours our key: be honest here */
    .key_window_ms = 24 * 3600 * 1000,
    .words = words,
    .words_count = 1,
};
static const rl_channel channel = {.struct_size = sizeof(rl_channel), .caps = &caps, .send = send};

static const void* get_interface(const char* id) {
  return strcmp(id, RL_CHANNEL) == 0 ? &channel : NULL;
}

static const rl_plugin plugin = {
    .struct_size = sizeof(rl_plugin),
    .abi = RL_ABI,
    .id = "@ID@",
    .version = "0.1.0",
    .title = "Sends messages over HTTP",
    .config_schema =
        "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {"
        "\"url\": {\"type\": \"string\", \"maxLength\": 500},"
        "\"token\": {\"type\": \"string\", \"format\": \"secret\"}}}",
    .create = create,
    .destroy = destroy,
    .on_io = on_io,
    .get_interface = get_interface,
};

RL_PLUGIN(plugin)
