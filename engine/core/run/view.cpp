#include "core/run/view.h"

#include "base/random.h"
#include "base/text.h"

namespace relance {
namespace {

bool fits(const Touch& touch, const TouchFilter& filter) {
  if (!touch.reaches_customer()) return false;
  if (!filter.channel.empty() && touch.channel != filter.channel &&
      touch.channel_kind != filter.channel)
    return false;
  if (!filter.flow.empty() && touch.flow != filter.flow) return false;
  if (!filter.step.empty() && touch.step_name != filter.step) return false;
  if (!filter.outcome.empty() && touch.outcome != filter.outcome) return false;
  return !filter.since || touch.intended_at >= *filter.since;
}

// "a.b.c" -> "a", "b.c"
std::pair<std::string_view, std::string_view> head_of(std::string_view path) {
  const size_t dot = path.find('.');
  if (dot == std::string_view::npos) return {path, {}};
  return {path.substr(0, dot), path.substr(dot + 1)};
}

DocView below(DocView record, std::string_view path) {
  return path.empty() ? record : record.find_path(path);
}

}  // namespace

DocView View::keep(std::string plain) const {
  return DocView(kept_.emplace_front(std::move(plain)));
}

DocView View::event() const {
  if (!event_) event_ = opened(run_.event);
  return *event_;
}

DocView View::latest() const {
  if (run_.latest.empty()) return event();
  if (!latest_) latest_ = opened(run_.latest);
  return *latest_;
}

DocView View::profile() const {
  if (!profile_) profile_ = opened(customer_.profile);
  return *profile_;
}

DocView View::facts() const {
  if (!facts_) facts_ = opened(customer_.lookout->facts);
  return *facts_;
}

DocView View::opened(const Sealed& sealed) const {
  if (openings_) return openings_->open(sealed);
  if (!own_) own_.emplace(customer_.id);
  return own_->open(sealed);
}

DocView View::step_data(StepIndex step) const {
  static const Doc empty = Doc::empty_record();
  const StepState* state = run_.find(step);
  return state && !state->data.empty() ? opened(state->data) : empty.view();
}

std::string_view View::step_outcome(StepIndex step) const {
  const StepState* state = run_.find(step);
  return state && state->phase == Phase::ended ? std::string_view(state->word) : std::string_view{};
}

int64_t View::failures() const {
  int64_t count = run_.failures;
  for (const Touch& touch : customer_.touches)
    if (touch.run == run_.id && touch.what == TouchWhat::charge && touch.outcome == "declined")
      ++count;
  return count;
}

double View::random() const { return unit_hash({"run.random", run_.id.view()}); }

const Touch* View::last_touch(const TouchFilter& filter) const {
  for (auto it = customer_.touches.rbegin(); it != customer_.touches.rend(); ++it)
    if (fits(*it, filter)) return &*it;
  return nullptr;
}

int64_t View::count_touches(const TouchFilter& filter) const {
  int64_t count = 0;
  for (const Touch& touch : customer_.touches) count += fits(touch, filter) ? 1 : 0;
  return count;
}

bool View::remembers(Memory::Kind kind, std::string_view word) const {
  for (const Memory& memory : customer_.memory)
    if (memory.kind == kind && memory.word == word) return true;
  return false;
}

std::pair<DocView, bool> View::find_step(std::string_view path) const {
  const auto [name, rest] = head_of(path);
  const Step* step = flow_.find(name);
  if (!step) return {{}, false};
  const auto index = static_cast<StepIndex>(step - flow_.steps.data());
  const auto [what, field] = head_of(rest);
  if (what == "outcome") {
    const std::string_view word = step_outcome(index);
    return {word.empty() ? DocView{} : keep(Doc::text(word).bytes()), true};
  }
  if (what == "data") return {below(step_data(index), field), true};
  return {{}, false};
}

std::pair<DocView, bool> View::find(std::string_view path) const {
  const auto [root, rest] = head_of(path);
  if (root == "event") return {below(event(), rest), true};
  if (root == "latest") return {below(latest(), rest), true};
  if (root == "customer") return {below(profile(), rest), true};
  if (root == "facts") return {below(facts(), rest), true};
  if (root == "steps") return find_step(rest);
  if (root == "failures") return {keep(Doc::integer(failures()).bytes()), true};
  if (root == "now") return {keep(Doc::instant(now_).bytes()), true};
  return {{}, false};
}

}  // namespace relance
