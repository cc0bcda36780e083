/* @ID@: a system of record over HTTP.
 *
 *   GET  url/customers/ID   200 {"email": "...", "first_name": "..."}, 404
 *   POST url/OPERATION      the data as JSON            Idempotency-Key: the write's key
 *
 * Without `url` it knows one customer, Ann, under every id, and what is written is a line in the
 * log: so it can be tried before there is a system. */
#include <relance/connector.h>
#include <relance/sdk/help.h>
#include <stdio.h>
#include <stdlib.h>

enum { READ = 1, WRITE = 2 }; /* tags of requests */

static const char ann[] =
    "{\"email\": \"ann@example.com\", \"phone\": \"+33639980001\", \"first_name\": \"Ann\","
    " \"locale\": \"en\", \"timezone\": \"Europe/Paris\"}";

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

/* Asks the host for the request url/path/what and returns; on_io hears how it went. */
static void ask(account* self, rl_op op, const char* path, rl_str what, rl_http* request) {
  char url[1024], last[RL_URL_ROOM(160)];
  if (what.len > 160) {
    rl_end(self->host, op, RL_FAILED, "", "name_too_long", rl_text(""));
    return;
  }
  rl_url_quote(what, last);
  snprintf(url, sizeof url, "%s%s%s", self->url, path, last);
  request->struct_size = sizeof *request;
  request->url = rl_text(url);
  request->secret = rl_text(self->token); /* the secret's name: the host writes the header */
  request->auth = request->secret.len > 0 ? RL_AUTH_BEARER : 0;
  rl_ask(&self->waiting, self->host, op, request->flags & RL_EFFECT ? WRITE : READ, request);
}

static void read_record(void* instance, rl_op op, const rl_read* read) {
  account* self = instance;
  rl_http request = {0}; /* zero, then assign */
  request.method = rl_text("GET");
  if (read->by.len > 0 || !rl_is(read->what, "customer"))
    rl_end(self->host, op, RL_ABSENT, "", "no_such_object", rl_text(""));
  else if (self->url[0] == '\0')
    rl_end_with_data(self->host, op, rl_text(ann));
  else
    ask(self, op, "/customers/", read->value, &request);
}

static void write_record(void* instance, rl_op op, const rl_write* write) {
  account* self = instance;
  const rl_header headers[] = {{rl_text("Content-Type"), rl_text("application/json")},
                               {rl_text("Idempotency-Key"), write->key_text}};
  rl_http request = {0};
  request.flags = RL_EFFECT; /* this request acts */
  request.method = rl_text("POST");
  request.headers = headers;
  request.headers_count = 2;
  request.body = write->data;
  if (self->url[0] == '\0') {
    self->host->log(self->host, RL_LOG_WARNING, rl_text("no `url`: nothing was written"));
    rl_end(self->host, op, RL_DONE, "", "dry_run", rl_text(""));
  } else {
    ask(self, op, "/", write->operation, &request);
  }
}

static void on_io(void* instance, rl_op op, uint64_t tag, const rl_reply* reply) {
  account* self = instance;
  const rl_host* host = self->host;
  const int accepted = reply->status >= 200 && reply->status < 300;
  if (!rl_waited(&self->waiting, op))
    self->host->log(host, RL_LOG_INFO, rl_text("a reply came twice"));
  else if (reply->wire == RL_NOT_SENT)
    rl_end_not_now(host, op, 0);
  else if (reply->status == 429)
    rl_end_not_now(host, op, rl_again_at(host, reply));
  else if (tag == READ && accepted && rl_json_is_object(reply->body))
    rl_end_with_data(host, op, reply->body);
  else if (tag == READ && reply->status == 404)
    rl_end(host, op, RL_ABSENT, "", "no_record", rl_text(""));
  else if (tag == READ) /* a read changes nothing: it may be asked again */
    rl_end_not_now(host, op, 0);
  else if (accepted)
    rl_end(host, op, RL_DONE, "", NULL, rl_text(""));
  else
    rl_end(host, op, reply->status >= 400 && reply->status < 500 ? RL_REFUSED : RL_UNKNOWN, "",
           "not_accepted", rl_text(""));
}

/* What this system can do, readable without an instance. */
static const char* const objects[] = {"customer"};
static const rl_operation any = {
    .struct_size = sizeof(rl_operation),
    .delivery = RL_KEYED, /* the system honours our key: be honest here */
    .name = "*",
    .key_window_ms = 24 * 3600 * 1000,
};
static const rl_operation* const operations[] = {&any};
static const rl_connector_caps caps = {
    .struct_size = sizeof(rl_connector_caps),
    .acts_outside = 1,
    .kind = "crm",
    .objects = objects,
    .objects_count = 1,
    .operations = operations,
    .operations_count = 1,
};
static const rl_connector connector = {
    .struct_size = sizeof(rl_connector), .caps = &caps, .read = read_record, .write = write_record};

static const void* get_interface(const char* id) {
  return strcmp(id, RL_CONNECTOR) == 0 ? &connector : NULL;
}

static const rl_plugin plugin = {
    .struct_size = sizeof(rl_plugin),
    .abi = RL_ABI,
    .id = "@ID@",
    .version = "0.1.0",
    .title = "Customers over HTTP",
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
