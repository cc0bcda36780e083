#include "core/customer/take_event.h"

#include <algorithm>
#include <array>

#include "core/customer/absence.h"
#include "core/customer/correlate.h"
#include "core/customer/mark.h"
#include "core/customer/objection.h"
#include "core/customer/start_run.h"
#include "core/run/advance.h"
#include "core/run/dispatch.h"
#include "core/run/guarded.h"
#include "core/run/human_item.h"
#include "core/run/kept_facts.h"
#include "core/run/profile.h"
#include "core/run/rivals.h"
#include "core/run/write_back.h"

namespace relance {
namespace {

// What older events may still do: be recorded. Providers repeat and reorder for days, not for
// months.
constexpr Duration kStartsWithin = days(35);

void take_consent(Worker& worker, const EventTaken& event, DocView data, bool nameless = false) {
  const bool given = event.type == "consent.given";
  if (!given && event.type != "consent.withdrawn") return;
  Consent consent = consent_in(data);
  consent.given = given;
  consent.at = event.time;
  if (nameless) consent.source = consent.evidence = "";
  // Events come late: the word that was given last holds, of two at once the withdrawal.
  for (const Consent& known : worker.customer().consents)
    if (known.channel == consent.channel && known.purpose == consent.purpose &&
        (known.at > consent.at || (known.at == consent.at && !known.given)))
      return;
  worker.write(ConsentChanged{std::move(consent)});
}

// Opens, clicks and bounces become facts of the step whose touch they are about: `opened_at` and
// the like.
void note_touch_fact(Worker& worker, const EventTaken& event) {
  const Touch* touch = event.touch ? worker.customer().find_touch(event.touch) : nullptr;
  const Run* run = touch ? worker.customer().find_run(touch->run) : nullptr;
  const StepState* state = run ? run->find(touch->step) : nullptr;
  const size_t dot = event.type.find('.');
  if (!state || dot == std::string::npos) return;
  StepState next = *state;
  const DocView known = worker.open(next.data);
  const Doc fact = Doc::record({{event.type.substr(dot + 1) + "_at", Doc::instant(event.time)}});
  next.data = worker.seal(Doc::merged(known, fact));
  worker.write(StepMoved{run->id, std::move(next)});
}

// An opened mail is none: mail programs open by themselves.
bool is_answer(const EventTaken& event) {
  return event.touch && (event.type == "link.clicked" || event.type == "email.replied" ||
                         event.type == "sms.replied");
}

// Before the event reaches anything: what it starts or moves may look at them.
void note_facts(Worker& worker, const EventTaken& event, DocView data) {
  if (!worker.rules().keeps_facts()) return;
  const DocView known = worker.open(worker.customer().lookout->facts);
  if (const auto facts = facts_after(known, event.type, event.time, data))
    worker.write(FactsKept{worker.seal(*facts)});
}

// What an event says of a contact that a CRM keeps beside its outcome: not that a mail was opened.
void tell_of_contact(Worker& worker, const EventTaken& event, DocView data) {
  constexpr std::array<std::string_view, 5> kNews = {"bounced", "complained", "failed", "opted_out",
                                                     "replied"};
  const Touch* touch = event.touch ? worker.customer().find_touch(event.touch) : nullptr;
  if (!touch || !touch->is_contact()) return;
  const std::string_view type = event.type;
  std::string_view word = type.substr(type.find('.') + 1);
  if (wish_in(event, data) == Wish::stop) word = "opted_out";
  if (std::find(kNews.begin(), kNews.end(), word) != kNews.end())
    tell_later_news(worker, *touch, {word, event.type, event.time, 0, {}, {}});
  if (worker.context().suppression.reason(touch->address).empty()) {  // who says so for the first
                                                                      // time
    if (word == "opted_out") tell_guards(worker, *touch, Guarded::opt_out);
    if (word == "complained") tell_guards(worker, *touch, Guarded::complaint);
  }
}

// What the team's desk says is nothing that the customer did.
const Touch* offer_in(Worker& worker, const EventTaken& event) {
  const Touch* touch = event.touch ? worker.customer().find_touch(event.touch) : nullptr;
  return touch && touch->what == TouchWhat::offer ? touch : nullptr;
}

struct Reach {
  Worker& worker;
  const EventTaken& event;
  DocView data;
  const Flow& flow;
  Key run_id;
  Instant late_at = Instant::never();  // it was kept since then

  bool named(const std::vector<EventPattern>& patterns, bool& failed) const {
    const auto yes = matches(patterns, flow, event.type, data, worker.rules());
    if (yes) return *yes;
    failed = true;
    end_run(worker, run_id, RunEnd::failed, yes.error().message);
    return false;
  }

  bool awaited_later() const {
    for (const Step& step : flow.steps) {
      const auto* await = std::get_if<AwaitStep>(&step.body);
      if (!await || step.after.kind != After::Kind::none) continue;
      for (const EventPattern& pattern : await->events)
        if (pattern.type == event.type) return true;
    }
    return false;
  }

  // A charge of this run that was declined, or is still to be answered, told again as an event.
  bool tells_of_own_charge() const {
    const Touch* touch = event.touch ? worker.customer().find_touch(event.touch) : nullptr;
    return touch && touch->run == run_id && touch->what == TouchWhat::charge &&
           (touch->open() || touch->outcome == "declined");
  }

  void join(bool restarts, bool updates) const {
    const Run& run = *worker.customer().find_run(run_id);
    RunJoined joined{run_id, {}, run.failures, awaited_later(), {}};
    if (!late_at.is_never()) joined.late = {event.type, late_at, event.data};
    if (updates) joined.event = worker.seal(Doc::merged(worker.open(run.event), data));
    if (restarts && event.type == "payment.failed" && !tells_of_own_charge()) ++joined.failures;
    worker.write(std::move(joined));
  }

  void tell_steps(bool updates) const {
    std::vector<StepIndex> live;
    for (const StepState& state : worker.customer().find_run(run_id)->steps)
      if (state.phase != Phase::ended) live.push_back(state.step);
    for (StepIndex step : live) {
      const Run* run = worker.customer().find_run(run_id);
      const StepState* state = run ? run->find(step) : nullptr;
      if (!state || !run->live() || state->phase == Phase::ended) continue;
      const StepCase c{worker, flow, run_id, step};
      if (updates) logic_of(c.step().kind()).refreshed(c);
      if (c.state()->phase != Phase::ended) logic_of(c.step().kind()).event(c, event, data);
    }
  }

  void work() const {
    bool failed = false;
    const bool restarts = named(flow.start, failed);
    const bool updates = !failed && named(flow.updates, failed);
    if (failed) return;
    join(restarts, updates);
    if (named(flow.goal, failed))
      return end_run(worker, run_id, RunEnd::goal, event.type,
                     credited_touch(worker, worker.customer(), run_id));
    if (failed) return;
    if (named(flow.stop, failed)) return end_run(worker, run_id, RunEnd::stopped, event.type);
    if (failed) return;
    tell_steps(updates);
    advance(worker, run_id);
  }
};

}  // namespace

void take_event(Worker& worker, const EventInput& input) {
  EventTaken taken;
  taken.hash = input.hash;
  taken.type = input.type;
  taken.time = input.time;
  taken.touch = input.touch;
  taken.envelope =
      worker.seal(Doc::record({{"id", Doc::text(input.id)}, {"source", Doc::text(input.source)}}));
  const Doc data = Doc::merged(Doc::record({{"time", Doc::instant(input.time)}}), input.data);
  taken.data = worker.seal(data);
  worker.write(taken);
  if (const Touch* offer = offer_in(worker, taken))
    return take_desk_event(worker, Touch(*offer), taken, data);

  take_consent(worker, taken, data);
  take_objection(worker, taken, data);
  const bool closed = take_markers(worker, taken, data);
  note_touch_fact(worker, taken);
  if (is_answer(taken)) worker.answered(taken.touch, std::min(taken.time, worker.now()));
  note_facts(worker, taken, data);
  tell_of_contact(worker, taken, data);
  std::vector<Key> reached, held;
  for (const Run& run : worker.customer().runs) {
    if (run.held) held.push_back(run.id);
    const Flow* flow = run.live() && !run.paused ? worker.flow_of(&run) : nullptr;
    if (flow && reaches(run, *flow, taken, data, worker.customer(), worker.rules()))
      reached.push_back(run.id);
  }
  for (const Key& id : held) worker.write(EventKept{id});
  most_urgent_first(worker, reached);
  const bool may_start = input.time + kStartsWithin >= worker.now();
  for (const Key& id : reached) {
    const Run* run = worker.customer().find_run(id);
    if (run && run->live())
      Reach{worker, taken, data, *worker.rules().flow(run->version), id}.work();
  }
  if (may_start) start_runs(worker, taken, data, reached);
  if (closed) wake_held(worker, Reason::marker_open);
  note_presence(worker, taken);
}

void take_echo(Worker& worker, const EventInput& input) {
  EventTaken taken;
  taken.hash = input.hash;
  taken.type = input.type;
  taken.time = input.time;
  taken.touch = input.touch;
  worker.write(taken);
  take_consent(worker, taken, input.data, true);
  take_objection(worker, taken, input.data);
}

void take_kept_event(Worker& worker, const Key& id, const KeptEvent& kept) {
  const Run* run = worker.customer().find_run(id);
  const Flow* flow = run && run->live() ? worker.flow_of(run) : nullptr;
  if (!flow) return;
  EventTaken event;
  event.type = kept.type;
  event.time = kept.time;
  event.touch = kept.touch;
  event.data = kept.data;
  const DocView data = worker.open(kept.data);
  if (reaches(*run, *flow, event, data, worker.customer(), worker.rules()))
    Reach{worker, event, data, *flow, id, kept.at}.work();
}

}  // namespace relance
