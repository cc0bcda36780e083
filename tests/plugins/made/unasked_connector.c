/* A connector that says of an operation that it can be looked up, and cannot be asked. */
#include <relance/connector.h>

#include "good.h"

static void read_nothing(void* self, rl_op op, const rl_read* what) {
  (void)what;
  send(self, op, NULL);
}

static void write_nothing(void* self, rl_op op, const rl_write* what) {
  (void)what;
  send(self, op, NULL);
}

static const rl_operation hold = {.struct_size = sizeof(rl_operation),
                                  .delivery = RL_LOOKUP,
                                  .name = "hold",
                                  .flags = RL_OP_LOOKUP};
static const rl_operation* const operations[] = {&hold};
static const rl_connector_caps connector_caps = {.struct_size = sizeof(rl_connector_caps),
                                                 .kind = "shop",
                                                 .operations = operations,
                                                 .operations_count = 1};
static const rl_connector connector = {.struct_size = sizeof(rl_connector),
                                       .caps = &connector_caps,
                                       .read = read_nothing,
                                       .write = write_nothing};

static const void* connector_only(const char* id) {
  return strcmp(id, RL_CONNECTOR) == 0 ? &connector : NULL;
}

const rl_plugin* rl_plugin_entry(uint32_t host_abi) {
  (void)host_abi;
  plugin.id = "test.unasked_connector";
  plugin.get_interface = connector_only;
  return &plugin;
}
