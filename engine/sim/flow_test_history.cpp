#include "sim/flow_test_history.h"

#include <algorithm>

#include "core/run/talk_state.h"
#include "core/state/apply.h"
#include "core/state/opened.h"

namespace relance {

struct FlowTestHistory::Place {
  Instant at;
  const EventTaken* event = nullptr;
};

Status FlowTestHistory::read(StoreReader& reader) {
  Status decoded;
  auto visited = reader.entries(next_, UINT64_MAX, [&](const StoredEntry& stored) {
    auto entry = decode_entry(stored.body);
    if (!entry) {
      decoded = entry.error();
      return false;
    }
    take(stored.customer, *entry);
    next_ = stored.position + 1;
    return true;
  });
  return visited ? decoded : visited;
}

void FlowTestHistory::take(const Key& id, const Entry& entry) {
  Customer& customer = customers_[id];
  customer.id = id;
  Place place{entry.at, nullptr};
  for (const Record& record : entry.records) {
    if (const auto* event = std::get_if<EventTaken>(&record)) place.event = event;
    apply(customer, record, {place.at, place.event});
    note(record, customer, place);
  }
}

void FlowTestHistory::note(const Record& record, Customer& customer, const Place& place) {
  const uint64_t event = place.event ? place.event->hash : 0;
  if (const auto* started = std::get_if<RunStarted>(&record)) {
    stories_[started->run].customer = customer.id;
    order_.push_back(started->run);
    if (!started->by) fates_[event].push_back({started->flow, started->run, RunEnd::none, ""});
  } else if (const auto* joined = std::get_if<RunJoined>(&record)) {
    if (const Run* run = customer.find_run(joined->run))
      fates_[event].push_back({run->flow, run->id, RunEnd::none, ""});
  } else if (const auto* not_started = std::get_if<RunNotStarted>(&record)) {
    fates_[event].push_back({not_started->flow, {}, not_started->how, not_started->reason});
  } else if (const auto* moved = std::get_if<StepMoved>(&record)) {
    note_step(moved->run, moved->state);
  } else if (const auto* ended = std::get_if<StepEnded>(&record)) {
    note_end(*ended, customer);
  } else if (const auto* judged = std::get_if<TouchJudged>(&record)) {
    TouchStory told;
    told.touch.channel = judged->channel;
    told.touch.step = judged->step;
    told.touch.try_no = judged->try_no;
    told.touch.reason = judged->reason;
    told.verdict = judged->verdict;
    stories_[judged->run].touches.push_back(std::move(told));
  } else if (const auto* intended = std::get_if<TouchIntended>(&record);
             intended && !intended->touch.of_customer()) {
    TouchStory told{intended->touch, ""};
    told.touch.intended_at = place.at;
    stories_[intended->touch.run].touches.push_back(std::move(told));
  } else if (const auto* settled = std::get_if<TouchSettled>(&record)) {
    note_touch(settled->key, customer);
  } else if (const auto* ending = std::get_if<RunEnding>(&record)) {
    RunStory& story = stories_[ending->run];
    story.end = ending->how;
    story.reason = ending->reason;
    story.ended_at = place.at;
  }
  // A run that has ended is the customer's no longer: its story keeps it as it was last seen.
  for (const Run& run : customer.runs) stories_[run.id].run = run;
}

void FlowTestHistory::note_step(const Key& run, const StepState& state) {
  if (state.phase != Phase::human) return;
  RunStory& story = stories_[run];
  story.packets[state.step] = opened(story.customer, state.data);
}

void FlowTestHistory::note_end(const StepEnded& ended, const Customer& customer) {
  RunStory& story = stories_[ended.run];
  story.ended.push_back(ended.step);
  if (ended.outcome == "cancelled") story.cancelled.insert(ended.step);
  story.reasons[ended.step] = ended.reason;
  const Run* run = customer.find_run(ended.run);
  const Step* step = run ? step_of(*run, ended.step) : nullptr;
  const auto* record = step ? std::get_if<RecordStep>(&step->body) : nullptr;
  if (!record || ended.outcome != "written") return;
  const StepState* state = run->find(ended.step);
  story.facts.emplace_back(record->what, opened(customer.id, state->data));
}

void FlowTestHistory::note_touch(const Key& key, const Customer& customer) {
  const Touch* touch = customer.find_touch(key);
  if (!touch || touch->of_customer()) return;
  auto& told = stories_[touch->run].touches;
  const auto same = std::find_if(told.begin(), told.end(), [&](const TouchStory& one) {
    return one.verdict.empty() && one.touch.key == key;
  });
  if (same != told.end()) same->touch = *touch;
}

const Step* FlowTestHistory::step_of(const Run& run, StepIndex step) const {
  const Flow* flow = rules_.flow(run.version);
  return flow && step < flow->steps.size() ? &flow->steps[step] : nullptr;
}

const RunStory* FlowTestHistory::find(const Key& run) const {
  const auto found = stories_.find(run);
  return found == stories_.end() ? nullptr : &found->second;
}

std::vector<FlowEventFate> FlowTestHistory::fates(uint64_t event_hash) const {
  const auto found = fates_.find(event_hash);
  return found == fates_.end() ? std::vector<FlowEventFate>{} : found->second;
}

const Customer* FlowTestHistory::customer(const Key& id) const {
  const auto found = customers_.find(id);
  return found == customers_.end() ? nullptr : &found->second;
}

const RunStory* FlowTestHistory::reader_of(const Key& customer, const Key& operation) const {
  const Customer* known = this->customer(customer);
  if (!known) return nullptr;
  for (const Run& run : known->runs)
    for (const StepState& state : run.steps)
      if (state.touch == operation || state.side == operation) return find(run.id);
  return nullptr;
}

const Turn* FlowTestHistory::turn_of(const Key& customer, const Key& touch) const {
  const Customer* known = this->customer(customer);
  if (!known) return nullptr;
  for (const Run& run : known->runs) {
    for (const StepState& state : run.steps) {
      if (state.touch != touch || state.talk.empty()) continue;
      const Step* step = step_of(run, state.step);
      const auto* send = step ? std::get_if<SendStep>(&step->body) : nullptr;
      const TalkScript* script =
          send ? rules_.script(*rules_.flow(run.version), send->script) : nullptr;
      if (!script) return nullptr;
      const Doc talk = opened(customer, state.talk);
      const StepIndex turn = TalkState::from_doc(talk, script->turns.size()).turn;
      return turn < script->turns.size() ? &script->turns[turn] : nullptr;
    }
  }
  return nullptr;
}

}  // namespace relance
