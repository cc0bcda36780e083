#include "core/customer/audit.h"

#include <algorithm>

#include "core/customer/audit_check.h"
#include "core/state/opened.h"

namespace relance {
namespace {

bool named(const std::vector<std::string>& types, std::string_view type) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

// The marker's key in this event as text; "" where a field is missing.
std::string key_text(const MarkerRule& rule, DocView data) {
  std::string text;
  for (const std::string& field : rule.key) {
    const DocView value = data.find_path(field);
    if (value.is_null()) return {};
    text += to_json(value) + "\n";
  }
  return text;
}

}  // namespace

// One function a record type, as the customer's state is put together here.
struct AuditTaker {
  Audit& audit;
  const Entry& entry;
  const AuditRules& rules;
  std::vector<Breach>& found;

  template <class Other>
  void operator()(const Other&) const {}

  void operator()(const EventTaken& r) const {
    audit.event_time_ = r.time;
    const Exclusions& exclusions = rules.contact.exclusions;
    if (exclusions.markers.empty() && !exclusions.responded_leaves) return;
    const Instant at = std::min(r.time, entry.at);
    const Doc data = exclusions.markers.empty() ? Doc{} : opened(entry.customer, r.data);
    for (const MarkerRule& rule : exclusions.markers) {
      const bool opens = named(rule.opens, r.type);
      if (!opens && !named(rule.closes, r.type)) continue;
      const auto [told, first] =
          audit.markers_.try_emplace({rule.name, key_text(rule, data)}, Audit::Told{at, opens});
      const bool later = at > told->second.at || (at == told->second.at && !opens);
      if (!first && later) told->second = {at, opens};
    }
    if (r.type == "link.clicked" || r.type.ends_with(".replied")) responded(r.touch, at);
  }
  void responded(const Key& key, Instant at) const {
    const Touch* touch = touch_of(key);
    if (touch && touch->is_contact()) audit.responses_.emplace_back(touch->flow, at);
  }

  void operator()(const RunStarted& r) const {
    audit.runs_[r.run] = {r.flow, r.version, entry.at, audit.event_time_, false, false, {}};
  }
  void operator()(const RunEnding& r) const {
    if (Audit::LiveRun* run = run_of(r.run)) run->over = true;
  }
  void operator()(const RunHeld& r) const {
    if (Audit::LiveRun* run = run_of(r.run)) run->held = r.held;
  }
  void operator()(const RunEnded& r) const { audit.runs_.erase(r.run); }
  void operator()(const RunMoved& r) const {
    Audit::LiveRun* run = run_of(r.run);
    if (!run) return;
    run->version = r.version;
    std::map<StepIndex, StepState> steps;
    for (auto& [step, state] : run->steps)
      if (r.to(step) != kNoStep) steps[r.to(step)] = std::move(state);
    run->steps = std::move(steps);
  }
  void operator()(const StepMoved& r) const {
    if (Audit::LiveRun* run = run_of(r.run)) run->steps[r.state.step] = r.state;
  }
  void operator()(const StepEnded& r) const {
    if (Audit::LiveRun* run = run_of(r.run)) run->steps[r.step].phase = Phase::ended;
  }

  void operator()(const TouchIntended& r) const {
    Touch touch = r.touch;
    touch.intended_at = entry.at;
    touch.held.clear();
    if (!audit.erased_) AuditCheck(audit, rules, entry, {touch, !r.moves}, found).all();
    audit.touches_.push_back(touch);
    if (Audit::LiveRun* run = r.moves ? run_of(touch.run) : nullptr)
      run->steps[touch.step].phase = Phase::out;
  }
  void operator()(const TouchSettled& r) const {
    Touch* touch = touch_of(r.key);
    if (!touch) return;
    touch->state = r.state;
    touch->outcome = r.outcome;
  }

  void operator()(const TouchJudged& r) const {
    if (audit.erased_ || audit.profile_read_ || r.verdict != "denied" || r.reason != "no_address")
      return;
    found.push_back({"refusal",
                     entry.customer,
                     {},
                     entry.at,
                     "refusal: a contact over " + r.channel +
                         " was refused for want of an address, and no profile was ever read"});
  }

  void operator()(const ProfileRead& r) const {
    const Doc profile = opened(entry.customer, r.profile);
    audit.profile_read_ = true;
    audit.zone_ = profile.view().find("timezone").text().value_or("");
  }
  void operator()(const ConsentChanged& r) const { audit.consents_.push_back(r.consent); }
  void operator()(const AddressSuppressed& r) const {
    if (r.reason.empty())
      audit.suppressed_.erase(r.address);
    else
      audit.suppressed_.try_emplace(r.address, entry.at);
  }
  void operator()(const LeaseChanged& r) const {
    std::erase_if(audit.leases_, [&](const Lease& lease) {
      return lease.run == r.lease.run && lease.step == r.lease.step;
    });
    if (r.held) audit.leases_.push_back(r.lease);
  }

  // Nobody is met without a name but in records that lost it.
  void operator()(const CustomerMet& r) const { audit.erased_ = r.subject.empty(); }
  void operator()(const PrivacyChanged& r) const { audit.limited_ = r.restricted || r.erasing; }
  void operator()(const CustomerErased&) const {
    audit.runs_.clear();
    audit.leases_.clear();
    audit.markers_.clear();
    audit.responses_.clear();
    audit.zone_.clear();
    audit.limited_ = audit.profile_read_ = false;
  }

  // His whole state, where a chain begins anew. What it does not tell is not measured.
  void operator()(const Base& r) const {
    const auto whole = decode_snapshot(r.snapshot);
    if (!whole) return;
    audit.touches_ = whole->touches;
    audit.consents_ = whole->consents;
    audit.leases_ = whole->leases;
    audit.profile_read_ = !whole->profile.empty();
    audit.limited_ = whole->limited();
    audit.erased_ = whole->subject.empty();
    audit.runs_.clear();
    for (const Run& run : whole->runs) {
      Audit::LiveRun& live = audit.runs_[run.id];
      live = {run.flow, run.version, run.started_at, run.event_time, !run.live(), run.held, {}};
      for (const StepState& state : run.steps) live.steps[state.step] = state;
    }
  }

  Audit::LiveRun* run_of(const Key& run) const {
    const auto it = audit.runs_.find(run);
    return it == audit.runs_.end() ? nullptr : &it->second;
  }
  Touch* touch_of(const Key& key) const {
    const auto it = std::find_if(audit.touches_.rbegin(), audit.touches_.rend(),
                                 [&](const Touch& touch) { return touch.key == key; });
    return it == audit.touches_.rend() ? nullptr : &*it;
  }
};

void Audit::take(const Entry& entry, const AuditRules& rules, std::vector<Breach>& found) {
  for (const Record& record : entry.records)
    std::visit(AuditTaker{*this, entry, rules, found}, record);
}

}  // namespace relance
