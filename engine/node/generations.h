// The generations of a node: which one is live, and how the next one takes over.
//
//   prepare()   makes the next beside the live one: bundle, plugins (what is alike is shared), the
//               flow versions that runs are pinned to. Nothing else changes; it may be dropped.
//   activate()  keeps it in the store, in one transaction, then swaps it in between two decisions.
//
// A run keeps its flow version; rules, templates and plugins are those of the live generation. The
// one before lives as long as a decision, a request or a plugin's operation holds it.
//
// Threads: live() any; the rest one at a time, none of the drive's. Blocks: prepare() on plugins
// that begin and on the store; deciding goes on meanwhile. Lifetime: node and ports outlive it, and
// nothing is driven when it goes.
// Fails: the generation before goes on, nothing of the new one is kept.
#pragma once

#include <list>

#include "node/do_not_call.h"
#include "node/start.h"

namespace relance {

// Who changes what is live, and why.
struct Activation {
  std::string author, reason;
  // Hash of a bundle that this one is activated instead of: a start with those files takes this
  // one.
  std::string instead_of = {};
};

struct NextGeneration {
  std::shared_ptr<ActiveGeneration> generation;
  std::shared_ptr<const DoNotCallLists> do_not_call;
  bool unchanged = false;  // the live one in every way
};

class Generations {
 public:
  struct Ports {
    NodeCore& node;
    PluginLibrary& library;
    StartPorts start;
    SandboxOptions sandbox;
  };

  // Activates the bundle on a node that is not driven yet, and finds what was under way
  // (NodeCore::recover). A bundle that somebody went back from is passed over for what the store
  // holds. Fails with every error of plugins, configuration or store; all are in `errors`.
  static Result<std::unique_ptr<Generations>> start(const Ports& ports,
                                                    std::shared_ptr<const Bundle> bundle,
                                                    std::vector<Error>& errors);
  ~Generations();

  std::shared_ptr<ActiveGeneration> live() const;

  // Of these sources; of the files in the live bundle's directory; of what the store holds of a
  // generation. Fails with all errors, and with reload_strands_runs where runs would lose their
  // flow version.
  Result<NextGeneration> prepare(const BundleSources& sources, std::vector<Error>& errors);
  Result<NextGeneration> prepare_files(std::vector<Error>& errors);
  Result<NextGeneration> prepare_stored(uint64_t number, std::vector<Error>& errors);
  // Its number. Fails with the store's errors; where it is not known whether it was kept, it is the
  // next start's.
  Result<uint64_t> activate(NextGeneration next, const Activation& who);

  // Lets go what nothing holds any more; how many generations and instances are left.
  size_t sweep();

 private:
  explicit Generations(const Ports& ports) : ports_(ports) {}
  HostPorts host_ports() const;
  Status begin(std::shared_ptr<const Bundle> bundle, std::vector<Error>& errors);
  Status take_over(NextGeneration& next);
  Status keep(ActiveGeneration& next, const Activation& who);
  void swap_in(const std::shared_ptr<ActiveGeneration>& next);
  void watch_do_not_call();

  const Ports ports_;
  mutable std::mutex mutex_;
  std::shared_ptr<ActiveGeneration> live_;
  std::list<std::shared_ptr<ActiveGeneration>> retired_;
};

}  // namespace relance
