// The figures of a node and its plugins as Prometheus reads them. What each means, and what to do
// about it, stands in docs/operating/alarms.md.
//
// Threads: any.
#pragma once

#include "node/node_core.h"
#include "plugins/instance_health.h"
#include "serve/families.h"

namespace relance {

void add_node(Families& all, const NodeCore& node);
void add_plugins(Families& all, const std::vector<InstanceHealth>& instances);
// Of the process: memory, processor time, open files, as Prometheus' own libraries name them.
void add_process(Families& all);

}  // namespace relance
