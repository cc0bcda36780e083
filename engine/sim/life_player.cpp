#include "sim/life_player.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/customer/decide.h"
#include "core/run/human_item.h"
#include "core/state/apply.h"
#include "sim/flow_test_customer.h"

namespace relance {
namespace {

constexpr int kMostInputs = 20'000;
constexpr const char* kSubject = "c-1";

enum What : uint64_t { kOrder = 1, kSlot, kAnswer, kLookUp, kRead, kPerson, kProfile };

bool given_by_channel(std::string_view word) {
  for (std::string_view own : {"skipped", "denied", "late", "responded", "ignored", "unreached"})
    if (word == own) return false;
  return true;
}

OperationStatus status_of(std::string_view word) {
  if (word == "failed") return OperationStatus::failed;
  const bool refused = word == "declined" || word == "refused" || word == "needs_customer";
  return refused ? OperationStatus::refused : OperationStatus::done;
}

std::string step_name(const Rules& rules, const Customer& customer, const Key& id, StepIndex step) {
  const Run* run = customer.find_run(id);
  const Flow* flow = run ? rules.flow(run->version) : nullptr;
  return flow && step < flow->steps.size() ? flow->name + "." + flow->steps[step].name : "a step";
}

}  // namespace

LifePlayer::LifePlayer(const Bundle& bundle, const Rules& rules, const Life& life, bool tell)
    : bundle_(bundle), rules_(rules), life_(life), telling_(tell), now_(life.from) {
  customer_.id = customer_key(rules.tenant(), kSubject);
}

Played LifePlayer::play() {
  queue_events();
  for (int n = 0; n < kMostInputs && played_.breaches.empty(); ++n) {
    const Instant due = customer_.next_due();
    const Instant next = items_.empty() ? due : std::min(due, items_.top().at);
    if (next > life_.to) break;
    now_ = std::max(now_, next);
    const bool item = !items_.empty() && items_.top().at <= now_;
    if (due <= now_ && (!item || dice(static_cast<uint64_t>(now_.ms), kOrder).percent(50))) {
      feed(DueInput{});
      continue;
    }
    Item one = items_.top();
    items_.pop();
    if (auto* event = std::get_if<EventInput>(&one.input); event && one.about_touch) {
      const auto latest = std::find_if(customer_.touches.rbegin(), customer_.touches.rend(),
                                       [](const Touch& touch) { return touch.is_contact(); });
      if (latest == customer_.touches.rend()) continue;
      event->touch = latest->key;
    }
    feed(one.input);
  }
  return std::move(played_);
}

void LifePlayer::queue_events() {
  for (const Happening& one : life_.events) {
    EventInput event;
    event.id = std::to_string(one.number);
    event.source = "made-up";
    event.type = one.type;
    event.subject = kSubject;
    event.time = one.time;
    event.data = one.data;
    event.hash = event_hash(rules_.tenant(), kSubject, event.source, event.id);
    const uint64_t order = dice(static_cast<uint64_t>(one.number), kOrder).next();
    items_.push({one.told_at, order, std::move(event), one.about_touch});
  }
}

void LifePlayer::later(Duration after, uint64_t about, Input input) {
  const uint64_t order = dice(about, kOrder).next();
  items_.push({now_ + after, order, std::move(input), false});
}

void LifePlayer::feed(const Input& input) {
  if (const auto* event = std::get_if<EventInput>(&input)) {
    ++played_.events;
    const std::string late =
        event->time < now_ ? " (of " + format_instant(event->time) + ")" : std::string();
    tell("event " + event->type + " " + to_json(event->data) + late);
  }
  const Context context{now_, now_.ms, installation_, rules_, *this, *this, false};
  decide(customer_, input, context, decision_);
  if (!decision_.entry.records.empty()) {
    finish_entry(customer_, now_, "");
    note();
    const AuditRules rules{rules_.contact(),
                           [this](const Key& version) { return rules_.flow(version); }};
    audit_.take(decision_.entry, rules, played_.breaches);
  }
  const std::vector<Effect> effects = std::move(decision_.effects);
  for (const Effect& effect : effects) follow(effect);
}

// What was written: for the story, for the counts, and for the people.
void LifePlayer::note() {
  for (const Record& record : decision_.entry.records) {
    if (const auto* intended = std::get_if<TouchIntended>(&record)) {
      const Touch& touch = intended->touch;
      if (!touch.reaches_customer()) continue;
      ++(touch.is_contact() ? played_.contacts : played_.charges);
      tell(fmt::format("{} {}.{} leaves over {}", touch.is_contact() ? "contact" : "charge",
                       touch.flow.view(), touch.step_name.view(), touch.channel.view()));
    } else if (const auto* judged = std::get_if<TouchJudged>(&record)) {
      ++(judged->verdict == "held" ? played_.put_off : played_.refused);
      if (telling_)
        tell(fmt::format("{} is {}: {}", step_name(rules_, customer_, judged->run, judged->step),
                         judged->verdict, judged->reason));
    } else if (const auto* settled = std::get_if<TouchSettled>(&record)) {
      const Touch* touch = telling_ ? customer_.find_touch(settled->key) : nullptr;
      if (touch && touch->reaches_customer() && !settled->outcome.empty())
        tell(fmt::format("{}.{} ends {}", touch->flow.view(), touch->step_name.view(),
                         settled->outcome));
    } else if (const auto* address = std::get_if<AddressSuppressed>(&record)) {
      suppressed_[address->address] = address->reason;
    } else if (const auto* lease = std::get_if<LeaseChanged>(&record)) {
      tell(lease->held ? "the case is a person's" : "the person is done");
      resolve_later(*lease);
    } else if (const auto* ending = std::get_if<RunEnding>(&record); ending && telling_) {
      const Run* run = customer_.find_run(ending->run);
      if (run) tell(fmt::format("the run of {} ends: {}", run->flow, ending->reason));
    }
  }
}

void LifePlayer::tell(const std::string& line) {
  if (telling_) played_.story.push_back(format_instant(now_) + "  " + line);
}

// --- the world

bool LifePlayer::take(const Want& want) {
  return dice(want.run.high() + want.step, kSlot + static_cast<uint64_t>(now_.ms)).percent(60);
}

std::string LifePlayer::reason(uint64_t address) const {
  const auto found = suppressed_.find(address);
  return found == suppressed_.end() ? std::string() : found->second;
}

void LifePlayer::follow(const Effect& effect) {
  if (const auto* want = std::get_if<Want>(&effect)) {
    Dice chance = dice(want->run.high() + want->step, kSlot);
    later(chance.span(hours(6)), want->run.high() + want->step,
          SlotInput{want->run, want->step, want->try_no, want->channel});
  } else if (const auto* send = std::get_if<Send>(&effect)) {
    answer(send->touch, false);
  } else if (const auto* look_up = std::get_if<LookUp>(&effect)) {
    answer(look_up->touch, true);
  } else if (const auto* asked = std::get_if<Read>(&effect)) {
    read(*asked);
  }
}

void LifePlayer::answer(const Touch& touch, bool looked_up) {
  Dice chance = dice(touch.key.high(), looked_up ? kLookUp : kAnswer);
  const Duration after = chance.span(hours(3));
  OperationResult result;
  if (looked_up && chance.percent(30))
    result.status = OperationStatus::absent;
  else
    result = result_of(touch, chance);
  result.acted_at = now_;
  if (looked_up)
    later(after, touch.key.high(), LookUpInput{touch.key, std::move(result)});
  else
    later(after, touch.key.high(), ResultInput{touch.key, std::move(result)});
}

OperationResult LifePlayer::result_of(const Touch& touch, Dice& chance) const {
  OperationResult result;
  result.wire = Wire::answered;
  if (chance.percent(4)) {
    result.status = OperationStatus::not_now;
    result.wire = Wire::not_sent;
    return result;
  }
  if (chance.percent(4)) {
    result.status = OperationStatus::unknown;
    result.wire = Wire::maybe;
    return result;
  }
  result.word = word_of(touch, chance);
  result.status = status_of(result.word);
  return result;
}

std::string LifePlayer::word_of(const Touch& touch, Dice& chance) const {
  if (touch.what == TouchWhat::operation) return "done";
  if (touch.what == TouchWhat::offer) return chance.percent(75) ? "delivered" : "failed";
  const bool written = touch.channel_kind == "email" || touch.channel_kind == "sms";
  if (written && chance.percent(75)) return "delivered";
  const Run* run = customer_.find_run(touch.run);
  const Flow* flow = run ? rules_.flow(run->version) : nullptr;
  std::vector<std::string> words;
  if (flow && touch.step < flow->steps.size())
    for (const std::string& word : flow->steps[touch.step].outcomes)
      if (given_by_channel(word)) words.push_back(word);
  if (words.empty()) return "failed";
  return words[chance.below(words.size())];
}

void LifePlayer::read(const Read& read) {
  // By when it is asked for, not by its id, which every earlier entry has changed.
  Dice chance = dice(static_cast<uint64_t>(now_.ms) + read.what.size(), kRead);
  OperationResult result;
  result.wire = Wire::answered;
  result.status = chance.percent(4)   ? OperationStatus::not_now
                  : chance.percent(4) ? OperationStatus::absent
                                      : OperationStatus::done;
  result.acted_at = now_;
  if (result.status == OperationStatus::done) {
    Dice person = dice(0, kProfile);
    std::vector<std::pair<std::string, Doc>> told;
    const char* zones[] = {"Europe/Paris", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe"};
    told.emplace_back("timezone", Doc::text(zones[person.below(std::size(zones))]));
    if (person.percent(10)) told.emplace_back("phone", Doc::boolean(false));
    if (person.percent(10)) told.emplace_back("email", Doc::boolean(false));
    for (const Flow* flow : rules_.active()) {
      if (!flow->recheck || flow->recheck->what != read.what) continue;
      for (const std::string& field : {flow->recheck->goal, flow->recheck->stop})
        if (!field.empty()) told.emplace_back(field, Doc::boolean(chance.percent(5)));
    }
    std::vector<std::string> needs;
    for (const Run& run : customer_.runs) {
      const Flow* flow = rules_.flow(run.version);
      for (const StepState& state : run.steps)
        if (const auto* fetch = std::get_if<FetchStep>(&flow->steps[state.step].body))
          needs.insert(needs.end(), fetch->need.begin(), fetch->need.end());
    }
    result.data = crm_record(Doc::record(told), kSubject, needs, bundle_);
  }
  later(chance.percent(50) ? Duration{} : chance.span(hours(2)), read.operation.high(),
        ReadInput{read.operation, std::move(result)});
}

void LifePlayer::resolve_later(const LeaseChanged& changed) {
  const bool opens = changed.held && changed.lease.by.empty() && changed.lease.offers == 0;
  const Run* run = opens ? customer_.find_run(changed.lease.run) : nullptr;
  const Flow* flow = run ? rules_.flow(run->version) : nullptr;
  const auto* handoff =
      flow ? std::get_if<HandoffStep>(&flow->steps[changed.lease.step].body) : nullptr;
  if (!handoff) return;
  Dice chance = dice(changed.lease.run.high() + changed.lease.step, kPerson);
  CommandInput command;
  command.command = "resolve";
  command.author = "somebody";
  command.item = item_key(customer_.id, changed.lease.run, changed.lease.step);
  command.word =
      handoff->words.empty() ? "resolved" : handoff->words[chance.below(handoff->words.size())];
  later(chance.span(days(2)), changed.lease.run.high(), command);
  if (!chance.percent(40)) return;  // others take it first, and may forget it
  command.command = "take";
  later(chance.span(hours(6)), changed.lease.run.high() + 1, std::move(command));
}

}  // namespace relance
