// The audit of a store: every contact and charge that really left, measured by the rules of the
// generation that decided it (core/customer/audit.h). Neither asks the engine nor reads what its
// gate said.
//
// Threads: one. Blocks: reads the whole store. Memory: what each customer's ledger takes. Fails:
// with the store's errors.
#pragma once

#include "admin/archive.h"
#include "core/customer/audit.h"
#include "script/bundle.h"

namespace relance {

struct LedgerAudit {
  uint64_t customers = 0, contacts = 0, charges = 0;
  uint64_t unmeasured = 0;  // contacts and charges whose generation's rules cannot be read today
  std::vector<Breach> breaches;
  std::map<Key, std::string> subjects;  // of the customers in them
};

// `load` makes a bundle of a generation's files; null: it cannot.
using LoadRules = std::function<std::shared_ptr<const Bundle>(const BundleSources& sources)>;
Result<LedgerAudit> audit_ledger(Store& store, const LoadRules& load);

std::string ledger_audit_text(const LedgerAudit& audit);
std::string ledger_audit_json(const LedgerAudit& audit);  // one object a breach, then the counts

}  // namespace relance
