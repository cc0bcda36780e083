/* The smallest channel: it writes each message into the log and says "delivered".
 *
 * Copy this folder, rename the id, and replace the body of `send`. Everything a plugin may use
 * stands in the headers under relance/; plugin.h has the rules, channel.h this kind of plugin. */
#include <relance/channel.h>
#include <relance/host.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  const rl_host* host; /* outlives us */
} account;

/* An instance is one account of a provider. The host has checked its configuration by our schema.
 */
static void* create(const rl_host* host, rl_str config, const rl_out* problem) {
  (void)config;
  account* self = malloc(sizeof *self);
  if (self == NULL) {
    problem->put(problem->context, "no memory", 9);
    return NULL;
  }
  self->host = host;
  return self;
}

static void destroy(void* self) { free(self); }

/* A real channel would call host->http here with RL_EFFECT and the touch's key, return at once, and
 * complete the operation in on_io. This one is done already. */
static void send(void* instance, rl_op op, const rl_touch* touch) {
  const account* self = instance;
  const rl_str line = RL_TEXT("a message was sent");
  self->host->log(self->host, RL_LOG_INFO, line);

  rl_result result = {0}; /* zero, then assign */
  result.struct_size = sizeof result;
  result.status = RL_DONE;
  result.word = (rl_str)RL_TEXT("delivered");
  result.refs = &touch->key_text; /* the provider's id; here our own key serves */
  result.refs_count = 1;
  self->host->complete(self->host, op, &result);
}

/* What this channel can do, readable without an instance. */
static const rl_word delivered = {sizeof(rl_word), 0, "delivered", "delivered"};
static const rl_word* const words[] = {&delivered};
static const rl_channel_caps caps = {
    .struct_size = sizeof(rl_channel_caps),
    .flags = RL_CONTACT,       /* it reaches a person: consent and contact windows hold */
    .kind = "sms",             /* which outcome words a flow may use */
    .delivery = RL_REPEATABLE, /* a log line twice does no harm; be honest here */
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
    .id = "relance.template",
    .version = "0.1.0",
    .title = "The smallest channel, to copy",
    .config_schema = "{\"type\": \"object\", \"additionalProperties\": false}",
    .create = create,
    .destroy = destroy,
    .get_interface = get_interface,
};

RL_PLUGIN(plugin)
