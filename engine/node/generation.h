// A generation: a bundle with everything that makes it run: flow versions, rules, plugin instances.
// Immutable once made.
//
// Threads: make from any one; afterwards read by all workers. Lifetime: the host's ports outlive
// it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "plugins/plugin_host.h"
#include "script/bundle_rules.h"
#include "store/store.h"

namespace relance {

struct SandboxOptions {
  bool on = false;  // every channel and every connector that acts outside becomes relance.sandbox
  std::string effects;  // path of the effect ledger; empty: none
  uint64_t seed = 1;
};

// The plugin instances a bundle asks for. With the sandbox on: `as`, `class` and shares come from
// an entry that is a sandbox already, else from its channel's name and kind; files such as
// relance.crm.csv stay, event sources do not. `sandbox = { ... }` of an entry is for the sandbox
// where it plays that plugin, and seen by nobody else.
std::vector<InstanceSpec> instance_specs(const Bundle& bundle, PluginLibrary& library,
                                         const SandboxOptions& sandbox);

// What load_bundle() may know of installed plugins: their names and the kinds of their channels.
LoadOptions load_options(PluginLibrary& library, bool sandbox);

// What a generation consists of, as JSON: files -> source hash; flows -> version, canonical JSON,
// source hashes; plugin instances -> plugin and build.
std::string manifest_of(const Bundle& bundle, PluginLibrary& library,
                        const SandboxOptions& sandbox);
// Two of them, apart from who activated them and instead of what.
bool same_content(const std::string& manifest, const std::string& other);
// Of the bundle's files: what `relance rollback` notes of the one it went back from.
std::string bundle_hash_of(const Generation& generation);
std::string set_aside_by(const Generation& generation);  // such a hash; empty: it is no rollback

// The files of a bundle as a generation of the store holds them, all of them and each as its
// manifest says. Fails with no_generation, store_corrupt and the store's errors.
Result<BundleSources> stored_bundle(StoreReader& reader, const Generation& generation);

class ActiveGeneration {
 public:
  // Instances that `earlier` has of the same build and configuration are shared with it. Fails with
  // every error of configuration or plugins, each at its place in bundle.lua.
  static Result<std::unique_ptr<ActiveGeneration>> make(std::shared_ptr<const Bundle> bundle,
                                                        PluginLibrary& library,
                                                        const HostPorts& ports,
                                                        const SandboxOptions& sandbox,
                                                        uint64_t number, std::vector<Error>& errors,
                                                        const ActiveGeneration* earlier = nullptr);

  const Bundle& bundle() const { return *bundle_; }
  BundleRules& rules() { return *rules_; }
  PluginHost& host() { return *host_; }

  uint64_t number() const { return number_; }
  const std::string& manifest() const { return manifest_; }
  const std::shared_ptr<const Bundle>& shared_bundle() const { return bundle_; }

  // Sources and manifest for the store. `instead_of`: hash of the bundle that was set aside.
  std::vector<Source> sources() const;
  relance::Generation manifest(Instant at, std::string author, std::string reason,
                               const std::string& instead_of = {}) const;
  // Flow versions and templates of earlier generations that the store still holds, so that their
  // runs go on and what was frozen then renders to the same bytes. A version that compiles no more
  // is told in the log, and the rules know why it is missing. Fails with the store's errors.
  Status add_stored_versions(StoreReader& reader);

 private:
  ActiveGeneration() = default;
  std::shared_ptr<const Bundle> bundle_;
  std::unique_ptr<PluginHost> host_;
  std::unique_ptr<PluginSide> plugin_side_;
  std::shared_ptr<BundleRules> rules_;
  uint64_t number_ = 0;
  std::string manifest_;
};

}  // namespace relance
