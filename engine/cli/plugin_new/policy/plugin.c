/* @ID@: when to try again. The first try leaves at once, every later one in the customer's
 * evening, and after `tries` of them it is enough.
 *
 * A policy is pure: all it needs stands in the question (see relance/policy.h), and the same
 * question has the same answer. So it sets RL_CONCURRENT and keeps nothing. */
#include <relance/policy.h>
#include <relance/sdk/help.h>
#include <stdio.h>
#include <stdlib.h>

/* The host has checked the configuration by our schema and filled in its defaults. */
typedef struct {
  int64_t tries;
  char evening[8];
} rules;

static void* create(const rl_host* host, rl_str config, const rl_out* problem) {
  rules* self = calloc(1, sizeof *self);
  (void)host;
  if (self == NULL) return problem->put(problem->context, "no memory", 9), NULL;
  self->tries = rl_json_integer(config, "tries", 4);
  if (rl_json_text(config, "evening", self->evening, sizeof self->evening) == 0)
    memcpy(self->evening, "18:30", 6);
  return self;
}

static void destroy(void* self) { free(self); }

static void decide(void* instance, const rl_policy_in* question, const rl_out* answer) {
  const rules* self = instance;
  const int64_t try_no = rl_json_integer(question->json, "try", 0);
  char said[128];
  if (question->kind != RL_AT || try_no < 1)
    snprintf(said, sizeof said, "{\"problem\": \"it answers `at`, for a try from 1 on\"}");
  else if (try_no > self->tries)
    snprintf(said, sizeof said, "{\"never\": true, \"reason\": \"enough_tries\"}");
  else if (try_no == 1)
    snprintf(said, sizeof said, "{\"at\": \"now\", \"reason\": \"first_try\"}");
  else /* a clock time: when her clock shows it next */
    snprintf(said, sizeof said, "{\"at\": \"%s\", \"reason\": \"evening\"}", self->evening);
  answer->put(answer->context, said, strlen(said));
}

/* The closed list of its reasons: people read them in every story of a customer. */
static const char* const reasons[] = {"first_try", "evening", "enough_tries"};
static const rl_policy policy = {
    .struct_size = sizeof(rl_policy),
    .kinds = RL_AT,
    .reasons = reasons,
    .reasons_count = 3,
    .decide = decide,
};

static const void* get_interface(const char* id) {
  return strcmp(id, RL_POLICY) == 0 ? &policy : NULL;
}

static const rl_plugin plugin = {
    .struct_size = sizeof(rl_plugin),
    .abi = RL_ABI,
    .flags = RL_CONCURRENT,
    .id = "@ID@",
    .version = "0.1.0",
    .title = "Tries again in the evening",
    .config_schema =
        "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {"
        "\"tries\": {\"type\": \"integer\", \"minimum\": 1, \"default\": 4},"
        "\"evening\": {\"type\": \"string\", \"default\": \"18:30\","
        " \"pattern\": \"^([01][0-9]|2[0-3]):[0-5][0-9]$\"}}}",
    .create = create,
    .destroy = destroy,
    .get_interface = get_interface,
};

RL_PLUGIN(plugin)
