// A channel that the loader takes, to be spoilt: each file beside this one breaks one promise of
// the contract. The instance is its host: there is nothing else to remember.
#pragma once

#include <relance/channel.h>
#include <relance/host.h>
#include <string.h>

static void* create(const rl_host* host, rl_str config, const rl_out* problem) {
  (void)config;
  (void)problem;
  return (void*)(uintptr_t)host;
}

static void destroy(void* self) { (void)self; }

/* Nobody will ever know what became of it. */
static void send(void* self, rl_op op, const rl_touch* touch) {
  (void)touch;
  const rl_host* host = (const rl_host*)self;
  rl_result result = {0};
  result.struct_size = sizeof result;
  result.status = RL_UNKNOWN;
  host->complete(host, op, &result);
}

static rl_channel_caps caps = {
    .struct_size = sizeof(rl_channel_caps),
    .kind = "retry",
    .delivery = RL_KEYED,
};
static rl_channel channel = {.struct_size = sizeof(rl_channel), .caps = &caps, .send = send};

static const void* get_interface(const char* id) {
  return strcmp(id, RL_CHANNEL) == 0 ? &channel : NULL;
}

static rl_plugin plugin = {
    .struct_size = sizeof(rl_plugin),
    .abi = RL_ABI,
    .version = "0.1.0",
    .title = "A channel of a test",
    .config_schema = "{\"type\": \"object\", \"additionalProperties\": false}",
    .create = create,
    .destroy = destroy,
    .get_interface = get_interface,
};
