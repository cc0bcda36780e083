// An installation: a bundle on a store on a real clock. Node, generation, drive and net in one, for
// `relance run --clock real`; sim/rehearsal.h is its counterpart on a virtual clock.
// While the wall clock is not to be believed (watched_clock.h) no touch begins.
//
// Threads: accept() from any; the rest from the one that made it. Fails: an I/O error of the store
// ends the process, with a line in the log.
#pragma once

#include "net/net.h"
#include "node/generations.h"
#include "node/real_drive.h"
#include "node/watched_clock.h"

namespace relance {

struct InstallationOptions {
  std::string store;  // URL; a store on disk gets crash marks beside it
  uint64_t seed = 1;  // of the sandbox, and of a new store's installation id
  SandboxOptions sandbox;
  NodeOptions node;
  std::optional<CallbackUrls> callbacks;  // where providers reach this host
  std::function<void()> failed;           // nothing is worked any more; run_until_idle() says why
  Process* process = nullptr;             // gives secrets; outlives it. None: this one
};

class Installation {
 public:
  // Recovers what was under way and starts working. Fails with every error of the bundle's plugins
  // or of the store.
  static Result<std::unique_ptr<Installation>> make(std::shared_ptr<const Bundle> bundle,
                                                    PluginLibrary& library,
                                                    InstallationOptions options,
                                                    std::vector<Error>& errors);
  ~Installation();

  // Blocks while too much waits to become durable.
  void accept(EventInput event, AcceptedBy done) {
    node_->accept(std::move(event), std::move(done));
  }
  Status run_until_idle(Instant until = Instant::never()) { return drive_.run_until_idle(until); }
  // Nothing is taken and no touch begun any more; run_until_idle() returns. Then stop(). Threads:
  // any.
  void interrupt() { drive_.interrupt(); }
  // Waits up to `patience` for what is under way, ends all work, writes every snapshot.
  Status stop(Duration patience);

  const Clock& clock() const { return clock_; }
  NodeCore& node() { return *node_; }
  Generations& generations() { return *generations_; }
  const CallbackUrls* callbacks() const {
    return options_.callbacks ? &*options_.callbacks : nullptr;
  }
  uint64_t duplicates() const { return node_->duplicates(); }

 private:
  explicit Installation(InstallationOptions options);

  InstallationOptions options_;
  SystemClock machine_clock_;
  SystemProcess this_process_;
  Process& process_;
  WatchedClock clock_;
  std::unique_ptr<Net> net_ = make_curl_net();
  RealDrive drive_;
  std::unique_ptr<NodeCore> node_;
  std::unique_ptr<Generations> generations_;
};

}  // namespace relance
