#include "script/compile_context.h"

namespace relance {

CompileContext compile_context(const Bundle& bundle,
                               const std::function<std::string(const PluginEntry&)>& kind_of) {
  CompileContext context;
  context.events = &bundle.events;
  context.templates = &bundle.templates;
  for (const PluginEntry& entry : bundle.channels) context.channels[entry.name] = kind_of(entry);
  for (const PluginEntry& entry : bundle.connectors) context.connectors.push_back(entry.name);
  if (bundle.crm) context.connectors.emplace_back("crm");
  for (const PluginEntry& entry : bundle.policies) context.policies.push_back(entry.name);
  for (const LuaPolicy& policy : bundle.lua_policies) context.policies.push_back(policy.name);
  for (const PluginEntry& entry : bundle.content) context.writers.push_back(entry.name);
  for (const Queue& queue : bundle.queues) context.queues.push_back(queue.name);
  for (const CompiledFlow& flow : bundle.flows) context.flows.push_back(flow.flow.name);
  return context;
}

}  // namespace relance
