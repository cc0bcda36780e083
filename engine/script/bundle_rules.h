// BundleRules: one generation of a bundle as the core's Rules. Calls Lua functions on a state of
// the calling worker, asks policies, renders templates. Flow versions and templates of earlier
// generations that runs still need are added before the rules are shared.
//
// Threads: as Rules; Lua states are per thread and built from the same bytes. add_version and
// add_templates from one thread, before any other sees the rules.
#pragma once

#include <functional>
#include <memory>

#include "core/run/rules.h"
#include "script/bundle.h"

namespace relance {

// What installed plugins say to the rules. Implemented over the plugin host, or by a test.
class PluginSide {
 public:
  virtual ~PluginSide() = default;
  virtual const Channel* channel(std::string_view name) const = 0;
  virtual const Connector* connector(std::string_view name) const = 0;
  // `ask` and the answer are the JSON records of the policy contract. Fails with plugin_refused.
  virtual Result<Doc> policy(std::string_view name, std::string_view kind,
                             std::string_view ask) const = 0;
  // Of its build and configuration; empty: not known.
  virtual std::string policy_revision(std::string_view) const { return {}; }
};

class BundleRules : public Rules {
 public:
  // `plugins` must outlive the rules.
  static Result<std::shared_ptr<BundleRules>> make(std::shared_ptr<const Bundle> bundle,
                                                   const PluginSide& plugins, uint64_t generation);
  // A version from the store that no longer stands in the files. Fails with run_no_flow_version if
  // it does not compile to its stored JSON again, because of its sources or because what it names
  // is not there today.
  virtual Status add_version(const BundleSources& sources, std::string_view stored_json) = 0;
  // A version of the store that cannot be had: its runs are held, and say why.
  virtual void miss_version(const Key& version, std::string why) = 0;
  // The templates among the sources of an earlier generation: touches frozen then render from them.
  // Fails with bad_template.
  virtual Status add_templates(const BundleSources& sources) = 0;
  // Versions and templates of the generation before, its own and those it took over, as far as they
  // are needed; without going to the store. A version that does not load with this bundle is
  // missing from now on, and is in the answer.
  struct Needed {
    std::function<bool(const Key& version)> version;        // none: all are
    std::function<bool(std::string_view hash)> a_template;  // none: all are
  };
  struct Stranded {
    std::string flow;
    Key version;
    Error why;
  };
  virtual std::vector<Stranded> take_over(const BundleRules& earlier, const Needed& needed) = 0;
  // Of earlier generations: versions and sets of templates; of those that do not load: versions.
  virtual size_t older() const = 0;
  virtual size_t missing() const = 0;
  virtual const Bundle& bundle() const = 0;
};

}  // namespace relance
