/* A policy that is ready at once. With BEGINS_NOT: another build of it, which cannot begin. */
#include <relance/host.h>
#include <relance/policy.h>
#include <stdint.h>
#include <string.h>

static void* create(const rl_host* host, rl_str config, const rl_out* problem) {
  (void)config;
  (void)problem;
  return (void*)(uintptr_t)host;
}

static void destroy(void* self) { (void)self; }

static void start(void* self, rl_op op) {
  const rl_host* host = (const rl_host*)self;
  rl_result result = {0};
  result.struct_size = sizeof result;
#ifdef BEGINS_NOT
  result.status = RL_FAILED;
  result.reason = (rl_str)RL_TEXT("the account is closed");
#else
  result.status = RL_DONE;
#endif
  host->complete(host, op, &result);
}

static void decide(void* self, const rl_policy_in* question, const rl_out* answer) {
  (void)self;
  (void)question;
  static const char now[] = "{\"at\": \"now\", \"reason\": \"ready\"}";
  answer->put(answer->context, now, sizeof now - 1);
}

static const char* const reasons[] = {"ready"};
static const rl_policy policy = {
    .struct_size = sizeof(rl_policy),
    .kinds = RL_AT,
    .reasons = reasons,
    .reasons_count = 1,
    .decide = decide,
};

static const void* get_interface(const char* id) {
  return strcmp(id, RL_POLICY) == 0 ? &policy : NULL;
}

static const rl_plugin plugin = {
    .struct_size = sizeof(rl_plugin),
    .abi = RL_ABI,
    .id = "test.begins",
    .version = "0.1.0",
    .title = "A policy of a test",
    .config_schema = "{\"type\": \"object\", \"additionalProperties\": false}",
    .create = create,
    .start = start,
    .destroy = destroy,
    .get_interface = get_interface,
};
RL_PLUGIN(plugin)
