#include "core/customer/audit_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/zone.h"

namespace relance {
namespace {

// Facts that a flow re-reads are good for so long (docs/flows.md, recheck).
constexpr Duration kFresh = seconds(60);

struct Ceiling {
  std::string_view name;
  size_t attempts;
  Duration per;
};
// What docs/reference/contact.md promises to keep of the networks' figures, for one key.
constexpr std::array kCeilings =
    std::to_array<Ceiling>({{"8 in 14 days", 8, days(14)},
                            {"Visa's 15 in 30 days", 15, days(30)},
                            {"Mastercard's 9 in 24 h", 9, hours(24)},
                            {"Mastercard's 30 in 30 d", 30, days(30)}});

// Calls in which somebody spoke with us end in other words.
constexpr std::array<std::string_view, 9> kSilent = {"busy",     "delivered",      "failed",
                                                     "hung_up",  "invalid_number", "no_answer",
                                                     "screened", "unclear",        "voicemail"};

std::string name_of(const Touch& touch) {
  return fmt::format("{}.{}", touch.flow.view(), touch.step_name.view());
}
std::string name_at(const Touch& touch) {
  return fmt::format("{} at {}", name_of(touch), format_instant(touch.intended_at));
}

bool reached_somebody(const Touch& touch) {
  if (touch.what != TouchWhat::message) return false;
  return touch.state != TouchState::done || touch.outcome != "failed";
}

bool lists(const std::vector<std::string>& flows, std::string_view flow) {
  return std::find(flows.begin(), flows.end(), flow) != flows.end();
}

bool falls_under(const RuleScope& scope, std::string_view kind, Purpose purpose) {
  const bool channel = scope.channel.empty() || scope.channel == kind;
  return channel && (!scope.purpose || *scope.purpose == purpose);
}

// Does the customer's clock show a time inside the window? One over midnight belongs to the day on
// which it opens.
bool shows(const WindowRule& window, const Local& local) {
  const int now = local.second_of_day, from = window.from.minutes * 60, to = window.to.minutes * 60;
  const bool today = (window.weekdays & (1 << (local.weekday - 1))) != 0;
  const bool yesterday = (window.weekdays & (1 << ((local.weekday + 5) % 7))) != 0;
  if (from < to) return today && from <= now && now < to;
  return (today && now >= from) || (yesterday && now < to);
}

}  // namespace

AuditCheck::AuditCheck(const Audit& audit, const AuditRules& rules, const Entry& entry,
                       AuditedTouch audited, std::vector<Breach>& found)
    : audit_(audit),
      rules_(rules),
      entry_(entry),
      touch_(audited.touch),
      found_(found),
      side_(audited.side) {
  const auto run = audit.runs_.find(touch_.run);
  if (run != audit.runs_.end()) run_ = &run->second;
  if (run_) flow_ = rules.flow(run_->version);
}

void AuditCheck::breach(std::string_view rule, const std::string& why) const {
  const std::string what = touch_.is_contact() ? "a contact over " + touch_.channel.str()
                                               : "a charge over " + touch_.channel.str();
  found_.push_back({std::string(rule), entry_.customer, touch_.key, entry_.at,
                    fmt::format("{}: {}, {}: {}", rule, what, name_at(touch_), why)});
}

const SendStep* AuditCheck::send() const {
  if (!flow_ || touch_.step >= flow_->steps.size()) return nullptr;
  return std::get_if<SendStep>(&flow_->steps[touch_.step].body);
}

bool AuditCheck::lifted(std::string_view rule) const {
  const SendStep* own = send();
  return own && std::any_of(own->overrides.begin(), own->overrides.end(),
                            [&](const Override& one) { return one.rule == rule; });
}

void AuditCheck::all() const {
  if (!touch_.reaches_customer()) return;
  run_lives();
  data_may_be_used();
  nobody_owns_the_case();
  facts_are_fresh();
  touch_.what == TouchWhat::charge ? charge() : contact();
}

void AuditCheck::contact() const {
  deadline();
  address();
  consent();
  hours();
  markers();
  caps(rules_.contact.exclusions.max, "max");
  if (touch_.requested) return;
  gap();
  if (!lifted("cap")) caps(rules_.contact.caps, "cap");
  if (!lifted("cap") && flow_) caps(flow_->tighten.caps, "cap");
  mutex();
  campaign();
  priority();
}

void AuditCheck::charge() const {
  one_charge_at_a_time();
  ceilings();
}

void AuditCheck::run_lives() const {
  if (run_ && run_->over) breach("run", "its run was over");
}

void AuditCheck::data_may_be_used() const {
  if (audit_.limited_) breach("restricted", "the customer's data was to be kept and not used");
}

void AuditCheck::nobody_owns_the_case() const {
  for (const Lease& lease : audit_.leases_)
    return breach("lease", "it lay with a person, in the queue '" + lease.queue.str() + "'");
}

void AuditCheck::facts_are_fresh() const {
  if (!flow_ || !flow_->recheck || side_) return;
  const auto state = run_->steps.find(touch_.step);
  const bool fresh = state != run_->steps.end() && state->second.rechecked_at + kFresh >= entry_.at;
  if (!fresh) breach("recheck", "its flow re-reads the facts before each touch, and did not");
}

// Those that count from the event that began the run; a callback has none.
void AuditCheck::deadline() const {
  const SendStep* own = side_ ? nullptr : send();
  if (!own || !own->deadline || !run_ || (touch_.requested && !own->requested)) return;
  const FieldMoment& moment = *own->deadline;
  const bool since_event = moment.kind == FieldMoment::Kind::since && moment.path == "event.time";
  if (since_event && flow_->updates.empty() && run_->event_time + moment.offset < entry_.at)
    breach("deadline", "it was due by " + format_instant(run_->event_time + moment.offset));
}

void AuditCheck::address() const {
  const bool has_one = touch_.channel_kind != "webhook" && touch_.channel_kind != "desk";
  if (has_one && touch_.address == 0) return breach("address", "it has no address");
  const auto since = audit_.suppressed_.find(touch_.address);
  if (since != audit_.suppressed_.end() && since->second < entry_.at)
    breach("suppression", "its address is suppressed since " + format_instant(since->second));
}

void AuditCheck::consent() const {
  std::optional<Consent> latest;
  for (const Consent& consent : audit_.consents_) {
    if (consent.purpose != touch_.purpose) continue;
    if (!consent.channel.empty() && consent.channel != touch_.channel.view() &&
        consent.channel != touch_.channel_kind.view())
      continue;
    const bool stronger = latest && consent.at == latest->at && latest->given;
    if (!latest || consent.at > latest->at || stronger) latest = consent;
  }
  if (latest && !latest->given)
    return breach("consent", "consent was withdrawn at " + format_instant(latest->at));
  const bool recovery = rules_.contact.consent_needed_for_recovery ||
                        (flow_ && flow_->tighten.consent_needed_for_recovery);
  const bool needed =
      touch_.purpose == Purpose::marketing || (touch_.purpose == Purpose::recovery && recovery);
  if (!latest && needed) breach("consent", "no consent was ever given");
}

void AuditCheck::hours() const {
  if (audit_.zone_.empty() || lifted("window")) return;
  const auto zone = Zone::find(audit_.zone_);
  if (!zone) return;
  hours_of(rules_.contact.windows, **zone);
  if (flow_) hours_of(flow_->tighten.windows, **zone);
}

// Of the windows with one scope one must be open.
void AuditCheck::hours_of(const std::vector<WindowRule>& windows, const Zone& zone) const {
  const Local local = zone.local(entry_.at);
  for (const WindowRule& window : windows) {
    if (!falls_under(window.scope, touch_.channel_kind, touch_.purpose)) continue;
    const bool open = std::any_of(windows.begin(), windows.end(), [&](const WindowRule& one) {
      return one.scope == window.scope && shows(one, local);
    });
    if (!open)
      return breach("window", fmt::format("it was {:02}:{:02}:{:02} in {}, outside the hours",
                                          local.second_of_day / 3600, local.second_of_day / 60 % 60,
                                          local.second_of_day % 60, zone.name()));
  }
}

void AuditCheck::gap() const {
  Duration gap = rules_.contact.gap.value_or(Duration{});
  if (flow_) gap = std::max(gap, flow_->tighten.gap.value_or(Duration{}));
  if (gap <= Duration{} || lifted("gap")) return;
  for (const Touch& other : audit_.touches_)
    if (reached_somebody(other) && entry_.at - other.intended_at < gap)
      return breach("gap",
                    fmt::format("{} only after {}", format_duration(entry_.at - other.intended_at),
                                name_at(other)));
}

void AuditCheck::caps(const std::vector<CapRule>& caps, std::string_view rule) const {
  for (const CapRule& cap : caps) {
    if (!falls_under(cap.scope, touch_.channel_kind, touch_.purpose)) continue;
    int before = 0;
    const Touch* last = nullptr;
    for (const Touch& other : audit_.touches_) {
      if (!reached_somebody(other) || entry_.at - other.intended_at >= cap.per ||
          !falls_under(cap.scope, other.channel_kind, other.purpose))
        continue;
      ++before;
      last = &other;
    }
    if (before < cap.at_most) continue;
    return breach(rule, fmt::format("number {} within {} of at most {}{}", before + 1,
                                    format_duration(cap.per), cap.at_most,
                                    last ? ", after " + name_at(*last) : ""));
  }
}

void AuditCheck::mutex() const {
  if (lifted("mutex")) return;
  for (const MutexRule& rule : rules_.contact.exclusions.mutex) {
    if (!lists(rule.flows, touch_.flow.view())) continue;
    for (const Touch& other : audit_.touches_)
      if (other.flow != touch_.flow && lists(rule.flows, other.flow.view()) &&
          reached_somebody(other) && entry_.at - other.intended_at < rule.within)
        return breach("mutex", "it excludes " + name_at(other));
  }
}

void AuditCheck::markers() const {
  if (lifted("never")) return;
  for (const NeverRule& rule : rules_.contact.exclusions.never) {
    if (!falls_under(rule.scope, touch_.channel_kind, touch_.purpose)) continue;
    if (!rule.flows.empty() && !lists(rule.flows, touch_.flow.view())) continue;
    const MarkerRule* marker = rules_.contact.exclusions.marker(rule.during);
    for (const auto& [name, told] : audit_.markers_) {
      if (!marker || name.first != rule.during) continue;
      const bool lasts = told.open && (!marker->at_most || told.at + *marker->at_most > entry_.at);
      const Instant closed = told.open && marker->at_most ? told.at + *marker->at_most : told.at;
      if (!lasts && (closed + rule.within <= entry_.at)) continue;
      return breach("never",
                    fmt::format("'{}' {} {}", rule.during, lasts ? "is open since" : "closed at",
                                format_instant(lasts ? told.at : closed)));
    }
  }
}

void AuditCheck::campaign() const {
  if (!rules_.contact.exclusions.responded_leaves || touch_.purpose != Purpose::marketing || !run_)
    return;
  for (const auto& [flow, at] : audit_.responses_)
    if (flow == touch_.flow && at >= run_->started_at)
      return breach("responded_to_campaign", "the customer responded at " + format_instant(at));
  for (const Touch& call : audit_.touches_)
    if (call.flow == touch_.flow && call.channel_kind == "voice" &&
        call.intended_at >= run_->started_at && call.state == TouchState::done &&
        std::find(kSilent.begin(), kSilent.end(), call.outcome.view()) == kSilent.end())
      return breach("responded_to_campaign", "the customer spoke with us: " + name_at(call));
}

// Where any two contacts exclude one another for a while, the more urgent of two that want to leave
// does.
void AuditCheck::priority() const {
  Duration gap = rules_.contact.gap.value_or(Duration{});
  if (flow_) gap = std::max(gap, flow_->tighten.gap.value_or(Duration{}));
  if (gap <= Duration{} || lifted("priority") || rules_.contact.priority.empty()) return;
  const int own = rules_.contact.priority_of(touch_.flow.view());
  for (const auto& [id, run] : audit_.runs_) {
    if (run.over || run.held || rules_.contact.priority_of(run.flow.view()) >= own) continue;
    const Flow* flow = rules_.flow(run.version);
    for (const auto& [step, state] : run.steps)
      if ((state.phase == Phase::wanting || state.phase == Phase::reading) && flow &&
          step < flow->steps.size() && flow->steps[step].kind() == StepKind::send)
        return breach("priority", fmt::format("{}.{}, which is more urgent, wanted to leave",
                                              flow->name, flow->steps[step].name));
  }
}

void AuditCheck::one_charge_at_a_time() const {
  for (const Touch& other : audit_.touches_) {
    if (other.what != TouchWhat::charge) continue;
    if (other.address == touch_.address && other.state != TouchState::done)
      return breach("charge", "another one of the same key was open: " + name_at(other));
    if (other.run == touch_.run && other.step == touch_.step && other.outcome == "refused")
      return breach("charge", "its credential was refused for ever: " + name_at(other));
  }
}

void AuditCheck::ceilings() const {
  for (const Ceiling& ceiling : kCeilings) {
    size_t before = 0;
    for (const Touch& other : audit_.touches_)
      before += other.what == TouchWhat::charge && other.address == touch_.address &&
                entry_.at - other.intended_at < ceiling.per;
    if (before >= ceiling.attempts)
      return breach("ceiling", fmt::format("more attempts for one key than {}", ceiling.name));
  }
}

}  // namespace relance
