// Figures of a node, its plugins and its intake for Prometheus; names and units by its conventions.
// Threads: any.
#pragma once

#include <memory>
#include <string>

#include "node/node_core.h"
#include "plugins/plugin_host.h"

namespace relance {

class IntakeMetrics {
 public:
  IntakeMetrics();
  ~IntakeMetrics();

  void answered(std::string_view route, int status);
  void event_kept(Duration after);  // from the request to its durability

  // As Prometheus reads it, with the node's and the plugins' own as of now.
  std::string text(const NodeCore& node, const PluginHost& host);

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace relance
