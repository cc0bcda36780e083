// A policy that lets a counter decide.
#include <relance/host.h>
#include <relance/policy.h>

#include <cstring>

#include "kit/text.h"

namespace {

int decided = 0;
const char* const kReasons[] = {"spaced"};

void decide(void*, const rl_policy_in*, const rl_out* answer) {
  kit::put(answer, decided++ % 2 == 0 ? R"({"at":"now","reason":"spaced"})"
                                      : R"({"never":true,"reason":"spaced"})");
}

const rl_policy kPolicy = {.struct_size = sizeof(rl_policy),
                           .kinds = RL_AT,
                           .reasons = kReasons,
                           .reasons_count = 1,
                           .decide = decide};

}  // namespace

const rl_plugin* rl_plugin_entry(uint32_t host_abi) {
  static rl_plugin plugin{};
  plugin.struct_size = sizeof plugin;
  plugin.abi = RL_ABI;
  plugin.id = "broken.impure_decide";
  plugin.version = "1.0.0";
  plugin.title = "Broken in one place";
  plugin.config_schema = R"({"type":"object","additionalProperties":false})";
  plugin.create = [](const rl_host*, rl_str, const rl_out*) -> void* { return new char; };
  plugin.destroy = [](void* self) { delete static_cast<char*>(self); };
  plugin.get_interface = [](const char* id) -> const void* {
    return std::strcmp(id, RL_POLICY) == 0 ? &kPolicy : nullptr;
  };
  return host_abi >> 16 == RL_ABI_MAJOR ? &plugin : nullptr;
}
