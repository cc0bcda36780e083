// What a test works on: the mapped plugin, its configuration, the scene, and a line to the parent
// that tells what is being done, should the child end there.
//
// Threads: one. Lifetime: the library stays mapped.
#pragma once

#include <relance/connector.h>
#include <relance/generate.h>
#include <relance/policy.h>

#include <string>

#include "plugins/check/runner.h"
#include "plugins/check/scene.h"
#include "plugins/check/seen.h"

namespace relance::conformance {

// Its tables as it gives them; nothing of them is believed yet.
struct Mapped {
  void* library = nullptr;
  const rl_plugin* descriptor = nullptr;
  const rl_channel* channel = nullptr;
  const rl_conversation* conversation = nullptr;
  const rl_inbound* inbound = nullptr;
  const rl_connector* connector = nullptr;
  const rl_policy* policy = nullptr;
  const rl_generate* generate = nullptr;
  std::string problem;  // why it cannot be used; empty: it can
};

class Bench {
 public:
  // `pipe`: where `doing` writes; -1: nowhere.
  Bench(const Subject& subject, int pipe);

  const Subject& subject() const { return subject_; }
  const Mapped& plugin() const { return mapped_; }
  const Scene& scene() const { return scene_; }
  // As the engine would hand it to `create`; with a problem the text why there is none.
  const std::string& config() const { return config_; }
  const std::string& config_problem() const { return config_problem_; }
  // A configuration as the engine prepares it: schema, defaults, check_config. Fails with the
  // reason why it is refused.
  Result<std::string> prepare(const std::string& config_json) const;

  // Those for this configuration; nullptr without the interface.
  const rl_channel_caps* channel_caps() const;
  const rl_connector_caps* connector_caps() const;
  bool concurrent() const { return (mapped_.descriptor->flags & RL_CONCURRENT) != 0; }

  void doing(const std::string& what);

 private:
  void map();
  void read_config();

  Subject subject_;
  int pipe_;
  Mapped mapped_;
  Scene scene_;
  std::string config_, config_problem_;
};

}  // namespace relance::conformance
