#include "admin/casebook.h"

#include <algorithm>

#include "base/text.h"
#include "core/run/begin_run.h"
#include "core/run/frozen.h"

namespace relance {
namespace {

std::string key_words(const Flow& flow, DocView event) {
  std::vector<std::string> keys;
  for (const std::string& field : flow.key)
    if (const DocView value = event.find_path(field); !value.is_null())
      keys.push_back(value.text() ? std::string(*value.text()) : to_json(value));
  return join(keys, " ");
}

// As core/customer/correlate.h reaches a run, without the goal's `where`, which needs the scripts.
bool reaches_goal(const NotStartedRow& row, const Flow& flow, const EventTaken& event,
                  DocView data) {
  const auto names = [&](const EventPattern& pattern) { return pattern.type == event.type; };
  if (std::none_of(flow.goal.begin(), flow.goal.end(), names)) return false;
  const std::vector<uint64_t> hashes = key_hashes(flow, data);
  bool carries = hashes.empty();
  for (size_t i = 0; i < hashes.size() && i < row.keys.size(); ++i) {
    if (hashes[i] == 0 || row.keys[i] == 0) continue;
    if (hashes[i] != row.keys[i]) return false;
    carries = true;
  }
  return carries;
}

}  // namespace

class CasebookMaker {
 public:
  CasebookMaker(Archive& archive, Casebook& book) : archive_(archive), book_(book) {}

  void take(const Entry& entry) {
    at_ = entry.at;
    customer_ = entry.customer;
    event_ = nullptr;
    book_.from = std::min(book_.from, at_);
    book_.to = std::max(book_.to, at_);
    for (const Record& record : entry.records) std::visit([&](const auto& r) { on(r); }, record);
  }

 private:
  template <class Other>
  void on(const Other&) {}

  void on(const CustomerMet& r) {
    subjects_[customer_] = r.subject.empty() ? customer_.text() : subject_of(r.subject);
  }
  std::string subject_of(const Sealed& sealed) const {
    const Doc record = opened(customer_, sealed);
    return std::string(record.view().find("subject").text().value_or(""));
  }

  void on(const CustomerErased&) {
    profiles_.erase(customer_);
    for (const size_t n : runs_of_[customer_])
      book_.runs[n].ended_at = std::min(book_.runs[n].ended_at, at_);
  }

  // Of a history that was compacted: what the customer's state still tells.
  void on(const Base& r) {
    const auto whole = decode_snapshot(r.snapshot);
    if (!whole) return;
    on(CustomerMet{whole->subject});
    profiles_[customer_] = opened(customer_, whole->profile);
    for (const Run& run : whole->runs) {
      RunRow row = row_of(run.id, run.flow, run.version, opened(customer_, run.event));
      row.started_at = run.started_at;
      row.event_at = run.event_time;
      row.expire_at = run.expire_at;
      for (const StepState& state : run.steps) note(row, state);
      keep(std::move(row));
    }
    for (const Touch& touch : whole->touches) keep(touch, touch.intended_at);
    for (const Pause& pause : whole->lookout->pauses) on(PauseChanged{pause});
  }

  void on(const EventTaken& r) {
    event_ = &r;
    const Doc envelope = opened(customer_, r.envelope);
    const std::string_view source = envelope.view().find("source").text().value_or("");
    if (!source.starts_with("plugin:") && !source.starts_with("relance:")) ++book_.events;
    if (const auto it = book_.touch_index_.find(r.touch);
        r.touch && it != book_.touch_index_.end()) {
      TouchRow& row = book_.touches[it->second];
      row.complained |= r.type.ends_with(".complained");
      row.opted_out |= r.type.ends_with(".opted_out");
    }
    if (const auto it = held_out_.find(customer_); it != held_out_.end())
      note_return(r, it->second);
  }

  // Who is held out is not asked for his goal: what comes of him by itself is seen here.
  void note_return(const EventTaken& event, const std::vector<size_t>& rows) {
    const Doc data = opened(customer_, event.data);
    for (const size_t n : rows) {
      NotStartedRow& row = book_.not_started[n];
      const Flow* flow = archive_.flow(row.version);
      if (flow && at_ <= row.until) row.came_back |= reaches_goal(row, *flow, event, data);
    }
  }

  void on(const RunStarted& r) {
    const Doc event = !r.given.type.empty() ? opened(customer_, r.given.data)
                      : event_              ? opened(customer_, event_->data)
                                            : Doc{};
    RunRow row = row_of(r.run, r.flow, r.version, event);
    row.started_at = at_;
    row.event_at = !r.given.type.empty() ? r.given.at : event_ ? event_->time : at_;
    row.expire_at = r.expire_at;
    keep(std::move(row));
  }

  RunRow row_of(const Key& run, const std::string& flow_name, const Key& version,
                const Doc& event) {
    RunRow row;
    row.run = run;
    row.customer = customer_;
    row.version = version;
    row.subject = subjects_[customer_];
    row.flow = flow_name;
    row.status = "running";
    row.amount = event.view().find("amount").money().value_or(Money{});
    if (const auto it = segments_.find(customer_); it != segments_.end()) row.segment = it->second;
    if (const Flow* flow = archive_.flow(version)) {
      row.key = key_words(*flow, event);
      row.has_goal = !flow->goal.empty();
    }
    return row;
  }

  void keep(RunRow row) {
    book_.run_index_[row.run] = book_.runs.size();
    runs_of_[customer_].push_back(book_.runs.size());
    book_.runs.push_back(std::move(row));
  }

  void on(const ConsentChanged& r) {
    book_.consents.push_back({subjects_[customer_], at_, r.consent});
  }

  void on(const RunNotStarted& r) {
    NotStartedRow row;
    row.flow = r.flow;
    row.reason = r.reason;
    row.how = r.how;
    row.customer = customer_;
    row.version = r.version;
    row.at = row.until = at_;
    const Doc event = event_ ? opened(customer_, event_->data) : Doc{};
    row.amount = event.view().find("amount").money().value_or(Money{});
    if (const Flow* flow = archive_.flow(r.version)) {
      row.key = key_words(*flow, event);
      row.keys = key_hashes(*flow, event);
      row.until = at_ + flow->expire;
      row.has_goal = !flow->goal.empty();
    }
    if (r.how == RunEnd::holdout) held_out_[customer_].push_back(book_.not_started.size());
    book_.not_started.push_back(std::move(row));
  }

  void on(const ProfileRead& r) {
    profiles_[customer_] = opened(customer_, r.profile);
    const Doc& profile = profiles_[customer_];
    const auto segment = profile.view().find("segment").text();
    if (!segment) return;
    segments_[customer_] = *segment;
    for (const size_t n : runs_of_[customer_])
      if (std::string& known = book_.runs[n].segment; known.empty()) known = *segment;
  }

  void on(const TouchAnswered& r) {
    const auto it = book_.touch_index_.find(r.key);
    if (it != book_.touch_index_.end()) book_.touches[it->second].answered_at = r.at;
  }

  void on(const RunHeld& r) {
    if (RunRow* row = book_.find_run(r.run)) row->held = r.held ? r.reason : "";
  }

  void on(const RunShifted& r) {
    if (RunRow* row = book_.find_run(r.run)) row->expire_at = row->expire_at + r.by;
  }

  void on(const PauseChanged& r) {
    if (r.over || !r.pause.stands())
      book_.pauses.erase(r.pause.number);
    else
      book_.pauses[r.pause.number] = r.pause;
  }

  void on(const RunMoved& r) {
    RunRow* row = book_.find_run(r.run);
    if (!row) return;
    row->version = r.version;
    std::map<StepIndex, StepState> steps;
    for (auto& [step, state] : row->steps)
      if (r.to(step) != kNoStep) steps[r.to(step)] = std::move(state);
    row->steps = std::move(steps);
  }

  void on(const StepMoved& r) {
    if (RunRow* row = book_.find_run(r.run)) note(*row, r.state);
  }

  void note(RunRow& row, const StepState& state) {
    row.steps[state.step] = state;
    if (state.phase != Phase::human) return;
    row.with_person = true;
    with_person_.try_emplace({row.run, state.step}, at_);
  }

  void on(const StepEnded& r) {
    RunRow* row = book_.find_run(r.run);
    if (!row) return;
    StepState& state = row->steps[r.step];
    row->handed_off |=
        state.phase == Phase::human && r.outcome != "returned" && r.outcome != "expired";
    if (const auto it = with_person_.find({r.run, r.step}); it != with_person_.end()) {
      row->person_for = row->person_for + (at_ - it->second);
      with_person_.erase(it);
    }
    state.step = r.step;
    state.phase = Phase::ended;
    state.word = r.outcome;
    state.wake_at = Instant::never();
  }

  void on(const TouchJudged& r) {
    TouchRow row;
    row.customer = customer_;
    row.subject = subjects_[customer_];
    row.touch.run = r.run;
    row.touch.step = r.step;
    row.touch.try_no = r.try_no;
    row.touch.channel = r.channel;
    if (const RunRow* run = book_.find_run(r.run)) {
      row.touch.flow = run->flow;
      row.touch.step_name = archive_.step_name(run->version, r.step);
      const Flow* flow = archive_.flow(run->version);
      if (flow && r.step < flow->steps.size() && flow->steps[r.step].kind() == StepKind::charge)
        row.touch.what = TouchWhat::charge;
    }
    row.verdict = r.verdict;
    row.reason = r.reason;
    row.at = at_;
    book_.touches.push_back(std::move(row));
  }

  void on(const TouchIntended& r) { keep(r.touch, at_); }

  void keep(const Touch& touch, Instant intended_at) {
    TouchRow row;
    row.customer = customer_;
    row.subject = subjects_[customer_];
    row.touch = touch;
    row.touch.intended_at = intended_at;
    row.verdict = "sent";
    row.at = intended_at;
    row.reason = touch.reason.str();
    row.frozen = whole_frozen(opened(customer_, touch.held->frozen), profiles_[customer_]);
    book_.touch_index_[touch.key] = book_.touches.size();
    book_.touches.push_back(std::move(row));
  }

  void on(const TouchSettled& r) {
    const auto it = book_.touch_index_.find(r.key);
    if (it == book_.touch_index_.end()) return;
    TouchRow& row = book_.touches[it->second];
    row.touch.state = r.state;
    row.touch.outcome = r.outcome;
    row.touch.cost_micro = r.cost_micro;
    row.touch.cost_currency = r.cost_currency;
    row.touch.done_at = r.acted_at;
    row.reason = r.reason;
    row.data = opened(customer_, r.data);
    row.opted_out |= r.outcome == "opted_out";
    row.complained |= r.outcome == "complained";
  }

  void on(const RunEnding& r) {
    RunRow* row = book_.find_run(r.run);
    if (!row) return;
    row->status = run_end_name(r.how);
    row->reason = r.reason;
    row->by = r.by;
  }

  void on(const RunEnded& r) {
    if (RunRow* row = book_.find_run(r.run)) row->ended_at = at_;
  }

  Archive& archive_;
  Casebook& book_;
  Instant at_;
  Key customer_;
  const EventTaken* event_ = nullptr;
  std::map<Key, std::string> subjects_, segments_;
  std::map<Key, Doc> profiles_;  // as they were last read
  std::map<Key, std::vector<size_t>> runs_of_;
  std::map<Key, std::vector<size_t>> held_out_;               // rows of not_started
  std::map<std::pair<Key, StepIndex>, Instant> with_person_;  // since when
};

namespace {

// The step that comes next, and what it waits for.
void note_waits(Archive& archive, RunRow& row) {
  if (!row.ended_at.is_never()) return;
  if (!row.held.empty()) {
    row.waiting_for = row.held;
    return;
  }
  for (const auto& [step, state] : row.steps) {
    if (state.phase == Phase::ended) continue;
    std::string waits =
        archive.step_name(row.version, step) + ": " + std::string(phase_name(state.phase));
    if (state.phase == Phase::held) waits += " (" + state.word.str() + ")";
    if (!row.waiting_for.empty() && state.wake_at >= row.next_at) continue;
    row.waiting_for = std::move(waits);
    row.next_at = state.wake_at;
  }
}

}  // namespace

RunRow* Casebook::find_run(const Key& run) {
  const auto it = run_index_.find(run);
  return it == run_index_.end() ? nullptr : &runs[it->second];
}
const RunRow* Casebook::find_run(const Key& run) const {
  const auto it = run_index_.find(run);
  return it == run_index_.end() ? nullptr : &runs[it->second];
}

Result<Casebook> make_casebook(Archive& archive) {
  Casebook book;
  CasebookMaker maker(archive, book);
  auto read = archive.each_entry([&](const StoredEntry&, const Entry& entry) {
    maker.take(entry);
    return true;
  });
  if (!read) return read.error();
  for (RunRow& row : book.runs) note_waits(archive, row);
  return book;
}

}  // namespace relance
