#include "core/customer/decide.h"

#include <algorithm>

#include "core/customer/absence.h"
#include "core/customer/early_event.h"
#include "core/customer/guard.h"
#include "core/customer/hold_runs.h"
#include "core/customer/move_run.h"
#include "core/customer/pause.h"
#include "core/customer/privacy.h"
#include "core/customer/search.h"
#include "core/customer/take_event.h"
#include "core/run/advance.h"
#include "core/run/conversation.h"
#include "core/run/dispatch.h"
#include "core/run/human_item.h"
#include "core/run/recall.h"
#include "core/run/rivals.h"
#include "core/run/settle.h"

namespace relance {
namespace {

// The step that waits for this touch or read, where its run lives.
template <class Do>
void with_step(Worker& worker, const Key& run_id, StepIndex step, Do work) {
  const Run* run = worker.customer().find_run(run_id);
  const Flow* flow = worker.flow_of(run);
  if (!flow || step >= flow->steps.size() || !run->find(step)) return;
  const StepCase c{worker, *flow, run_id, step};
  work(c, logic_of(c.step().kind()));
}

struct Decider {
  Worker& worker;

  Customer& customer() const { return worker.customer(); }

  void operator()(const EventInput& input) const {
    if (customer().saw_event(input.hash) || worker.context().duplicate) {
      worker.decision().duplicate_event = true;
      return;
    }
    if (customer().privacy.there() && is_echo(customer(), input)) return take_echo(worker, input);
    if (customer().subject.empty()) {
      worker.write(CustomerMet{worker.seal(Doc::record({{"subject", Doc::text(input.subject)}}))});
    }
    if (input.reference) return keep_early(worker, input);
    take_event(worker, input);
  }

  void operator()(const DueInput&) const {
    settle_what_is_due();
    if (!customer().leases.empty()) look_at_items(worker);
    if (!customer().early->empty()) give_up_early(worker);
    std::vector<std::pair<Key, StepIndex>> due;
    std::vector<Key> expired;
    for (const Run& run : customer().runs) {
      if (run.held) continue;
      if (run.live() && run.expire_at <= worker.now()) expired.push_back(run.id);
      for (const StepState& state : run.steps)
        if (state.wake_at <= worker.now()) due.emplace_back(run.id, state.step);
    }
    most_urgent_first(worker, due);
    for (const auto& [run, step] : due) wake(run, step);
    for (const Key& run : expired) end_run(worker, run, RunEnd::expired, "expire");
    if (customer().lookout.there()) start_absent(worker);
  }

  void settle_what_is_due() const {
    std::vector<Key> due;
    for (const Touch& touch : customer().touches)
      if (touch.open() && touch.held->settle_at <= worker.now()) due.push_back(touch.key);
    for (const Key& key : due) settle_due(worker, key);
  }

  // An earlier step of the same instant may have moved or ended this one.
  void wake(const Key& run_id, StepIndex step) const {
    const Run* run = customer().find_run(run_id);
    const StepState* state = run && !run->paused ? run->find(step) : nullptr;
    if (!state || state->wake_at > worker.now()) return;
    with_step(worker, run_id, step, [&](const StepCase& c, const StepLogic& logic) {
      if (!state->talk.empty() && state->phase == Phase::out)
        conversation_due(c);
      else
        logic.due(c);
    });
    advance(worker, run_id);
  }

  void operator()(const SlotInput& input) const {
    const Run* run = customer().find_run(input.run);
    const StepState* state = run && run->live() ? run->find(input.step) : nullptr;
    if (!state || state->phase != Phase::wanting || state->try_no != input.try_no) return;
    with_step(worker, input.run, input.step,
              [](const StepCase& c, const StepLogic& logic) { logic.slot(c); });
    advance(worker, input.run);
  }

  void operator()(const ResultInput& input) const { settle(worker, input.touch, input.result); }
  void operator()(const LookUpInput& input) const {
    settle_looked_up(worker, input.touch, input.result);
  }

  void operator()(const RecallInput& input) const { recalled(worker, input); }

  void operator()(const ReadInput& input) const {
    for (const Run& run : customer().runs) {
      for (const StepState& state : run.steps) {
        const bool looked_up = !state.talk.empty() && state.side == input.operation;
        if (!looked_up && (state.phase != Phase::reading || state.touch != input.operation))
          continue;
        const Key id = run.id;
        with_step(worker, id, state.step, [&](const StepCase& c, const StepLogic& logic) {
          if (looked_up)
            conversation_looked_up(c, input.result);
          else
            logic.read(c, input.result);
        });
        return advance(worker, id);
      }
    }
  }

  template <class Do>
  void in_conversation(const Key& key, Do work) const {
    const Touch* touch = customer().find_touch(key);
    if (!touch || !touch->open()) return;
    const Key run = touch->run;
    with_step(worker, run, touch->step, work);
    advance(worker, run);
  }
  void operator()(const HeardInput& input) const {
    in_conversation(input.touch,
                    [&](const StepCase& c, const StepLogic& logic) { logic.heard(c, input); });
  }
  void operator()(const UnderstoodInput& input) const {
    in_conversation(input.touch,
                    [&](const StepCase& c, const StepLogic& logic) { logic.understood(c, input); });
  }

  void operator()(const RecoverInput& input) const {
    std::vector<Key> open;
    for (const Touch& touch : customer().touches)
      if (touch.open()) open.push_back(touch.key);
    for (const Key& key : open) {
      const auto answered = std::find_if(input.answered.begin(), input.answered.end(),
                                         [&](const auto& one) { return one.first == key; });
      const bool untouched = std::find(input.never_begun.begin(), input.never_begun.end(), key) !=
                             input.never_begun.end();
      if (answered != input.answered.end())
        settle(worker, key, answered->second);
      else if (untouched)
        settle_never_begun(worker, key);
      else
        settle_after_crash(worker, key);
    }
    std::vector<std::pair<Key, StepIndex>> asked;
    for (const Run& run : customer().runs)
      for (const StepState& state : run.steps)
        if (state.phase == Phase::wanting || state.phase == Phase::reading)
          asked.emplace_back(run.id, state.step);
    for (const auto& [run, step] : asked) {
      with_step(worker, run, step,
                [](const StepCase& c, const StepLogic& logic) { logic.again(c); });
      advance(worker, run);
    }
    if (!customer().early->empty()) seek_again(worker);
  }

  void operator()(const SearchInput& input) const { go_on_searching(worker, input); }
  void operator()(const PageInput& input) const { take_page(worker, input); }
  void operator()(const EnteredInput& input) const { take_entered(worker, input); }
  void operator()(const FoundInput& input) const { take_found(worker, input); }
  void operator()(const TouchKnownInput& input) const { hand_on(worker, input); }
  void operator()(const HandedOnInput& input) const { handed_on(worker, input); }

  void operator()(const CommandInput& input) const {
    if (input.command == "settle")
      return settle_by_person(worker, input.touch, input.word, input.author);
    if (input.command == "migrate" || input.command == "unmigrate") return move_run(worker, input);
    if (input.command == "count") return count_for_guards(worker, input);
    if (input.command == "release") return release_held(worker, input);
    constexpr std::string_view kOfPauses[] = {"pause", "resume", "resumed"};
    if (std::ranges::find(kOfPauses, input.command) != std::end(kOfPauses))
      return command_pauses(worker, input);
    if (is_privacy_command(input.command)) return command_privacy(worker, input);
    constexpr std::string_view kOfItems[] = {"take", "resolve", "return"};
    if (std::ranges::find(kOfItems, input.command) != std::end(kOfItems))
      command_item(worker, input);
  }
};

constexpr Duration kLeastKept = days(90), kCutStep = days(10);

// The ledger keeps what the rules may look back at, and at least 90 days. It is cut in steps of ten
// days, so that a cut is rare and each one drops a lot.
void trim(Worker& worker) {
  const auto is_young = [now = worker.now()](Instant at) {
    return at >= now - kLeastKept - kCutStep;
  };
  const Customer& customer = worker.customer();
  if ((customer.touches.empty() || is_young(customer.touches.front().intended_at)) &&
      (customer.past.empty() || is_young(customer.past.front().ended_at)))
    return;
  Duration keep = std::max(kLeastKept, worker.rules().contact().longest_look_back());
  Duration keep_runs;
  bool runs_for_ever = false;
  for (const Flow* flow : worker.rules().active()) {
    keep = std::max(keep, flow->tighten.longest_look_back());
    if (flow->re_entry == ReEntry::again_after)
      keep_runs = std::max(keep_runs, flow->re_entry_after);
    runs_for_ever |=
        flow->re_entry == ReEntry::never_again || flow->re_entry == ReEntry::once_per_key;
  }
  const Instant before = worker.now() - keep;
  const Instant runs_before =
      runs_for_ever ? Instant::beginning() : worker.now() - std::max(keep, keep_runs);
  const bool old_touch =
      !customer.touches.empty() && customer.touches.front().intended_at < before - kCutStep;
  const bool old_run = !runs_for_ever && !customer.past.empty() &&
                       customer.past.front().ended_at < runs_before - kCutStep;
  if (old_touch || old_run)
    worker.write(Trimmed{before, runs_before == before ? Instant::never() : runs_before});
}

}  // namespace

void decide(Customer& customer, const Input& input, const Context& context, Decision& decision) {
  decision.clear();
  Worker worker(customer, context, decision);
  hold_runs(worker);
  std::visit(Decider{worker}, input);
  wake_outranked(worker);
  if (customer.privacy.there()) finish_erasure(worker);
  if (!decision.entry.records.empty()) trim(worker);
}

uint64_t event_hash(std::string_view tenant, std::string_view subject, std::string_view source,
                    std::string_view id) {
  return derive_hash({"event", tenant, subject, source, id});
}

uint64_t reference_hash(std::string_view channel, std::string_view provider_id) {
  return derive_hash({"ref", channel, provider_id});
}

EntryIndex index_of(const Entry& entry) {
  EntryIndex index;
  for (const Record& record : entry.records) {
    if (const auto* event = std::get_if<EventTaken>(&record)) index.seen.push_back(event->hash);
    if (const auto* settled = std::get_if<TouchSettled>(&record))
      for (uint64_t hash : settled->reference_hashes)
        index.references.emplace_back(hash, settled->key);
    if (const auto* address = std::get_if<AddressSuppressed>(&record))
      index.addresses.emplace_back(address->address, address->reason);
  }
  return index;
}

}  // namespace relance
