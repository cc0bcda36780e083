// The archive: a store read for people. Decoded entries, the flows and templates of every
// generation it holds. Reads only what is committed; never asks the engine.
//
// Threads: one. Blocks: reads the disk. Fails: with the store's errors.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "core/state/opened.h"
#include "core/state/record.h"
#include "script/template_set.h"
#include "store/store.h"

namespace relance {

class Archive {
 public:
  static Result<std::unique_ptr<Archive>> open(Store& store);

  // Every committed entry in order of commit; of one customer in the same order. False stops.
  using Visit = std::function<bool(const StoredEntry&, const Entry&)>;
  Status each_entry(const Visit& visit);
  Status each_entry_of(const Key& customer, const Visit& visit);

  const Flow* flow(const Key& version) const;
  // "payment_recovery.call", or "step 7" where the flow is not kept.
  std::string step_name(const Key& version, StepIndex step) const;
  // Parts of a frozen touch's template; none where the template is not kept.
  std::vector<Part> render(DocView frozen) const;

 private:
  explicit Archive(Store& store) : reader_(store.reader()) {}
  Status read_generations();

  std::unique_ptr<StoreReader> reader_;
  std::map<Key, Flow> flows_;
  TemplateSet templates_;
};

}  // namespace relance
