#include "sim/world/oracles.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/gate/quiet_days.h"
#include "core/gate/window.h"

namespace relance {
namespace {

// A decision and its effect may lie so far apart: stalls of the machine, nothing else.
constexpr Duration kOnItsWay = minutes(2);

template <class... A>
[[noreturn]] void wrong(const char* oracle, fmt::format_string<A...> text, A&&... args) {
  throw Violation(oracle, fmt::format(text, std::forward<A>(args)...));
}

const Flow* flow_named(const Rules& rules, std::string_view name) {
  for (const Flow* flow : rules.active())
    if (flow->name == name) return flow;
  return nullptr;
}

bool is_over(const Customer& customer, const Key& key) {
  const Touch* touch = customer.find_touch(key);
  return !touch || touch->state == TouchState::done;
}

std::string names(const std::vector<const Deed*>& deeds) {
  std::string all;
  for (const Deed* deed : deeds)
    all += (all.empty() ? "" : ", ") + deed->key.text().substr(0, 8) + " of " +
           format_instant(deed->touch.intended_at) + " over " + deed->touch.channel.str();
  return all;
}

bool lifts(const Flow* flow, const Touch& touch, std::string_view rule) {
  if (!flow || touch.step >= flow->steps.size()) return false;
  const auto* send = std::get_if<SendStep>(&flow->steps[touch.step].body);
  return send && std::any_of(send->overrides.begin(), send->overrides.end(),
                             [&](const Override& one) { return one.rule == rule; });
}

}  // namespace

void Oracles::life_begins(int life) {
  life_ = life;
  held_ = false;
}

void Oracles::released_by_person() {
  sees_.ledger.forgive_all();
  acknowledged_.clear();
}

// --- what leaves

// O2: the intent stands on the disk; a blind touch leaves once; the same key says the same.
void Oracles::sending(const TouchOrder& order, const Deed& deed) {
  const Key& key = order.touch.key;
  if (held_) wrong("O2", "touch {} is sent although the store holds all sends", key.text());
  const Durable::TouchFact* fact = sees_.durable.touch(key);
  if (!fact) wrong("O2", "touch {} is sent and its intent is not on the disk", key.text());
  if (deed.content != content_of(order))
    wrong("O2", "touch {} says something else than before", key.text());
  if (fact->done_since < sees_.clock.true_now())
    wrong("O2", "touch {} is sent although its outcome is known", key.text());
  const bool once = order.touch.delivery == DeliveryClass::blind && !deed.forgiven;
  if (once && deed.on_the_wire > 0) wrong("O2", "touch {} is blind and is sent again", key.text());
  if (!order.touch.reaches_customer()) return;
  check_run(order);
  if (deed.on_the_wire == 0) check_pauses(order.touch);
  if (order.touch.is_contact()) check_window(order);
}

// Nothing was decided after the run's end was durable, and nothing left later than a moment after.
void Oracles::check_run(const TouchOrder& order) const {
  const Durable::RunFact* run = sees_.durable.run(order.touch.run);
  if (!run || run->ending_since.is_never()) return;
  const Durable::TouchFact& fact = *sees_.durable.touch(order.touch.key);
  const bool decided_later = fact.told_at > run->ending_at;
  const bool another_life = run->ending_in < life_;
  const bool long_since = run->ending_since + kOnItsWay < sees_.clock.true_now();
  if (decided_later || another_life || long_since)
    wrong("O2", "touch {} is sent for a run that has ended", order.touch.key.text());
}

// What a durable pause names does not leave. Whose segment it is, a provider cannot tell.
void Oracles::check_pauses(const Touch& touch) const {
  if (touch.what != TouchWhat::message && touch.what != TouchWhat::charge) return;
  for (const auto& [id, customer] : sees_.durable.customers())
    for (const Pause& pause : customer.lookout->pauses)
      if (pause.stands() && pause.segment.empty() &&
          pause.concerns(touch.flow.view(), touch.channel.view(), touch.channel_kind.view()))
        wrong("O2", "touch {} leaves, and is paused ({})", touch.key.text(), scope_words(pause));
}

// Nothing leaves in a quiet window.
void Oracles::check_window(const TouchOrder& order) const {
  const Flow* flow = flow_named(sees_.rules, order.touch.flow);
  if (lifts(flow, order.touch, "window")) return;
  const Doc record = crm_record_of(order.subject, sees_.plan, sees_.clock.now());
  const auto zone = Zone::find(record.view().find("timezone").text().value_or("UTC"));
  const ZoneGuess zones{{*zone}, ZoneSource::profile};
  const Instant now = sees_.clock.now();
  const Instant slack = now - kOnItsWay - minutes(10);
  for (const ContactRules* rules : {&sees_.rules.contact(), flow ? &flow->tighten : nullptr}) {
    if (!rules) continue;
    const std::string& kind = order.touch.channel_kind;
    const Instant in_hours = next_opening(slack, rules->windows, kind, order.touch.purpose, zones);
    const Instant opens =
        after_quiet_days(in_hours, rules->quiet_days, kind, order.touch.purpose, zones);
    if (opens > now + minutes(10))
      wrong("O2", "touch {} leaves at {} ({}), outside its hours", order.touch.key.text(),
            format_instant(now), (*zone)->name());
  }
}

// O2: keyed, lookup and blind touches act once; caps and gaps hold for what was really done.
void Oracles::acted(const Deed& deed) {
  const bool once = deed.touch.delivery != DeliveryClass::repeatable;
  if (once && deed.acts > 1 && !deed.forgiven)
    wrong("O2", "touch {} acted {} times", deed.key.text(), deed.acts);
  if (deed.touch.is_contact() && deed.acts == 1 && !deed.forgiven) check_contact_rules(deed);
}

void Oracles::check_contact_rules(const Deed& deed) const {
  const Touch& touch = deed.touch;
  if (touch.requested) return;
  const Flow* flow = flow_named(sees_.rules, touch.flow);
  const ContactRules& rules = sees_.rules.contact();
  const auto number = [&](const Key& key) {
    const Durable::TouchFact* fact = sees_.durable.touch(key);
    return fact ? fact->number : 0;
  };
  const auto before = [&](Duration per, const RuleScope& scope) {
    std::vector<const Deed*> found;
    for (const Deed* other : sees_.ledger.of(deed.customer)) {
      const Touch& earlier = other->touch;
      if (other != &deed && other->acts > 0 && !other->forgiven && earlier.is_contact() &&
          number(earlier.key) < number(touch.key) &&
          earlier.intended_at > touch.intended_at - per &&
          scope.covers(earlier.channel_kind, earlier.purpose))
        found.push_back(other);
    }
    return found;
  };
  for (const ContactRules* some : {&rules, flow ? &flow->tighten : nullptr}) {
    if (!some) continue;
    for (const CapRule& cap : some->caps) {
      if (!cap.scope.covers(touch.channel_kind, touch.purpose) || lifts(flow, touch, "cap"))
        continue;
      const auto others = before(cap.per, cap.scope);
      if (static_cast<int>(others.size()) >= cap.at_most)
        wrong("O2", "touch {} is one more than {} in {}, after {}", touch.key.text(), cap.at_most,
              format_duration(cap.per), names(others));
    }
    if (!some->gap || lifts(flow, touch, "gap")) continue;
    if (const auto others = before(*some->gap, {}); !others.empty())
      wrong("O2", "touch {} comes sooner than {} after {}", touch.key.text(),
            format_duration(*some->gap), names(others));
  }
}

// O2: an outcome is known, never guessed: what did happen is not called failed.
void Oracles::settled(const Durable::News& news) {
  for (const TouchSettled& settled : news.settled) {
    const Deed* deed = sees_.ledger.find(settled.key);
    if (!deed || deed->forgiven || settled.outcome != "failed") continue;
    const bool sure = deed->touch.delivery != DeliveryClass::repeatable;
    if (sure && deed->acts > 0)
      wrong("O2", "touch {} is settled as failed ({}), but it happened", settled.key.text(),
            settled.reason);
  }
}

// --- events

void Oracles::acknowledged(uint64_t event) {
  if (!sees_.durable.seen(event))
    wrong("O1", "event {:016x} is acknowledged and is not on the disk", event);
  acknowledged_.insert(event);
}

// --- a quiet moment

void Oracles::at_rest(NodeCore& node, const Providers& providers, Instant now) {
  const bool somebody_works = !node.next_due().is_never() || providers.open_operations() > 0;
  const auto& customers = sees_.durable.customers();
  paused_ = std::any_of(customers.begin(), customers.end(),
                        [](const auto& one) { return !one.second.lookout->pauses.empty(); });
  for (const auto& [id, customer] : sees_.durable.customers())
    check_customer(customer, providers, now, somebody_works);
}

void Oracles::check_customer(const Customer& customer, const Providers& providers, Instant now,
                             bool somebody_works) const {
  if (customer.next_due() <= now)
    wrong("O3", "{} is due since {} and nobody works on him", customer.id.text(),
          format_instant(customer.next_due()));
  for (const Touch& touch : customer.touches)
    if (touch.open() && touch.held->settle_at.is_never() && !providers.is_under_way(touch.key))
      wrong("O5", "touch {} is open, on nobody's wire, and waits for nothing", touch.key.text());
  for (const Search& search : customer.lookout->searches)
    if (search.running && search.asked && !providers.is_under_way(search.asked))
      wrong("O5", "a page of the search for '{}' was forgotten", search.flow.str());
  for (const Run& run : customer.runs) {
    if (run.held || run.paused) continue;
    for (const StepState& state : run.steps)
      check_step(customer, run, state, providers, somebody_works);
  }
}

// A release that began before its hold was answered waits for the undo that follows.
Key Oracles::undo_of(const Run& run, const StepState& state) const {
  const Flow* flow = sees_.rules.flow(run.version);
  const auto* release = flow ? std::get_if<ReleaseStep>(&flow->steps[state.step].body) : nullptr;
  const StepState* hold = release ? run.find(release->hold) : nullptr;
  return hold ? hold->touch : Key{};
}

void Oracles::check_step(const Customer& customer, const Run& run, const StepState& state,
                         const Providers& providers, bool somebody_works) const {
  const auto stuck = [&](const char* why) {
    wrong("O5", "step {} of run {} ({}, {}): {}", state.step, run.id.text(), run.flow,
          phase_name(state.phase), why);
  };
  switch (state.phase) {
    case Phase::waiting:  // an `await` may wait for ever; its run expires
    case Phase::ended: return;
    case Phase::wanting:
      if (!somebody_works) stuck("no lane will ever grant it a slot");
      return;
    case Phase::held:
      if (!state.wake_at.is_never() || !customer.leases.empty() || run.paused) return;
      if (state.word == reason_name(Reason::paused) && paused_) return;
      if (state.word == reason_name(Reason::restricted) && customer.limited()) return;
      if (state.word == "marker_open" &&
          std::any_of(customer.markers.begin(), customer.markers.end(),
                      [](const Marker& marker) { return marker.open; }))
        return;
      if (std::none_of(customer.touches.begin(), customer.touches.end(), [](const Touch& one) {
            return one.what == TouchWhat::charge && one.state != TouchState::done;
          }))
        stuck("what it is held for is over");
      return;
    case Phase::reading:
      if (!providers.is_under_way(state.touch)) stuck("its read was forgotten");
      return;
    case Phase::out:
      if (is_over(customer, state.touch) && is_over(customer, undo_of(run, state)))
        stuck("its touch is done");
      return;
    case Phase::human:
      if (customer.leases.empty()) stuck("no person holds the case");
      return;
  }
}

// --- a start, and the end

// O1, O4, O6: the disk is whole, and what the node made of it is what the entries say.
void Oracles::started(NodeCore& node) {
  if (const Status checked = node.store().check(); !checked)
    wrong("O4", "{}", checked.error().text());
  const auto hash = node.journal_hash();
  if (!hash) wrong("O6", "{}", hash.error().text());
  if (*hash != sees_.durable.journal_hash())
    wrong("O6", "after a start the customers are not what their entries say");
  for (const uint64_t event : acknowledged_)
    if (!sees_.durable.seen(event)) wrong("O1", "acknowledged event {:016x} is lost", event);
}

void Oracles::at_end(NodeCore& node) {
  started(node);
  for (const auto& [id, customer] : sees_.durable.customers()) {
    for (const Run& run : customer.runs)
      wrong("O5", "run {} of {} still lives at the end", run.id.text(), run.flow);
    for (const Touch& touch : customer.touches)
      if (touch.open()) wrong("O5", "touch {} is still open at the end", touch.key.text());
    const auto snapshot = sees_.durable.snapshots().find(id);
    const bool there = snapshot != sees_.durable.snapshots().end();
    const bool last = there && snapshot->second.last == sees_.durable.last_of(id);
    if (!last || (snapshot->second.holds == snapshot->second.last &&
                  snapshot->second.body != encode_snapshot(customer)))
      wrong("O6", "the last snapshot of {} is not what his entries give", id.text());
  }
}

}  // namespace relance
