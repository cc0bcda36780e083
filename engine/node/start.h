// What a rehearsal and an installation on a real clock have in common: the ports that a bundle
// comes to life with (generations.h), and how their store is opened.
#pragma once

#include "node/generation.h"
#include "node/node_core.h"

namespace relance {

struct StartPorts {
  const Clock& clock;
  Alarms& alarms;
  Net& net;
  const Process& process;
  const CallbackUrls* callbacks = nullptr;  // plugin_host.h
};

// What a store is opened with.
StoreFactory store_factory(const std::string& url, uint64_t seed, bool rehearsal = false);

}  // namespace relance
