// `relance run` on a real clock. Internal to the command.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "cli/event_file.h"
#include "plugins/plugin_host.h"
#include "script/bundle.h"
#include "store/store.h"

namespace relance::cli {

struct RunOptions {
  std::string bundle, events, store, clock = "real", effects, acks;
  Instant until = Instant::never();
  bool sandbox = false, json = false;
  uint64_t seed = 1;
  int workers = 1;
};

struct RunEndings {
  EventFile file;
  uint64_t duplicates = 0;
  std::string journal_hash;
  double elapsed_s = 0;
  Store* store = nullptr;
};

using PrintFunnel = std::function<int(const RunOptions&, const RunEndings&)>;

// The exit code. SIGTERM and SIGINT stop it (node/stop_request.h): no funnel then.
int run_real(const RunOptions& options, std::shared_ptr<const Bundle> bundle,
             PluginLibrary& library, const PrintFunnel& print);

}  // namespace relance::cli
