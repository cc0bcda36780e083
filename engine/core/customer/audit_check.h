// Measures one touch against the rules, with what the customer's earlier records say. Internal to
// the audit.
#pragma once

#include <optional>

#include "core/customer/audit.h"

namespace relance {

struct AuditedTouch {
  const Touch& touch;
  bool side = false;  // a message within a conversation: its call was measured
};

class AuditCheck {
 public:
  AuditCheck(const Audit& audit, const AuditRules& rules, const Entry& entry, AuditedTouch audited,
             std::vector<Breach>& found);

  void all() const;

 private:
  void contact() const;
  void charge() const;

  void run_lives() const;
  void data_may_be_used() const;
  void nobody_owns_the_case() const;
  void facts_are_fresh() const;
  void deadline() const;
  void address() const;
  void consent() const;
  void hours() const;
  void hours_of(const std::vector<WindowRule>& windows, const Zone& zone) const;
  void gap() const;
  void caps(const std::vector<CapRule>& caps, std::string_view rule) const;
  void mutex() const;
  void markers() const;
  void campaign() const;
  void priority() const;
  void one_charge_at_a_time() const;
  void ceilings() const;

  const SendStep* send() const;
  bool lifted(std::string_view rule) const;
  void breach(std::string_view rule, const std::string& why) const;

  const Audit& audit_;
  const AuditRules& rules_;
  const Entry& entry_;
  const Touch& touch_;
  std::vector<Breach>& found_;
  const Audit::LiveRun* run_ = nullptr;
  const Flow* flow_ = nullptr;
  bool side_ = false;
};

}  // namespace relance
