#include "admin/ledger_audit.h"

#include <fmt/format.h>

#include "node/generation.h"

namespace relance {
namespace {

class LedgerAuditor {
 public:
  LedgerAuditor(Archive& archive, std::map<uint64_t, std::shared_ptr<const Bundle>> bundles)
      : archive_(archive), bundles_(std::move(bundles)) {}

  Result<LedgerAudit> run() {
    const auto read = archive_.each_entry([&](const StoredEntry&, const Entry& entry) {
      take(entry);
      return true;
    });
    if (!read) return read.error();
    audit_.customers = customers_.size();
    for (const Breach& breach : audit_.breaches)
      audit_.subjects[breach.customer] = subjects_[breach.customer];
    return std::move(audit_);
  }

 private:
  void take(const Entry& entry) {
    Audit& customer = customers_.try_emplace(entry.customer, suppressed_).first->second;
    const auto bundle = bundles_.find(entry.generation);
    const bool known = bundle != bundles_.end() && bundle->second;
    for (const Record& record : entry.records) note(entry, record, known);
    static const ContactRules none;
    const AuditRules rules{known ? bundle->second->contact : none,
                           [&](const Key& version) { return archive_.flow(version); }};
    std::vector<Breach> found;
    customer.take(entry, rules, found);
    if (known) audit_.breaches.insert(audit_.breaches.end(), found.begin(), found.end());
  }

  void note(const Entry& entry, const Record& record, bool known) {
    if (const auto* met = std::get_if<CustomerMet>(&record)) {
      const Doc subject = opened(entry.customer, met->subject);
      subjects_[entry.customer] = subject.view().find("subject").text().value_or("");
    }
    const auto* intended = std::get_if<TouchIntended>(&record);
    if (!intended || !intended->touch.reaches_customer()) return;
    ++(intended->touch.is_contact() ? audit_.contacts : audit_.charges);
    if (!known) ++audit_.unmeasured;
  }

  Archive& archive_;
  std::map<uint64_t, std::shared_ptr<const Bundle>> bundles_;
  SuppressedSince suppressed_;
  std::map<Key, Audit> customers_;
  std::map<Key, std::string> subjects_;
  LedgerAudit audit_;
};

}  // namespace

Result<LedgerAudit> audit_ledger(Store& store, const LoadRules& load) {
  auto archive = Archive::open(store);
  if (!archive) return archive.error();
  const auto reader = store.reader();
  auto generations = reader->generations();
  if (!generations) return generations.error();
  std::map<uint64_t, std::shared_ptr<const Bundle>> bundles;
  for (const Generation& generation : *generations) {
    auto sources = stored_bundle(*reader, generation);
    if (!sources) return sources.error();
    bundles[generation.number] = load(*sources);
  }
  return LedgerAuditor(**archive, std::move(bundles)).run();
}

std::string ledger_audit_text(const LedgerAudit& audit) {
  std::string text;
  for (const Breach& breach : audit.breaches) {
    const std::string who = audit.subjects.at(breach.customer);
    text += Error{Code::rule_broken, who + ": " + breach.text, {}, {}}.text() + "\n";
  }
  text += fmt::format("{} breaches in {} contacts and {} charges of {} customers\n",
                      audit.breaches.size(), audit.contacts, audit.charges, audit.customers);
  if (audit.unmeasured > 0)
    text += fmt::format("{} could not be measured: the rules of their time cannot be read today\n",
                        audit.unmeasured);
  return text;
}

std::string ledger_audit_json(const LedgerAudit& audit) {
  const auto count = [](uint64_t number) { return Doc::integer(static_cast<int64_t>(number)); };
  std::string text;
  for (const Breach& breach : audit.breaches)
    text += to_json(Doc::record({{"code", Doc::text(code_text(Code::rule_broken))},
                                 {"rule", Doc::text(breach.rule)},
                                 {"customer", Doc::text(audit.subjects.at(breach.customer))},
                                 {"touch", Doc::text(breach.touch.text())},
                                 {"at", Doc::instant(breach.at)},
                                 {"message", Doc::text(breach.text)}})) +
            "\n";
  return text +
         to_json(Doc::record({{"breaches", count(audit.breaches.size())},
                              {"contacts", count(audit.contacts)},
                              {"charges", count(audit.charges)},
                              {"customers", count(audit.customers)},
                              {"unmeasured", count(audit.unmeasured)}})) +
         "\n";
}

}  // namespace relance
